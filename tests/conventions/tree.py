"""Looking at a checkout: its files, its YAML, the words in its Python; nothing is run."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
import fnmatch
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

DOCUMENT_NAMES = frozenset({"DOCUMENTATION", "EXAMPLES", "RETURN"})
BINARY = (".png", ".jpg", ".svg", ".ico", ".gz", ".woff2")


def files(root: Path, *patterns: str) -> list[Path]:
    """Return the project's own files that match a pattern (all without one), sorted."""
    if (root / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("\0")
        paths = [root / name for name in listed if name]
    else:
        paths = [path for path in root.rglob("*") if "collections" not in path.parts]
    own = {path for path in paths if path.is_file() and not path.is_symlink()}
    return sorted(path for path in own if not patterns or _matches(path, root, patterns))


def _matches(path: Path, root: Path, patterns: Iterable[str]) -> bool:
    """A pattern with a slash means the whole name below the root, another one the last part."""
    whole = str(path.relative_to(root))
    return any(
        fnmatch.fnmatchcase(whole if "/" in pattern else path.name, pattern) for pattern in patterns
    )


def texts(root: Path, *patterns: str) -> Iterator[tuple[str, str]]:
    """Yield each text file's name below the root, and its text."""
    for path in files(root, *patterns):
        if path.suffix not in BINARY:
            yield str(path.relative_to(root)), path.read_text(encoding="utf-8", errors="replace")


class _Loader(yaml.SafeLoader):
    """Reads Ansible's YAML; a tag of its own, such as !vault, gives its plain text."""


def _plain(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> Any:
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


_Loader.add_multi_constructor("!", _plain)


def load(path: Path) -> Any:
    """Return a YAML file's content; None when there is no such file."""
    return yaml.load(path.read_text(encoding="utf-8"), _Loader) if path.is_file() else None  # noqa: S506


def roles(root: Path) -> list[Path]:
    """Return the folders of the roles."""
    return sorted(path for path in (root / "roles").glob("*") if path.is_dir())


def tasks(root: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every task of roles and playbooks, blocks unfolded, with its file's name."""
    for path in files(root, "*.yml"):
        name = str(path.relative_to(root))
        content = load(path) if _holds_tasks(name) else None
        for entry in content if isinstance(content, list) else []:
            if not isinstance(entry, dict):
                continue
            if "hosts" in entry:
                for section in ("pre_tasks", "tasks", "post_tasks", "handlers"):
                    yield from ((name, task) for task in _unfold(entry.get(section) or []))
            elif "import_playbook" not in str(list(entry)):
                yield from ((name, task) for task in _unfold([entry]))


def _holds_tasks(name: str) -> bool:
    in_role = name.startswith("roles/") and ("/tasks/" in name or "/handlers/" in name)
    in_play = name.startswith(("playbooks/", "molecule/")) and "/vars/" not in name
    return in_role or in_play or name == "site.yml"


def _unfold(entries: list[Any]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        inner = [part for key in ("block", "rescue", "always") for part in entry.get(key) or []]
        if inner:
            yield from _unfold(inner)
        else:
            yield entry


def functions(text: str) -> Iterator[tuple[str, int]]:
    """Yield each function of a Python text with its length in lines, its docstring aside."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if _is_docstring(first):
                length -= (first.end_lineno or first.lineno) - first.lineno + 1
            yield node.name, length


def words(text: str) -> set[str]:
    """Return the names and strings of a Python text that do something: no docs, no comments."""
    module = ast.parse(text)
    skipped: set[int] = set()
    for node in ast.walk(module):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_docstring(body[0]):
            skipped.add(id(body[0].value))
        if isinstance(node, ast.Assign) and _names(node) & DOCUMENT_NAMES:
            skipped.add(id(node.value))
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= set() if id(node) in skipped else {node.value}
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _names(node: ast.Assign) -> set[str]:
    return {target.id for target in node.targets if isinstance(target, ast.Name)}
