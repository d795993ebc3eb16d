"""Reading back the configuration that stands on a host."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .perl import parse_settings
from .render import OWNED
from .settings import Settings


def parse_configuration(text: str) -> tuple[Settings, list[Problem]]:
    """Return the variables of a configuration, and what in it nobody here has written."""
    return parse_settings(text.removeprefix(OWNED))
