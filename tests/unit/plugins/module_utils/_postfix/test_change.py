"""A change knows what it takes, and shows itself."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._postfix.change import make_change
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import configuration
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._postfix.fake_postfix import (
    FakePostfix,
)


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakePostfix:
    found = FakePostfix(tmp_path)
    found.into(monkeypatch)
    return found


@pytest.mark.parametrize(
    ("parameters", "restart"),
    [
        ({"inet_protocols": "ipv6"}, True),
        ({"inet_protocols": "ipv4"}, False),
        ({"smtp_tls_CApath": "/etc/ssl/certs"}, True),
        ({"relayhost": "smart"}, False),
    ],
)
def test_only_what_is_read_at_the_start_takes_a_restart(
    daemon: FakePostfix, parameters: dict[str, str], restart: bool
) -> None:
    change = make_change(configuration({"parameters": parameters}), daemon.folder, purge=True)
    assert change.restart_required is restart
    assert change.reload_needed is not restart


def test_nothing_to_do_takes_nothing(daemon: FakePostfix) -> None:
    wanted = configuration({})
    make_change(wanted, daemon.folder, purge=True).apply()
    change = make_change(wanted, daemon.folder, purge=True)
    assert not change.plan.changed
    assert not change.reload_needed


def test_a_compiled_table_is_shown_by_its_source(daemon: FakePostfix) -> None:
    wanted = configuration({"maps": [{"name": "a", "entries": {"k": "v"}}]})
    shown = make_change(wanted, daemon.folder, purge=True).diff()
    assert [Path(entry["after_header"]).name for entry in shown] == [
        "main.cf",
        "README",
        "a",
        "master.cf",
    ]
