"""Ways from alias to alias: loops are found in any graph, and every end is."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

from ansible_collections.postern.mail.plugins.module_utils._site.lists import Lists
from ansible_collections.postern.mail.plugins.module_utils._site.ways import (
    all_ways,
    ends_of,
    find_loops,
    shown_loop,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of
from hypothesis import given
from hypothesis import strategies as st


def test_mail_ends_where_the_inventory_or_a_list_lets_it_end() -> None:
    lists = Lists({b"team": b"alice, chief@example.net, me@example.com", b"alice": b"alice"})
    site = replace(
        site_of(good(mail_aliases={"chief@example.net": ["carol", "team"]})), lists=lists
    )
    assert ends_of("team@example.net", all_ways(site)) == {
        "alice@example.org",
        "carol@example.org",
        "me@example.com",
    }
    assert ends_of("nobody@example.org", all_ways(site)) == {"nobody@example.org"}


def test_each_loop_is_found_once_and_from_its_first_name_on() -> None:
    graph = {
        "c": ("a",),
        "a": ("b", "x"),
        "b": ("c",),
        "self": ("self",),
        "in": ("a",),
        "x": ("y",),
        "end": ("x", "y"),
    }
    assert find_loops(graph) == [("a", "b", "c"), ("self",)]


def test_a_long_loop_is_shown_by_its_beginning() -> None:
    assert shown_loop(("a", "b")) == "leads back to itself: a -> b -> a"
    shown = shown_loop(tuple(f"n{number}" for number in range(300)))
    assert shown.endswith("n8 -> n9 -> (290 more) -> n0")


def test_two_ways_to_one_end_are_no_loop() -> None:
    assert find_loops({"a": ("b", "c"), "b": ("d",), "c": ("d",), "d": ("e",)}) == []


def test_a_chain_of_ten_thousand_is_walked_without_recursion() -> None:
    graph = {f"n{number}": (f"n{number + 1}",) for number in range(10_000)}
    assert find_loops(graph) == []
    assert len(find_loops({**graph, "n10000": ("n0",)})[0]) == 10_001


NODES = st.sampled_from("abcdef")


@given(st.dictionaries(NODES, st.lists(NODES, max_size=3).map(tuple)))
def test_a_graph_has_a_loop_exactly_when_some_name_leads_back_to_itself(
    graph: dict[str, tuple[str, ...]],
) -> None:
    reach = {name: set(targets) for name, targets in graph.items()}
    for _round in graph:
        for targets in reach.values():
            targets.update(*[reach.get(name, set()) for name in list(targets)])
    on_loops = {name for name in graph if name in reach[name]}
    loops = find_loops(graph)
    assert bool(loops) == bool(on_loops)
    assert {name for loop in loops for name in loop} <= on_loops
    for loop in loops:
        for here, following in zip(loop, (*loop[1:], loop[0]), strict=True):
            assert following in graph[here]
