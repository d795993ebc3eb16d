"""Behaviour of scripts: the site's for who has none, the inventory's for whom it names."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._cyrus.scripts import (
    Link,
    Person,
    Scripts,
    diff,
    parse_scripts,
    plan_links,
    wanted_files,
)

TOP = "/var/spool/sieve"
FOLDER = f"{TOP}/uuid/a/b/abc"
SITE = "../../../../postern/site.bc"
OWN = "../../../../postern/a@x.bc"
ALL = Scripts(("a@x",), "keep;", {})


def target(scripts: Scripts, active: str, has_scripts: bool = False) -> str | None:
    person = Person(FOLDER, active, has_scripts)
    links = plan_links(scripts, {"a@x": person}, TOP)
    return links[0].target if links else active


@pytest.mark.parametrize(
    ("active", "has_scripts", "expected"),
    [
        ("", False, SITE),
        (SITE, False, SITE),
        ("mine.bc", True, "mine.bc"),
        ("", True, ""),  # who has switched all scripts off means it
        (SITE, True, SITE),
        (OWN, True, SITE),  # the inventory has let go
    ],
)
def test_the_sites_script_is_for_people_who_have_none(
    active: str, has_scripts: bool, expected: str
) -> None:
    assert target(ALL, active, has_scripts) == expected


@pytest.mark.parametrize("active", ["", SITE, "mine.bc", OWN])
def test_a_script_of_the_inventory_holds_whatever_the_person_has(active: str) -> None:
    assert target(Scripts(("a@x",), "keep;", {"a@x": "stop;"}), active, True) == OWN


def test_without_a_script_of_the_site_its_links_go() -> None:
    links = plan_links(Scripts(("a@x",)), {"a@x": Person(FOLDER, SITE)}, TOP)
    assert links == [Link("a@x", f"{FOLDER}/defaultbc", None)]


def test_scripts_that_leave_the_inventory_leave_the_host() -> None:
    files = wanted_files(ALL, {"site": b"code"}, ["site.bc", "b@x.bc", "b@x.script"], TOP)
    gone = {path for path, file in files.items() if file is None}
    assert gone == {f"{TOP}/postern/b@x.bc", f"{TOP}/postern/b@x.script"}
    kept = files[f"{TOP}/postern/site.bc"]
    assert kept is not None
    assert (kept.content, kept.owner) == (b"code", "cyrus")


def test_who_has_no_mailbox_and_what_is_empty_is_refused() -> None:
    raw = {"people": ["alice@x"], "scripts": {"alise@x": "keep;", "alice@x": " \n"}}
    found = "\n".join(str(problem) for problem in parse_scripts(raw)[1])
    assert 'scripts.alise@x: has no mailbox here; did you mean "alice@x"?' in found
    assert "scripts.alice@x: is empty" in found


def test_the_diff_says_whose_script_holds() -> None:
    person = {"a@x": Person(FOLDER, "mine.bc", True)}
    shown = diff([Link("a@x", f"{FOLDER}/defaultbc", OWN)], person)
    assert shown["before"] == "a@x: mine, the person's own\n"
    assert shown["after"] == "a@x: a@x, of the inventory\n"
