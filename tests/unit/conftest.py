"""How hard the property tests try: `quick` in every run, `full` under `./lab test --full`."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from hypothesis import settings

settings.register_profile("quick", max_examples=100, deadline=None)
settings.register_profile("full", max_examples=2000, deadline=None)
settings.load_profile("quick")
