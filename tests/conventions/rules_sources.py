"""Rules for source files: headed, short, at home anywhere, and mirrored by tests."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
import re
from pathlib import Path, PurePosixPath

from conventions import tree

HEADED = ("*.py", "*.yml", "*.yaml", "*.sh", "*.toml", "*.cfg", "*.j2", "lab", ".ci/run")
UNHEADED = ("changelogs/changelog.yaml",)
FILE_LINES = 400
FUNCTION_LINES = 40
HEAD_LINES = 12
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
HERE = "tests/conventions/"
AT_HOME_HERE_ONLY = re.compile(
    r"/home/(?!bob/)\w+/|/Users/\w+/|/root/(?!\.ssh/|mail\b)\w+|\b(?:docker|quay|ghcr)\.io\b"
    r"|\bpythonhosted\.org\b|\bpypi\.org/simple\b"
)


def a_source_says_its_purpose_and_licence(root: Path) -> list[str]:
    """The head of each source file has a line of purpose, and its licence."""
    found = []
    for name, text in tree.texts(root, *HEADED):
        if not text.strip() or name in UNHEADED:
            continue
        head = "\n".join(text.splitlines()[:HEAD_LINES])
        if SPDX not in head:
            found.append(f"{name}: has no line `{SPDX}`")
        if not _purpose(name, text, head):
            found.append(f"{name}: does not begin with its purpose")
    return found


def files_and_functions_are_short(root: Path) -> list[str]:
    """Python and shell files stay under 400 lines, functions within 40."""
    found = []
    for name, text in tree.texts(root, "*.py", "*.sh", "lab"):
        count = len(text.splitlines())
        if count >= FILE_LINES:
            found.append(f"{name}: {count} lines")
        if name.endswith(".py"):
            found += [
                f"{name}: {function} has {length} lines"
                for function, length in tree.functions(text)
                if length > FUNCTION_LINES
            ]
    return found


def nothing_is_at_home_on_one_machine_only(root: Path) -> list[str]:
    """No registry host and no path of one machine; no lock file that names hosts."""
    found = [f"{path.name}: names registry hosts" for path in tree.files(root, "uv.lock")]
    for name, text in tree.texts(root):
        if not name.startswith(HERE):
            found += [f"{name}: {match}" for match in sorted({*AT_HOME_HERE_ONLY.findall(text)})]
    return found


def tests_mirror_plugins(root: Path) -> list[str]:
    """plugins/a/b.py is tested by tests/unit/plugins/a/test_b.py, and only such tests exist."""
    sources = {
        PurePosixPath(name) for name, text in tree.texts(root, "plugins/*.py") if _logic(text)
    }
    tests = {
        PurePosixPath(name).relative_to("tests/unit")
        for name, _ in tree.texts(root, "tests/unit/plugins/*/test_*.py")
    }
    mirrored = {path.with_name(f"test_{path.name}"): path for path in sources}
    untested = [
        f"{mirrored[test]}: has no tests/unit/{test}" for test in sorted({*mirrored} - tests)
    ]
    known = {path.with_name(f"test_{path.name}") for path in _python(root)}
    orphans = [f"tests/unit/{test}: mirrors no plugin" for test in sorted(tests - known)]
    return untested + orphans


def a_filter_is_alone_and_documented(root: Path) -> list[str]:
    """A filter file offers one filter, of its own name, and documents it."""
    found = []
    for name, text in tree.texts(root, "plugins/filter/*.py"):
        stem = PurePosixPath(name).stem
        if stem == "__init__":
            continue
        if f'"{stem}":' not in text and f"'{stem}':" not in text:
            found.append(f"{name}: offers no filter {stem}")
        if "DOCUMENTATION" not in text and not (root / name).with_suffix(".yml").is_file():
            found.append(f"{name}: is not documented")
    return found


def ranges_agree(root: Path) -> list[str]:
    """requirements.yml and galaxy.yml ask for the same versions of the same collections."""
    galaxy = (tree.load(root / "galaxy.yml") or {}).get("dependencies") or {}
    required = (tree.load(root / "requirements.yml") or {}).get("collections") or []
    ranges = {entry["name"]: entry.get("version") for entry in required}
    return [
        f"requirements.yml: {name} is {ranges.get(name)}, galaxy.yml says {wanted}"
        for name, wanted in sorted(galaxy.items())
        if ranges.get(name) != wanted
    ]


def utilities_import_no_ansible(root: Path) -> list[str]:
    """module_utils below an underscore are pure: they import nothing of ansible but each other."""
    found = []
    for name, text in tree.texts(root, "plugins/module_utils/_*/*.py"):
        for node in ast.walk(ast.parse(text)):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found += [
                f"{name}: imports {module}"
                for module in modules
                if module.split(".")[0] == "ansible" and "/_core/" not in name
            ]
    return found


def _purpose(name: str, text: str, head: str) -> bool:
    if name.endswith(".py"):
        return bool(ast.get_docstring(ast.parse(text)))
    if "short_description:" in head:
        return True
    comment = re.compile(r"^\s*(?:#(?!!)|\{#)\s*(?P<text>\S.*)$", re.MULTILINE)
    return any(SPDX not in found["text"] for found in comment.finditer(head))


def _logic(text: str) -> bool:
    """Whether a Python file decides anything; one that only hands over is tested by its user."""
    return any(function not in {"filters", "main"} for function, _ in tree.functions(text))


def _python(root: Path) -> set[PurePosixPath]:
    return {PurePosixPath(name) for name, _ in tree.texts(root, "plugins/*.py")}
