"""Filter certificate_reasons: why a certificate has to be made anew."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.module_utils._certificates.reasons import (
    Wanted,
    reasons,
)


def certificate_reasons(text: str, wanted: Mapping[str, Any], info: Mapping[str, Any]) -> list[str]:
    """Return the reasons; what is wanted by its own names, an unknown one is an error."""
    try:
        return reasons(Wanted(**wanted), text, info, datetime.now(UTC))
    except (KeyError, TypeError, ValueError) as wrong:
        raise AnsibleFilterError(f"certificate_reasons: {wrong}") from wrong


class FilterModule:
    """The filter, by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter."""
        return {"certificate_reasons": certificate_reasons}
