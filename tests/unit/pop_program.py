"""The program of the role pop_before_smtp, loaded as a module, and entries of a journal for it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib.util
import pwd
import sys
from ipaddress import ip_network
from pathlib import Path
from types import ModuleType
from typing import Any

FILE = Path(__file__).parents[2] / "roles" / "pop_before_smtp" / "files" / "pop_before_smtp.py"
UID = 107
SESSION = "SESSIONID=<cyrus-1795832131-2882-1-10982950728327727532>"
USER = pwd.struct_passwd(("cyrus", "x", UID, 8, "", "/", "/bin/false"))


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pop_before_smtp", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


pop = _loaded()


def judge(store: str = "cyrus", *never: str) -> Any:
    """Return a judge for whom no address is shared but those of the networks."""
    return pop.Judge(pop.STORES[store], map(ip_network, never), lambda _address: False)


def said(client: str, how: str = "PLAIN") -> str:
    """Return a login as Cyrus logs it."""
    return f"login: {client} a@b.example {how} User logged in {SESSION}"


def cyrus(message: object, **other: object) -> dict[str, object]:
    """Return an entry of the journal that Cyrus wrote."""
    fields = {"SYSLOG_IDENTIFIER": "cyrus/imaps", "_COMM": "imapd", "_UID": UID}
    return {**fields, "MESSAGE": message, **other}
