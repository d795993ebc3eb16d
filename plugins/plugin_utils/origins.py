"""Where a value stands in the inventory: file and line, as far as Ansible remembers them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.spec import steps

try:  # Ansible's own tags; private, so a release without them only costs the line numbers
    from ansible._internal._datatag._tags import Origin
except ImportError:  # pragma: no cover
    Origin = None  # type: ignore[assignment,misc]

_FILE_AND_LINE = re.compile(r":[0-9]+\Z")  # says itself where it is


def origin(variables: Mapping[str, Any], path: str) -> str:
    """Return `group_vars/all.yml:12` for the path of a raw value, or an empty string."""
    if Origin is None or _FILE_AND_LINE.search(path):
        return ""
    node: Any = variables
    found = ""
    for step in steps(path):
        if isinstance(node, Mapping):
            key = next((key for key in node if key == step), None)
            if key is None:
                break
            node = node[key]
            found = _described(key) or _described(node) or found
        elif isinstance(node, (list, tuple)) and isinstance(step, int) and step < len(node):
            node = node[step]
            found = _described(node) or found
        else:
            break
    return found


def _described(value: object) -> str:
    tag = Origin.get_tag(value)
    if tag is None or not tag.path:
        return ""
    path = Path(tag.path)
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return f"{path}:{tag.line_num}" if tag.line_num else str(path)
