"""Rule for modules: documentation and argument spec say the same, nested options included."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from conventions import tree


class _Caught(Exception):
    """Carries a module's argument spec out of its main()."""


def module_options_are_documented(root: Path) -> list[str]:
    """Every option of a module is documented as it is: name, type, elements, default, choices."""
    found = []
    for path in tree.files(root, "plugins/modules/*.py"):
        text = path.read_text(encoding="utf-8")
        if "AnsibleModule" not in text:
            continue
        documented = _documentation(text).get("options") or {}
        found += [f"{path.name}: {wrong}" for wrong in _compare("", documented, _spec(path))]
    return found


def _documentation(text: str) -> Mapping[str, Any]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "DOCUMENTATION" for target in node.targets
        ):
            loaded: Mapping[str, Any] = yaml.safe_load(ast.literal_eval(node.value))
            return loaded
    return {}


def _spec(path: Path) -> Mapping[str, Any]:
    """Return the argument spec with which a module's main() makes its AnsibleModule."""

    def catch(*args: Any, **keywords: Any) -> None:
        raise _Caught(args[0] if args else keywords["argument_spec"])

    spec = importlib.util.spec_from_file_location(f"convention_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.__dict__["AnsibleModule"] = catch
    try:
        module.main()
    except _Caught as caught:
        wanted: Mapping[str, Any] = caught.args[0]
        return wanted
    raise AssertionError(f"{path.name}: main() makes no AnsibleModule")


def _compare(where: str, documented: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*documented} ^ {*spec}):
        side = "documented only" if name in documented else "not documented"
        yield f"{where}{name} is {side}"
    for name in sorted({*documented} & {*spec}):
        told, real = documented[name], spec[name]
        for key, fallback in (
            ("type", "str"),
            ("elements", None),
            ("required", False),
            ("default", None),
            ("choices", None),
        ):
            if told.get(key, fallback) != real.get(key, fallback):
                yield f"{where}{name}: {key} {told.get(key)!r} documented, {real.get(key)!r} real"
        yield from _compare(
            f"{where}{name}.", told.get("suboptions") or {}, real.get("options") or {}
        )
