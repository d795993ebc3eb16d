"""Ports that answer undeclared, or stay silent, are caught."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

from ansible_collections.postern.mail.plugins.module_utils._probe.model import (
    Opening,
    Promise,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.run import probe
from ansible_collections.postern.mail.tests.unit.mail_servers import (
    unused_port,
)
from ansible_collections.postern.mail.tests.unit.probe_servers import (
    MANNER,
    Servers,
)


def test_ports_that_answer_undeclared_or_stay_silent_are_caught(servers: Servers) -> None:
    servers.start("smtp", "imaps")
    smtp, imaps, shut = servers.ports["smtp"], servers.ports["imaps"], unused_port()
    both = (Opening("smtp", smtp), Opening("imaps", imaps))
    tried = (smtp, imaps, shut)
    assert servers.states("ports", openings=both, closed=tried) == ["kept", "kept"]
    assert servers.states("ports", openings=both[:1], closed=tried) == ["kept", "broken"]
    silent = (*both, Opening("pop3s", shut))
    assert servers.states("ports", openings=silent, closed=tried) == ["broken", "kept"]
    elsewhere = (both[0], Opening("imaps", imaps, ("192.0.2.0/24",)))
    assert servers.states("ports", openings=elsewhere, closed=tried) == ["kept", "broken"]
    ignored = {"openings": both[:1], "closed": tried, "ignored": (imaps,)}
    assert servers.states("ports", **ignored) == ["kept", "kept"]


def test_a_probe_on_the_server_itself_is_told(servers: Servers) -> None:
    (result,) = servers.hold("elsewhere")
    assert result.verdict.state == "broken"
    assert "on the server itself (127.0.0.1)" in result.verdict.detail
    other = replace(servers.target, address="192.0.2.1")
    (result,) = probe([Promise("elsewhere")], other, MANNER)
    assert result.verdict.state == "kept" or "unreachable" in result.verdict.detail
