"""Each agent is closed and opened in its own way, and twice is no more than once."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._queue import doors


class Host:
    """A host in memory: Postfix's switch, and units that are on."""

    def __init__(self) -> None:
        self.switch = ""
        self.units = {"postfix.service", doors.SENDMAIL_DAEMON}
        self.reloads = 0

    def run(self, argv: Sequence[str], **_more: Any) -> Outcome:
        words = tuple(argv)
        out, rc = "", 0
        if words[:2] == ("postconf", "-h"):
            out = self.switch
        elif words[:2] == ("postconf", "-e"):
            self.switch = words[2].partition("= ")[2]
        elif words[:2] == ("postconf", "-X"):
            self.switch = ""
        elif words == ("postfix", "reload"):
            self.reloads += 1
        elif words[1] in ("is-active", "is-enabled"):
            rc = 0 if words[-1] in self.units else 3
        elif words[1] == "disable":
            self.units.discard(words[-1])
        elif words[1] == "enable":
            self.units.add(words[-1])
        else:
            rc = 1
        return Outcome(words, rc, out, "")


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    found = Host()
    monkeypatch.setattr(doors, "run", found.run)
    monkeypatch.setattr(doors, "read_again", lambda: found.run(("postfix", "reload")))
    monkeypatch.setattr(doors, "_sendmail_daemons", lambda: [doors.SENDMAIL_DAEMON])
    return found


@pytest.mark.parametrize("agent", ["postfix", "sendmail"])
def test_what_was_closed_opens_again_once(host: Host, agent: str) -> None:
    assert doors.is_open(agent)
    doors.close(agent)
    assert not doors.is_open(agent)
    assert doors.reopen(agent)
    assert doors.is_open(agent)
    assert not doors.reopen(agent)


def test_postfix_reads_its_switch_only_when_it_runs(host: Host) -> None:
    doors.close("postfix")
    assert (host.switch, host.reloads) == ("inet", 1)
    host.units.clear()
    doors.reopen("postfix")
    assert (host.switch, host.reloads) == ("", 1)


def test_nullmailer_has_no_doors(host: Host) -> None:
    assert not doors.is_open("nullmailer")
    doors.close("nullmailer")
    assert not doors.reopen("nullmailer")


def test_a_refusal_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "run", lambda argv: Outcome(argv, 1, "", "no such parameter"))
    with pytest.raises(Refused, match="no such parameter"):
        doors.close("postfix")
