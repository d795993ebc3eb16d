"""The module's arguments, in the form that Ansible checks."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from .dialogues_smtp import RELAY_FORMS
from .model import SERVICES
from .request import MAILBOX_SERVICES
from .run import DIALOGUES

_ACCOUNT: dict[str, Any] = {
    "login": {"type": "str", "required": True},
    "password": {"type": "str", "required": True, "no_log": True},
}

_MAILBOX: dict[str, Any] = {
    "service": {"type": "str", "required": True, "choices": list(MAILBOX_SERVICES)},
    "server": {"type": "str"},
    "address": {"type": "str"},
    "port": {"type": "int"},
    "login": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "path": {"type": "path"},
    "ca_file": {"type": "path"},
    "ca_certificates": {"type": "str"},
}

_OPENING: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "port": {"type": "int", "required": True},
    "sources": {"type": "raw", "default": "everyone"},
}

_PROMISE: dict[str, Any] = {
    "promise": {"type": "str", "required": True, "choices": sorted(DIALOGUES)},
    "services": {"type": "list", "elements": "str", "choices": [*SERVICES, "sendmail"]},
    "names": {"type": "list", "elements": "str"},
    "days_left": {"type": "int", "default": 14},
    "domain": {"type": "str"},
    "recipient": {"type": "str"},
    "sender": {"type": "str", "default": ""},
    "forms": {"type": "list", "elements": "str", "choices": list(RELAY_FORMS)},
    "by_mx": {"type": "bool", "default": False},
    "authenticate": {"type": "bool", "default": True},
    "wait_seconds": {"type": "float", "default": 60.0},
    "token": {"type": "str", "no_log": False},
    "as_user": {"type": "str", "default": ""},
    "mailboxes": {"type": "list", "elements": "dict", "options": _MAILBOX},
    "openings": {"type": "list", "elements": "dict", "options": _OPENING},
    "closed": {"type": "list", "elements": "str", "default": ["well_known"]},
    "ignored": {"type": "list", "elements": "str", "default": []},
}

ARGUMENTS: dict[str, Any] = {
    "server": {"type": "str", "required": True},
    "address": {"type": "str"},
    "ports": {"type": "dict", "default": {}},
    "ca_file": {"type": "path"},
    "ca_certificates": {"type": "str"},
    "helo": {"type": "str"},
    "timeout_seconds": {"type": "float", "default": 15.0},
    "at_once": {"type": "int", "default": 6},
    "seen_from": {"type": "str", "default": ""},
    "account": {"type": "dict", "options": _ACCOUNT},
    "promises": {"type": "list", "elements": "dict", "required": True, "options": _PROMISE},
}
