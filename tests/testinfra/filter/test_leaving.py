"""A site that wants its mail searched no more: what waited for the filter is delivered, once."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dialogues.filtering import ALICE, CAROL, KEEPER, Filtered, plain
from dialogues.mail import BOB
from dialogues.outside import busy
from dialogues.scenario import Scenario, changed, wait_for

UNITS = ("amavis", "amavisd-milter", "clamav-daemon")
PROGRAM = "/usr/sbin/postsuper"
BROKEN = f"""#!/bin/sh
case " $* " in *" -r "*) echo no queue >&2; exit 1;; esac
exec {PROGRAM}.true "$@"
"""
JOURNAL: dict[str, Any] = {"mail_journal": KEEPER}


@pytest.fixture
def host(scenario: Scenario, tmp_path: Path) -> Iterator[Filtered]:
    """The host with Postfix, with a copy of each message in the journal."""
    (tmp_path / "journal").mkdir()
    said = scenario.playbook(changed(tmp_path / "journal", "mail", **JOURNAL), "--limit=mail")
    assert said.rc == 0, said.text
    yield Filtered(scenario, "mail")
    back = scenario.playbook("--limit=mail")
    assert back.rc == 0, back.text


@pytest.fixture
def busy_outside(scenario: Scenario) -> Iterator[Callable[[], None]]:
    """The world outside refuses for now, until the test says otherwise or ends."""
    with busy(scenario) as free:
        yield free


@pytest.fixture
def broken_postsuper(scenario: Scenario) -> Iterator[Callable[[], None]]:
    """Postfix' program that queues again fails, until the test mends it or ends."""
    put = f"cat > {PROGRAM}.false; chmod 0755 {PROGRAM}.false; mv {PROGRAM} {PROGRAM}.true"
    said = scenario.run("mail", "sh", "-ec", f"{put}; mv {PROGRAM}.false {PROGRAM}", stdin=BROKEN)
    assert said.rc == 0, said.text

    def mend() -> None:
        scenario.shell("mail", f"[ ! -e {PROGRAM}.true ] || mv {PROGRAM}.true {PROGRAM}")

    yield mend
    mend()


def outside_has(scenario: Scenario, token: str) -> int:
    """Return how often a message has come to the stranger."""
    said = scenario.run("outside", "grep", "-rlF", token, "/home/bob/Maildir")
    return len(said.text.split())


def test_what_waits_for_a_filter_that_leaves_is_delivered_and_nothing_is_copied_again(
    host: Filtered,
    busy_outside: Callable[[], None],
    broken_postsuper: Callable[[], None],
    tmp_path: Path,
) -> None:
    scenario = host.scenario
    searched = host.submits(plain("Searched, copied, and waits for the world outside."), BOB)
    host.delivers(KEEPER, searched)
    wait_for("it waits", lambda: host.kept(searched))
    scenario.shell("mail", "systemctl stop amavis")
    token = host.takes(plain("Waits for nobody."), ALICE, CAROL)
    wait_for("it waits", lambda: host.kept(token))
    without = changed(tmp_path, "mail", mail_filter={}, **JOURNAL)

    failed = scenario.playbook(without, "--limit=mail")
    assert failed.rc != 0
    assert "what waits for a former filter can't be queued again" in failed.text
    assert "no queue" in failed.text
    broken_postsuper()
    said = scenario.playbook(without, "--limit=mail")
    assert said.rc == 0, said.text

    busy_outside()
    wait_for("it has left", lambda: outside_has(scenario, searched) and not host.kept(searched))
    for person in (ALICE, CAROL, KEEPER):
        host.delivers(person, token)
    assert len(host.of(KEEPER, searched)) == len(host.of(KEEPER, token)) == 1
    assert outside_has(scenario, searched) == 1
    for unit in UNITS:
        assert scenario.run("mail", "systemctl", "is-active", unit).rc != 0, unit
    left = scenario.run("mail", "sh", "-c", "ls /etc/systemd/system/postern-*filter* 2>&1")
    assert left.rc != 0, left.text
    silent = scenario.playbook(without, "--limit=mail")
    assert silent.changed == {"mail": 0}, silent.text
