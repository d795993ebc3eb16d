"""The argument specs of the collection that this file belongs to, read once a process."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


def _load(path: Path) -> Any:  # noqa: ANN401
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506


@lru_cache(maxsize=1)
def site_options() -> dict[str, dict[str, Any]]:
    """Return the options of the site model."""
    return _options("site")


@lru_cache(maxsize=1)
def verify_options() -> dict[str, dict[str, Any]]:
    """Return the options of the playbook verify."""
    return _options("verify")


def _options(name: str) -> dict[str, dict[str, Any]]:
    specs = _load(ROOT / "meta" / f"{name}_argument_specs.yml")
    options: dict[str, dict[str, Any]] = specs["argument_specs"][name]["options"]
    return options


@lru_cache(maxsize=1)
def role_options() -> dict[str, dict[str, dict[str, Any]]]:
    """Return, for each role of the collection, the options of its `main` and its defaults.

    A default that no argument spec describes stands with an empty rule.
    """
    found = {}
    for role in sorted((ROOT / "roles").glob("*/")):
        options: dict[str, dict[str, Any]] = {}
        defaults, specs = role / "defaults" / "main.yml", role / "meta" / "argument_specs.yml"
        if defaults.is_file():
            options |= {name: {"type": "raw"} for name in _load(defaults) or {}}
        if specs.is_file():
            options |= _load(specs)["argument_specs"].get("main", {}).get("options", {})
        found[role.name] = options
    return found
