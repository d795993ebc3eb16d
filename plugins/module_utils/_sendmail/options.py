"""The options of the module sendmail, as its argument spec."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

TABLES = ("access", "domaintable", "genericstable", "mailertable", "virtusertable")
LISTS = (
    "generics_domains",
    "local_host_names",
    "relay_domains",
    "trusted_users",
    "virtuser_domains",
)

_WORDS = {"type": "list", "elements": "str", "default": []}
_TEXTS = {"type": "dict", "default": {}}
_NAME = {"type": "str", "required": True}


def _listed(options: dict[str, Any]) -> dict[str, Any]:
    return {"type": "list", "elements": "dict", "default": [], "options": options}


_SOURCES = _listed(
    {
        "file": {"type": "path"},
        "path": {"type": "path"},
        "form": {"type": "str", "choices": ["aliases", "keys", "pairs"], "required": True},
        "origin": {"type": "str"},
        "domains": {"type": "list", "elements": "str"},
        "value": {"type": "str"},
        "tag": {"type": "str"},
    }
)
_TABLE = {"type": "dict", "options": {"entries": _TEXTS, "sources": _SOURCES}}
_LIST = {"type": "dict", "options": {"entries": _WORDS, "sources": _SOURCES}}
_FEATURE = {"name": _NAME, "arguments": _WORDS}
_DAEMON = {
    "name": _NAME,
    "family": {"type": "str", "choices": ["inet", "inet6", "local"], "default": "inet"},
    "address": {"type": "str"},
    "port": {"type": "str"},
    "modifiers": {"type": "str"},
    "milters": {"type": "list", "elements": "str"},
    "children": {"type": "int"},
}
_CLIENT = {
    "family": {"type": "str", "choices": ["inet", "inet6"], "default": "inet"},
    "address": {"type": "str"},
    "modifiers": {"type": "str"},
}
_MILTER = {
    "name": _NAME,
    "socket": {"type": "str", "required": True},
    "without_it": {"type": "str", "choices": ["tempfail", "reject", "accept"]},
    "timeouts": _TEXTS,
}
_DNSBL = {
    "zone": {"type": "str", "required": True},
    "text": {"type": "str"},
    "results": _WORDS,
    "tempfail": {"type": "bool", "default": False},
}
_OWN_MAILER = {
    "name": _NAME,
    "path": {"type": "str", "default": "[IPC]"},
    "user": {"type": "str"},
    "flags": {"type": "str", "required": True},
    "sender": {"type": "str"},
    "recipient": {"type": "str"},
    "type": {"type": "str"},
    "line_end": {"type": "str"},
    "line_length": {"type": "int"},
    "arguments": {"type": "str", "required": True},
}
_MASQUERADE = {
    "name": {"type": "str"},
    "domains": _WORDS,
    "exceptions": _WORDS,
    "exposed_users": _WORDS,
    "envelope": {"type": "bool", "default": False},
    "entire_domains": {"type": "bool", "default": False},
    "everything": {"type": "bool", "default": False},
}
MC: dict[str, Any] = {
    "ostype": {"type": "str", "default": "debian"},
    "domain": {"type": "str"},
    "defines": _TEXTS,
    "features": _listed(_FEATURE),
    "masquerade": {"type": "dict", "options": _MASQUERADE},
    "daemon_options": _listed(_DAEMON),
    "client_options": _listed(_CLIENT),
    "trusted_mechanisms": _WORDS,
    "milters": _listed(_MILTER),
    "dnsbls": _listed(_DNSBL),
    "greet_pause_milliseconds": {"type": "int"},
    "mailers": {"type": "list", "elements": "str"},
    "mailer_flags": _TEXTS,
    "own_mailers": _listed(_OWN_MAILER),
    "local_config": _WORDS,
    "local_rule_0": _WORDS,
    "local_net_config": _WORDS,
    "local_rulesets": _WORDS,
}
OPTIONS: dict[str, Any] = {
    "mode": {"type": "str", "choices": ["queue", "daemon"], "default": "queue"},
    "queue_interval": {"type": "str", "default": "1h"},
    "mc": {"type": "dict", "default": {}, "options": MC},
    "submit": {"type": "dict", "default": {}, "options": MC},
    "tables": {"type": "dict", "default": {}, "options": dict.fromkeys(TABLES, _TABLE)},
    "aliases": _TABLE,
    "lists": {"type": "dict", "default": {}, "options": dict.fromkeys(LISTS, _LIST)},
    # Not nested in tables: what is nested reaches the host's log before it is masked.
    "authinfo": {"type": "dict", "default": {}, "no_log": True},
    "sasl": {"type": "dict", "default": {}},
    "transaction_log": {
        "type": "dict",
        "options": {
            "path": {"type": "path", "default": "/var/log/sendmail/transactions.log"},
            "size_mib": {"type": "int", "default": 100},
        },
    },
}
