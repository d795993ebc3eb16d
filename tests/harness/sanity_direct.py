"""The sanity tests that matter, called as programs from ansible_test's own files.

For networks in which ansible-test can't install its virtual environments: validate-modules,
action-plugin-docs, runtime-metadata, compile, import, ansible-doc and yamllint.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

DOCUMENTED = ("modules", "lookup", "filter", "callback", "inventory", "connection")
MANY_IN_A_FILE = ("filter", "test")


def run(collection: Path) -> int:
    """Run every test, print what each found, return 1 when anything was found."""
    files = sorted(
        str(path.relative_to(collection)) for path in collection.rglob("*") if path.is_file()
    )
    tests = {
        "validate-modules": validate_modules,
        "action-plugin-docs": action_plugin_docs,
        "runtime-metadata": runtime_metadata,
        "compile": compiles,
        "import": imports,
        "ansible-doc": documented,
        "yamllint": yamllint,
    }
    total = 0
    for name, test in tests.items():
        found = test(collection, files)
        total += len(found)
        print(f'Running "{name}" directly: {len(found)} found', *found, sep="\n  ", flush=True)
    return 1 if total else 0


def validate_modules(collection: Path, files: Iterable[str]) -> list[str]:
    """Compare documentation, argument specs and licences, as ansible-test does."""
    program = str(_sanity_folder() / "validate-modules" / "validate.py")
    found = []
    for kind in DOCUMENTED:
        names = _plugins(files, kind)
        if not names or kind in MANY_IN_A_FILE:
            continue
        argv = [program, "--format", "json", "--arg-spec", "--collection", _namespace()]
        argv += ["--collection-version", _version(collection)]
        argv += ["--plugin-type", kind] if kind != "modules" else []
        code, out, err = _python([*argv, *names], collection)
        found += _messages(out) if out.strip().startswith("{") else [err.strip() or out.strip()]
        if code and not found:
            found.append(f"validate-modules ended with {code}")
    return [one for one in found if one]


def action_plugin_docs(collection: Path, files: Iterable[str]) -> list[str]:
    """Find action plugins without a module that documents them."""
    names = _below(files, "plugins/action/", "plugins/modules/")
    return _smell("action-plugin-docs", collection, names)


def runtime_metadata(collection: Path, files: Iterable[str]) -> list[str]:
    """Check meta/runtime.yml against its schema."""
    return _smell("runtime-metadata", collection, _below(files, "meta/runtime.yml"))


def compiles(collection: Path, files: Iterable[str]) -> list[str]:
    """Compile every Python file."""
    found = []
    for name in (name for name in files if name.endswith(".py")):
        try:
            compile((collection / name).read_bytes(), name, "exec")
        except SyntaxError as error:
            found.append(f"{name}:{error.lineno}: {error.msg}")
    return found


def imports(collection: Path, files: Iterable[str]) -> list[str]:
    """Import every plugin and utility, each in an interpreter of its own kind of path."""
    names = [name for name in _below(files, "plugins/") if name.endswith(".py")]
    modules = [
        "ansible_collections.postern.mail." + name.removesuffix(".py").replace("/", ".")
        for name in names
    ]
    script = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        importlib.import_module(name)\n"
        "    except BaseException as error:\n"
        "        print(f'{name}: {type(error).__name__}: {error}')\n"
    )
    code, out, err = _python(["-c", script, *modules], collection)
    return out.splitlines() + ([err.strip()] if code else [])


def documented(collection: Path, files: Iterable[str]) -> list[str]:
    """Let ansible-doc read every plugin that has documentation."""
    found = []
    for kind in DOCUMENTED:
        names = [f"postern.mail.{Path(name).stem}" for name in _plugins(files, kind)]
        if not names:
            continue
        plugin_type = "module" if kind == "modules" else kind
        code, _, err = _command(["ansible-doc", "--json", "-t", plugin_type, *names], collection)
        found += [line for line in err.splitlines() if line.strip()] if code or err.strip() else []
    return found


def yamllint(collection: Path, files: Iterable[str]) -> list[str]:
    """Lint YAML with the rules of ansible-test."""
    folder = _sanity_folder() / "yamllint"
    names = [name for name in files if name.endswith((".yml", ".yaml"))]
    argv = ["yamllint", "-f", "parsable", "-c", str(folder / "config" / "default.yml"), *names]
    _, out, err = _command(argv, collection)
    return [*out.splitlines(), *err.splitlines()]


def _smell(name: str, collection: Path, paths: list[str]) -> list[str]:
    program = str(_sanity_folder() / "code-smell" / f"{name}.py")
    code, out, err = _python([program, *paths], collection)
    return out.splitlines() + ([err.strip()] if code else [])


def _messages(out: str) -> list[str]:
    """Return validate-modules' report as lines."""
    report = json.loads(out)
    return [
        f"{name}:{error.get('line', 0)}: {error['code']}: {error['msg']}"
        for name, entry in sorted(report.items())
        for error in entry["errors"]
    ]


def _plugins(files: Iterable[str], kind: str) -> list[str]:
    below = _below(files, f"plugins/{kind}/")
    return [name for name in below if name.endswith(".py") and not name.endswith("__init__.py")]


def _below(files: Iterable[str], *prefixes: str) -> list[str]:
    return [name for name in files if name.startswith(prefixes)]


def _sanity_folder() -> Path:
    """Return where ansible_test keeps the tests' programs."""
    spec = importlib.util.find_spec("ansible_test")
    if spec is None or spec.origin is None:
        raise SystemExit("ansible-test is not installed")
    return Path(spec.origin).parent / "_util" / "controller" / "sanity"


def _namespace() -> str:
    return "ansible_collections/postern/mail"


def _version(collection: Path) -> str:
    manifest = json.loads((collection / "MANIFEST.json").read_text(encoding="utf-8"))
    return str(manifest["collection_info"]["version"])


def _python(argv: list[str], collection: Path) -> tuple[int, str, str]:
    return _command([sys.executable, *argv], collection)


def _command(argv: list[str], collection: Path) -> tuple[int, str, str]:
    top = str(collection.parents[2])
    env: Mapping[str, str] = {
        **os.environ,
        "PYTHONPATH": top,
        "ANSIBLE_COLLECTIONS_PATH": top,
        "ANSIBLE_CONFIG": str(_sanity_folder().parents[2] / "_data" / "ansible.cfg"),
    }
    done = subprocess.run(
        argv, cwd=collection, env=env, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr
