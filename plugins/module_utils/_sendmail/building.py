"""What m4 makes of an mc file, and whether that is what the model says."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child, show

from .known import Known
from .m4 import render_m4
from .mc import option_lines, statements
from .model import Configuration, Mc
from .render import MC

_PLACES = {"sendmail": "mc", "submit": "submit"}
# What a feature adds to by itself, so that the value given is not all of it.
_ADDED_TO = ("confINPUT_MAIL_FILTERS",)


def build(wanted: Configuration, known: Known) -> tuple[dict[str, str], list[Problem]]:
    """Return each sendmail.cf by its live path, and what m4 or a comparison objects to."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        mail = pool.submit(_build, wanted.mc, "sendmail", known)
        submit = pool.submit(_build, wanted.submit, "submit", known)
        built = {"sendmail": mail.result(), "submit": submit.result()}
    texts = {MC[name][1]: text for name, (text, _problems) in built.items()}
    return texts, [problem for _text, problems in built.values() for problem in problems]


def _build(mc: Mc, name: str, known: Known) -> tuple[str, list[Problem]]:
    where = _PLACES[name]
    outcome = run(["m4", "-"], stdin=render_m4(statements(mc)))
    if outcome.err.strip() or not outcome.ok:
        said = " ".join(outcome.err.split()) or f"nothing, but ends with {outcome.rc}"
        return outcome.out, [Problem(where, f"m4 says: {said}")]
    return outcome.out, list(unfaithful(outcome.out, mc, where, known.options))


def unfaithful(cf: str, mc: Mc, where: str, options: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what m4 made something else of: each value has to come out as it went in."""
    lines = frozenset(cf.splitlines())
    for name, value in mc.defines:
        option = options.get(name)
        if option is None or value is None or name in _ADDED_TO:
            continue
        wanted = f"O {option}={value}" if value else f"O {option}"
        if wanted not in lines:
            at = child(child(where, "defines"), name)
            yield Problem(at, f"m4 makes something else of {show(value)}", _found(lines, option))
    for line in option_lines(mc):
        if line not in lines:
            yield Problem(where, f"m4 makes something else of {show(line)}")


def _found(lines: frozenset[str], option: str) -> str:
    found = sorted(line for line in lines if line.startswith((f"O {option}=", f"#O {option}=")))
    return f"it makes {show(found[0])}" if found else ""
