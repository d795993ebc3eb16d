"""One rule for all paths of the site model: a relative one starts in the inventory's folder."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

Options = Mapping[str, Mapping[str, Any]]


def inventory_folder(variables: Mapping[str, Any]) -> Path:
    """Return the folder of a host's inventory; the playbook's, where it has no inventory file."""
    folder = variables.get("inventory_dir") or variables.get("playbook_dir")
    return Path(str(folder)) if folder else Path.cwd()


def absolute_paths(options: Options, model: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the model with every value that its argument spec calls a path made absolute."""
    return {name: _part(options.get(name, {}), part, folder) for name, part in model.items()}


def _part(option: Mapping[str, Any], part: object, folder: Path) -> object:
    if not _has_paths(option):
        return part
    if isinstance(part, Mapping):
        return absolute_paths(option.get("options", {}), part, folder)
    if isinstance(part, (list, tuple)):
        item = {**option, "type": option.get("elements")}
        return [_part(item, entry, folder) for entry in part]
    return _absolute(part, folder) if isinstance(part, str) and part else part


def _has_paths(option: Mapping[str, Any]) -> bool:
    """Tell from the spec alone, so that thousands of accounts are not walked for nothing."""
    if inner := option.get("options"):
        return any(_has_paths(part) for part in inner.values())
    return "path" in (option.get("type"), option.get("elements"))


def _absolute(path: str, folder: Path) -> str:
    try:
        return str(folder / Path(path).expanduser())
    except RuntimeError:  # ~somebody whom nobody knows
        return str(folder / path)
