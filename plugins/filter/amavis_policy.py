"""Filter amavis_policy: whose mail is searched for what."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site import (
    shapes_amavis,
)
from ansible_collections.postern.mail.plugins.plugin_utils.site_filters import shaped


class FilterModule:
    """The filter, by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter."""
        return {"amavis_policy": shaped(shapes_amavis.amavis_policy)}
