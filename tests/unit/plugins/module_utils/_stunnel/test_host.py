"""Behaviour on a host, its programs played: rehearsal, order of the steps, and the way back."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core import units
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._core.plan import Plan
from ansible_collections.postern.mail.plugins.module_utils._stunnel import host
from ansible_collections.postern.mail.plugins.module_utils._stunnel.steps import (
    Present,
    Routing,
    Steps,
    Verb,
)
from ansible_collections.postern.mail.tests.unit.stunnels import IMAPS, instance

LISTENING = 'LISTEN 0 4096 0.0.0.0:993 0.0.0.0:* users:(("stunnel4",pid=7,fd=9))\n'
ACTIVE = "ActiveState=active\nUnitFileState=enabled\nMainPID=7\n"
BOTH = Routing(active=True, table=True, families=frozenset({4, 6}))


class Programs:
    """Plays the host's programs: answers by the beginning of a command, remembers all of them."""

    def __init__(self, answers: dict[str, tuple[int, str]] | None = None) -> None:
        self.answers = {"systemctl show": (0, ACTIVE), "ss": (0, LISTENING), **(answers or {})}
        self.said: list[str] = []
        self.stdin = ""

    def run(self, argv: Sequence[str], *, stdin: str = "", **_other: Any) -> Outcome:
        line = " ".join(argv)
        self.said.append(line)
        self.stdin = stdin or self.stdin
        for start, (rc, out) in self.answers.items():
            if line.startswith(start):
                return Outcome(tuple(argv), rc, out, "")
        return Outcome(tuple(argv), 0, "", "")

    @property
    def actions(self) -> list[str]:
        """What was done, without what was only asked."""
        asked = ("systemctl show", "ss ", "journalctl")
        return [line for line in self.said if not line.startswith(asked)]


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Programs:
    played = Programs()
    monkeypatch.setattr(host, "run", played.run)
    monkeypatch.setattr(units, "run", played.run)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return played


def steps(routing: Verb = Verb.KEEP, daemon: Verb = Verb.KEEP, enable: bool = False) -> Steps:
    return Steps(Plan(), routing, daemon, enable)


def test_a_reloaded_daemon_is_waited_for(programs: Programs) -> None:
    host.converge(instance(IMAPS), steps(daemon=Verb.RELOAD), Present({}, active=True))
    assert programs.actions == ["systemctl reload stunnel@postern.service"]
    assert programs.said[-1].startswith("ss")


def test_routing_comes_before_the_daemon_and_other_families_leave_last(programs: Programs) -> None:
    host.converge(instance(IMAPS), steps(Verb.START, Verb.START, enable=True), Present({}))
    done = programs.actions
    assert done[:3] == [
        "systemctl reload-or-restart postern-stunnel-routing.service",
        "systemctl start stunnel@postern.service",
        "systemctl enable --quiet stunnel@postern.service",
    ]
    assert all("-6" in line for line in done[3:])


def test_without_services_the_daemon_stops_before_its_routing(programs: Programs) -> None:
    host.converge(None, steps(Verb.STOP, Verb.STOP), Present({}, BOTH, active=True))
    assert programs.actions[:2] == [
        "systemctl disable --quiet --now stunnel@postern.service",
        "systemctl stop postern-stunnel-routing.service",
    ]
    assert "/usr/sbin/nft delete table inet postern_stunnel" in programs.actions


def test_a_daemon_that_dies_is_stopped_again_and_quoted(programs: Programs) -> None:
    programs.answers["systemctl show"] = (0, "ActiveState=activating\nMainPID=0\n")
    journal = (
        "2026.11.23 05:20:45 LOG3[ui]: No trusted certificates found\n"
        "2026.11.23 05:20:45 LOG5[ui]: Binding service [x] to 0.0.0.0:993: Address in use (98)\n"
        "2026.11.23 05:20:45 LOG3[ui]: Binding service [x] failed\n"
        "2026.11.23 05:20:46 LOG3[ui]: Binding service [x] failed\n"
        "2026.11.23 05:20:46 LOG5[ui]: Terminated\n"
    )
    programs.answers["journalctl"] = (0, journal)
    with pytest.raises(Refused) as refused:
        host.converge(instance(IMAPS), steps(daemon=Verb.START), Present({}))
    assert str(refused.value).splitlines() == [
        "stunnel does not come to listen on 0.0.0.0:993:",
        "LOG5[ui]: Binding service [x] to 0.0.0.0:993: Address in use (98)",
        "LOG3[ui]: Binding service [x] failed",
    ]
    assert programs.actions[-2:] == [
        "systemctl stop stunnel@postern.service",
        "systemctl reset-failed stunnel@postern.service",
    ]


def test_a_refused_reload_is_taken_back_by_a_reload(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "PATIENCE_SECONDS", 0)
    present = Present({}, BOTH, True, True, instance(IMAPS).endpoints)
    programs.answers["journalctl"] = (0, "LOG3[ui]: no\n")
    other = instance(replace(IMAPS, accept=IMAPS.accept._replace(port=994)))
    with pytest.raises(Refused, match="LOG3"):
        host.converge(other, steps(Verb.RELOAD, Verb.RELOAD), present)
    assert programs.actions == [
        "systemctl reload-or-restart postern-stunnel-routing.service",
        "systemctl reload stunnel@postern.service",
        "systemctl reload-or-restart postern-stunnel-routing.service",
        "systemctl reload stunnel@postern.service",
    ]


def test_a_unit_that_does_not_start_is_refused_with_its_journal(programs: Programs) -> None:
    programs.answers["systemctl reload-or-restart"] = (1, "Job failed")
    programs.answers["journalctl"] = (0, "nft: Operation not permitted")
    with pytest.raises(Refused, match="Operation not permitted"):
        host.converge(instance(IMAPS), steps(Verb.START, Verb.START), Present({}))


def test_what_is_there_is_read(programs: Programs) -> None:
    programs.answers["/usr/sbin/ip -6"] = (0, "")
    programs.answers["/usr/sbin/ip -4"] = (0, "28781: from all fwmark 0x706d lookup 28781")
    present = host.read_host()
    assert present.active
    assert present.enabled
    assert present.listening == instance(IMAPS).endpoints
    assert present.routing == Routing(True, True, frozenset({4}))


def test_a_host_without_any_of_it_has_nothing(programs: Programs) -> None:
    programs.answers = {"systemctl show": (0, "ActiveState=inactive\n"), "/usr": (127, "")}
    present = host.read_host()
    assert not present.active
    assert not present.routing.traces
    assert present.listening == frozenset()


def rehearsable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("stunnel4", "mail.crt", "mail.key"):
        (tmp_path / name).touch()
    monkeypatch.setattr(host, "STUNNEL", str(tmp_path / "stunnel4"))
    files = {"certificate": str(tmp_path / "mail.crt"), "key": str(tmp_path / "mail.key")}
    return instance(IMAPS, **files)


def test_a_rehearsal_serves_nothing(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = rehearsable(tmp_path, monkeypatch)
    programs.answers[host.STUNNEL] = (1, "LOG5[ui]: Configuration successful\n")
    host.rehearse(wanted)
    assert "accept = /nonexistent" in programs.stdin
    assert "993" not in programs.stdin


def test_a_refused_configuration_is_quoted(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = rehearsable(tmp_path, monkeypatch)
    programs.answers[host.STUNNEL] = (1, "[ ] Ciphers: X\n[!] no cipher match\n")
    with pytest.raises(Refused, match=r"refuses the configuration:\n\[!\] no cipher match$"):
        host.rehearse(wanted)


def test_where_the_key_is_not_there_yet_nobody_can_tell(programs: Programs) -> None:
    host.rehearse(instance(IMAPS, key="/nonexistent/mail.key"))
    assert programs.said == []
