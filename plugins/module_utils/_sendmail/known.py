"""What the installed Sendmail's macros know: features, mailers, defines, and the options behind."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child, show

from .mc import CF_FOLDER
from .model import Mc

_KINDS = ("domain", "feature", "mailer", "ostype")
# Where a macro is asked for or given its first value: only such a name does anything.
_USED = re.compile(
    r"(?:ifdef|define|undefine|defn|_DEFIFNOT|_OPTINS)\(`([A-Za-z][A-Za-z0-9_]*)'|\bconf[A-Z0-9_]+\b"
)
_OPTION = re.compile(r"_OPTION\((\w+(?:\.\w+)*), `(\w+)'")


@dataclass(frozen=True)
class Known:
    """Names by their kind, and the options of sendmail.cf by the macros that set them."""

    files: Mapping[str, frozenset[str]] = field(default_factory=dict)
    macros: frozenset[str] = frozenset()
    options: Mapping[str, str] = field(default_factory=dict)


def read_known(folder: str = CF_FOLDER) -> Known | None:
    """Return what the host's own macros know, or None where there are none."""
    top = Path(folder)
    if not (top / "m4/cf.m4").is_file():
        return None
    names = {kind: frozenset(path.stem for path in (top / kind).glob("*.m4")) for kind in _KINDS}
    texts = [path.read_text(encoding="latin-1") for path in sorted(top.glob("m4/*.m4"))]
    texts += [
        path.read_text(encoding="latin-1")
        for kind in ("domain", "feature", "hack", "mailer")
        for path in sorted((top / kind).glob("*.m4"))
    ]
    texts.append((top / "ostype/debian.m4").read_text(encoding="latin-1"))
    return known_of(names, "\n".join(texts))


def known_of(files: Mapping[str, frozenset[str]], text: str) -> Known:
    """Return what macros of that text know."""
    macros = {found[1] or found[0] for found in _USED.finditer(text)}
    options = {macro: option for option, macro in _OPTION.findall(text)}
    return Known(files, frozenset(macros | {*options}), options)


def strangers(mc: Mc, known: Known, where: str) -> Iterator[Problem]:
    """Yield each name that the installed macros don't know, with the nearest that they do."""
    for kind in ("ostype", "domain"):
        yield from _unknown(child(where, kind), getattr(mc, kind), known.files[kind])
    for name, _value in mc.defines:
        yield from _unknown(child(child(where, "defines"), name), name, known.macros)
    for number, feature in enumerate(mc.features):
        at = child(child(where, "features"), number)
        yield from _unknown(at, feature.name, known.files["feature"])
    for number, mailer in enumerate(mc.mailers):
        yield from _unknown(child(child(where, "mailers"), number), mailer, known.files["mailer"])


def _unknown(where: str, name: str, names: frozenset[str]) -> Iterator[Problem]:
    if name not in names:
        yield Problem(where, f"Sendmail knows no {show(name)}", nearest(name, names))
