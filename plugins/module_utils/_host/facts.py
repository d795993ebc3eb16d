"""Parse what a host says of itself: packages, the address of the default route, its size."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

PACKAGES = ("dpkg-query", "--show", "--showformat", "${Package} ${Version} ${db:Status-Status}\\n")
# A route is looked up, nothing is sent: the address is one that the default route leads to.
# The folder is there while a change of transfer agents is under way.
HANDOVER = ("ls", "-d", "/var/lib/postern/handover")
SIZE = ("nproc",)
MEMORY = ("sed", "-n", "s/^MemTotal: *//p", "/proc/meminfo")
# Where the units are that this collection writes itself.
UNITS = ("ls", "/etc/systemd/system")
ROUTE = ("ip", "-json", "-4", "route", "get", "192.0.2.1")


def installed_packages(listing: str) -> dict[str, list[dict[str, str]]]:
    """Return the installed packages in the form of ansible.builtin.package_facts."""
    found: dict[str, list[dict[str, str]]] = {}
    for line in listing.splitlines():
        name, version, status = line.split(" ")
        if status == "installed":
            found.setdefault(name, []).append({"name": name, "version": version, "source": "apt"})
    return found


def host_size(text: str) -> dict[str, int]:
    """Return processors and memory in the form of ansible.builtin.setup, where they are said."""
    lines = text.splitlines()
    found = {}
    if lines and lines[0].strip().isdecimal():
        found["processor_nproc"] = int(lines[0])
    if len(lines) > 1 and lines[1].endswith(" kB"):
        found["memtotal_mb"] = int(lines[1].removesuffix(" kB")) // 1024
    return found


def own_units(listing: str) -> list[str]:
    """Return the systemd units of a folder that are this collection's own."""
    return [name for name in listing.split() if name.startswith("postern-")]


def default_ipv4(routes: str) -> dict[str, Any]:
    """Return the host's address on its default route in the form of ansible.builtin.setup."""
    found = json.loads(routes) if routes.strip() else []
    if not found or "prefsrc" not in found[0]:
        return {}
    return {"address": found[0]["prefsrc"], "interface": found[0]["dev"]}
