"""How much is tested: all of it in full, and otherwise what takes minutes on one release alone."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

LONG_RELEASE = "trixie"
IS_FULL = bool(os.environ.get("POSTERN_FULL"))
IS_LONG = IS_FULL or os.environ.get("POSTERN_RELEASE", LONG_RELEASE) == LONG_RELEASE
