"""Units of systemd: what the host says about them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from .commands import run


def in_service(unit: str) -> bool:
    """Whether a unit runs now and starts at boot, so that nothing needs to be done about it."""
    return all(
        run(["systemctl", asked, "--quiet", unit]).ok for asked in ("is-active", "is-enabled")
    )
