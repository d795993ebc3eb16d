"""Reading what stands on the host: settings that a shell reads, and the list of logins."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

_LINE = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)="([^"]*)"')


def parse_settings(text: str) -> dict[str, str]:
    """Read a file of settings; what is no assignment in quotes is passed over."""
    found = (_LINE.fullmatch(line) for line in text.split("\n"))
    return {one[1]: one[2] for one in found if one}


def parse_userdb(text: str) -> dict[str, dict[str, str]]:
    """Read the list of logins, each with its fields."""
    logins: dict[str, dict[str, str]] = {}
    for line in text.split("\n"):
        name, tab, rest = line.partition("\t")
        if tab and not name.startswith("#"):
            pairs = (field.partition("=") for field in rest.split("|"))
            logins[name] = {key: value for key, _equals, value in pairs}
    return logins
