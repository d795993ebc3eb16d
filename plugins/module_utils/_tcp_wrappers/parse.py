"""Reading this collection's part of hosts.allow, and what is not of it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from .model import Rule

BEGIN = "# BEGIN postern.mail: what is changed in here is undone"
END = "# END postern.mail"


def parse(text: str) -> tuple[Rule, ...]:
    """Return the rules of the part."""
    found: dict[str, list[str]] = {}
    inside = False
    for line in text.splitlines():
        inside = (inside or line == BEGIN) and line != END
        daemon, colon, client = line.partition(": ")
        if inside and colon and not line.startswith("#"):
            clients = found.setdefault(daemon, [])
            clients += [client] if not client.startswith("ALL") else []
    return tuple(Rule(daemon, tuple(clients)) for daemon, clients in sorted(found.items()))


def without_part(text: str) -> str:
    """Return what others have written; a part that has lost its end goes up to the next gap."""
    kept = []
    inside = False
    for line in text.splitlines(keepends=True):
        plain = line.rstrip("\n")
        if plain == BEGIN:
            inside = True
            continue
        if inside and plain == END:
            inside = False
            continue
        inside = inside and bool(plain.strip())
        if not inside:
            kept.append(line)
    return "".join(kept)
