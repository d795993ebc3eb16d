"""The part is read back as it was written, and what others wrote stays as it is."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers.model import (
    Rule,
    parse_openings,
)
from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers.parse import (
    BEGIN,
    END,
    parse,
    without_part,
)
from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers.render import (
    render,
    with_part,
)
from hypothesis import given
from hypothesis import strategies as st

_networks = st.one_of(
    st.ip_addresses(v=4).map(lambda address: f"{address}/32"),
    st.ip_addresses(v=6).map(str),
    st.sampled_from(["10.20.0.0/16", "2001:db8::/32", "192.0.2.0/25"]),
)
_openings = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["imaps", "pop3s", "sendmail"]),
            "sources": st.just("everyone") | st.lists(_networks, max_size=4),
        }
    ),
    max_size=6,
)
_others = st.text(
    st.characters(codec="ascii", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e"), max_size=80
)


@given(_openings)
def test_what_is_written_is_read_back(openings: list[dict[str, object]]) -> None:
    rules, problems = parse_openings(openings, [])
    assert not problems
    assert parse(render(rules)) == rules


@given(_openings, _others)
def test_a_second_run_changes_nothing_and_no_rules_leave_nothing(
    openings: list[dict[str, object]], others: str
) -> None:
    rules, _problems = parse_openings(openings, [])
    text = with_part(others, rules)
    assert with_part(text, rules) == text
    assert with_part(text, ()) == others


def test_rules_of_others_are_not_ours() -> None:
    assert parse(f"sshd: ALL\n{BEGIN}\nimaps: ALL\n{END}\nsendmail: all\n") == (Rule("imaps"),)


def test_a_part_that_has_lost_its_end_takes_no_more_with_it_than_its_block() -> None:
    assert without_part(f"{BEGIN}\nimaps: ALL\n\nsshd: ALL\n") == "\nsshd: ALL\n"
