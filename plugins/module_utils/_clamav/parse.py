"""Reading ClamAV's files of settings, and the names that the installed version knows."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from .model import Settings

_KNOWN = re.compile(r"^#?([A-Z][A-Za-z0-9]+)(?: |$)", re.MULTILINE)


def parse_settings(text: str) -> Settings:
    """Return the settings of a file, in their order."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return tuple((name, value.strip()) for name, _blank, value in pairs)


def parse_known(sample: str) -> frozenset[str]:
    """Return the names in a sample file, as clamconf writes one with every setting there is."""
    return frozenset(_KNOWN.findall(sample)) - {"Example"}
