"""Filter filter_concurrency: how many messages a host searches at a time."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.module_utils._site import shapes_filter


def _filter_concurrency(wanted: Mapping[str, Any], facts: Mapping[str, Any]) -> int:
    try:
        return shapes_filter.filter_concurrency(wanted, facts)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    """The filter, by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter."""
        return {"filter_concurrency": _filter_concurrency}
