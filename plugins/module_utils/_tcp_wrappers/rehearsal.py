"""libwrap's own judgement of staged files: who would be let in by which daemon."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import workspace
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .model import Rule, networks_of

CHECKER = "tcpdmatch"
_HINT = "look at what others have written into hosts.allow and hosts.deny"
# Of networks that are for documents only (RFC 5737, RFC 3849): whoever is none of a rule's clients.
_STRANGERS = ("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8:ffff::1")


def is_installed() -> bool:
    """Say whether libwrap can be asked on this host."""
    return shutil.which(CHECKER) is not None


def rehearse(rules: Iterable[Rule], files: Mapping[str, bytes]) -> list[Problem]:
    """Ask about friends and strangers; files are hosts.allow and hosts.deny by these names."""
    with workspace() as stage:
        for name, content in files.items():
            (Path(stage) / name).write_bytes(content)
        return [
            Problem("hosts.allow", f"{daemon} {_verb(not wanted)} {address}, says libwrap", _HINT)
            for rule in rules
            for daemon, address, wanted in questions(rule)
            if _lets_in(stage, daemon, address) is not wanted
        ]


def questions(rule: Rule) -> Iterator[tuple[str, str, bool]]:
    """Yield daemon, address, and whether it is to be let in."""
    networks = networks_of(rule)
    for network in networks:
        yield rule.daemon, str(network[0]), True
    outside = (a for a in map(ip_address, _STRANGERS) if not any(a in one for one in networks))
    if (stranger := next(outside, None)) is not None:
        yield rule.daemon, str(stranger), not networks


def _lets_in(stage: str, daemon: str, address: str) -> bool | None:
    words = run(["env", f"--chdir={stage}", CHECKER, "-d", daemon, address]).out.split()
    return {"granted": True, "denied": False}.get(words[-1]) if words else None


def _verb(lets_in: bool) -> str:
    return "lets in" if lets_in else "refuses"
