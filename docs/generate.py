"""Write the generated documentation: each role's table of variables, and docs/site-model.md.

Both come from argument specs, which are the one place where a variable is described. With
--check nothing is written; what is out of date is shown as a diff and the exit code is 1.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
BEGIN = "<!-- variables: written by docs/generate.py from meta/argument_specs.yml -->"
END = "<!-- end of variables -->"
SITE_NOTE = "<!-- written by docs/generate.py from meta/site_argument_specs.yml -->"
MARKUP = (
    (r"\bL\(([^,()]+), *([^)]+)\)", r"[\1](\2)"),
    (r"\bU\(([^)]+)\)", r"<\1>"),
    (r"\bB\(([^)]+)\)", r"**\1**"),
    (r"\bI\(([^)]+)\)", r"*\1*"),
    (r"\b[CVOEMPF]\(((?:[^()]|\([^()]*\))+)\)", r"`\1`"),
)


def main(argv: list[str] | None = None) -> int:
    """Write, or compare, every generated file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing, show differences")
    options = parser.parse_args(argv)
    stale = False
    for path, wanted in generated(ROOT).items():
        present = path.read_text(encoding="utf-8") if path.is_file() else ""
        if present == wanted:
            continue
        stale = True
        if options.check:
            print(_difference(path.relative_to(ROOT), present, wanted))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    if stale and options.check:
        print("\nout of date; run docs/generate.py")
    return 1 if stale and options.check else 0


def generated(root: Path) -> dict[Path, str]:
    """Return every generated file's path and text, given what stands there now."""
    files = {}
    site = root / "meta" / "site_argument_specs.yml"
    if site.is_file():
        spec = _specs(site)["site"]
        files[root / "docs" / "site-model.md"] = site_page(spec)
    verify, page = root / "meta" / "verify_argument_specs.yml", root / "docs/how-to/verify.md"
    if verify.is_file() and page.is_file():
        table = _entry_points({"main": _specs(verify)["verify"]}, {})
        files[page] = with_block(page.read_text(encoding="utf-8"), table)
    for specs in sorted(root.glob("roles/*/meta/argument_specs.yml")):
        role = specs.parents[1]
        readme = role / "README.md"
        present = readme.read_text(encoding="utf-8") if readme.is_file() else ""
        files[readme] = role_page(role.name, _specs(specs), _defaults(role), present)
    return files


def site_page(spec: Mapping[str, Any]) -> str:
    """Return docs/site-model.md."""
    lines = [SITE_NOTE, "# The site model", "", "\n\n".join(_paragraphs(spec)), ""]
    lines += _table(spec.get("options", {}), {})
    return "\n".join([*lines, ""])


def role_page(
    name: str, specs: Mapping[str, Any], defaults: Mapping[str, Any], present: str
) -> str:
    """Return a role's README: the words that are there, and a fresh block of variables."""
    table = list(_entry_points(specs, defaults))
    if BEGIN in present and END in present:
        return with_block(present, table)
    main_spec = specs.get("main", {})
    words = present.rstrip() or f"# {name}\n\n" + "\n\n".join(_paragraphs(main_spec))
    return with_block(f"{words}\n\n## Variables\n\n{BEGIN}{END}\n", table)


def with_block(present: str, table: Iterable[str]) -> str:
    """Return a page with a fresh block of variables between the two marks."""
    head, _begin, rest = present.partition(BEGIN)
    block = "\n".join([BEGIN, *table, END])
    return f"{head}{block}{rest.partition(END)[2]}"


def _entry_points(specs: Mapping[str, Any], defaults: Mapping[str, Any]) -> Iterator[str]:
    for entry, spec in sorted(specs.items(), key=lambda pair: (pair[0] != "main", pair[0])):
        if entry != "main":
            yield from ("", f"### `tasks_from: {entry}`", "", "\n\n".join(_paragraphs(spec)), "")
        options = spec.get("options", {})
        yield from _table(options, defaults) if options else ["No variables."]


def _table(options: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[str]:
    lines = ["| variable | type | default | meaning |", "|---|---|---|---|"]
    for where, option in _flat(options, ""):
        default = _default(option, defaults.get(where))
        lines.append(f"| `{where}` | {_type(option)} | {default} | {_meaning(option)} |")
    return lines


def _flat(options: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Walk the options, nested ones after their parent, named by their path."""
    for name, option in options.items():
        where = f"{prefix}{name}"
        yield where, option
        inside = f"{where}[]." if option.get("type") == "list" else f"{where}."
        yield from _flat(option.get("options") or {}, inside)


def _type(option: Mapping[str, Any]) -> str:
    kind = str(option.get("type", "str"))
    return f"{kind} of {option['elements']}" if "elements" in option else kind


def _default(option: Mapping[str, Any], value: object) -> str:
    if option.get("required"):
        return "required"
    if "default" in option:
        return f"`{_literal(option['default'])}`"
    if isinstance(value, str) and "postern.mail.site" in value:
        return "from the site model"
    return "see `defaults/main.yml`" if value not in (None, "") else ""


def _literal(value: object) -> str:
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    return text.replace("|", "\\|").replace("\n", " ")


def _meaning(option: Mapping[str, Any]) -> str:
    words = [" ".join(_paragraphs(option)).replace("\n", " ")]
    if "choices" in option:
        words.append(f"One of {', '.join(f'`{choice}`' for choice in option['choices'])}.")
    if option.get("no_log"):
        words.append("Secret.")
    return " ".join(words).replace("|", "\\|")


def _paragraphs(spec: Mapping[str, Any]) -> list[str]:
    """Return a description's paragraphs, with Ansible's markup as Markdown."""
    raw = spec.get("description") or spec.get("short_description") or ""
    texts = [raw] if isinstance(raw, str) else raw
    return [_markdown(" ".join(str(text).split())) for text in texts]


def _markdown(text: str) -> str:
    for pattern, replacement in MARKUP:
        text = re.sub(pattern, replacement, text)
    return text


def _specs(path: Path) -> Mapping[str, Any]:
    specs: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]
    return specs


def _defaults(role: Path) -> Mapping[str, Any]:
    path = role / "defaults" / "main.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {} if path.is_file() else {}


def _difference(name: Path, present: str, wanted: str) -> str:
    lines = difflib.unified_diff(
        present.splitlines(), wanted.splitlines(), f"{name}", f"{name} (generated)", lineterm=""
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
