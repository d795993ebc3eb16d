"""Behaviour of the choice between reload and restart."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._cyrus.effort import Effort, effort
from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import (
    Cyrus,
    parse_cyrus,
)
from ansible_collections.postern.mail.tests.unit.cyrus_samples import arguments

BEFORE = parse_cyrus(arguments())[0]


def changed(**changes: Any) -> Cyrus:
    return parse_cyrus(arguments(**changes))[0]


def test_equal_files_ask_for_nothing() -> None:
    assert effort(BEFORE, changed()) is Effort.NONE


@pytest.mark.parametrize(
    "changes",
    [
        {"settings": {"configdirectory": "/var/lib/cyrus", "timeout": "30"}},
        {"events": []},
        {"max_connections": 10},
    ],
)
def test_what_new_processes_read_keeps_sessions(changes: dict[str, Any]) -> None:
    changes.setdefault("settings", arguments()["settings"])
    assert effort(BEFORE, changed(**changes)) is Effort.RELOAD


@pytest.mark.parametrize(
    "changes",
    [
        {"backend_address": "192.0.2.11"},
        {"listeners": []},
        {"daemons": [{"name": "idled", "command": "idled"}]},
        {"settings": {"configdirectory": "/elsewhere"}},
        {"settings": {"partition-default": "/elsewhere"}},
        {"settings": {"mboxlist_db": "twoskip"}},
    ],
)
def test_what_is_read_once_or_opens_a_port_restarts(changes: dict[str, Any]) -> None:
    assert effort(BEFORE, changed(**changes)) is Effort.RESTART
