"""Cyrus' own checker on staged files: unknown options with the nearest known, refused values."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome, run
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest

from .model import Cyrus
from .render import render_layout, render_settings

CHECKER = "/usr/lib/cyrus/bin/cyr_info"
_USER = "cyrus"
_FATAL = re.compile(r"fatal error: (?P<words>.* for (?P<name>\S+)) in line \d+", re.IGNORECASE)
_LEAST = Cyrus({"configdirectory": "/var/lib/cyrus", "partition-default": "/var/spool/cyrus/mail"})
_ROUNDS = 50  # the checker stops at the first refused value: so many are told at once


def lint(cyrus: Cyrus) -> list[Problem]:
    """Let the host's own Cyrus read the files; an empty list means that it takes them."""
    settings = dict(cyrus.settings)
    problems: list[Problem] = []
    for _round in range(_ROUNDS):
        outcome = _ask("conf-lint", Cyrus(settings, cyrus.layout))
        refused = refusal(outcome)
        if refused is None:
            unknown = unknown_options(outcome.out, cyrus, _known_options())
            return [*problems, *unknown, *unsafe(cyrus)]
        problems.append(refused)
        name = refused.where.removeprefix("settings.")
        if settings.pop(name, None) is None:
            break
    return problems


def understood(cyrus: Cyrus) -> Cyrus:
    """Return what this Cyrus understands: 3.6 begins TLS unasked, 3.10 where it is told to."""
    settings = cyrus.settings
    names = {name for name in settings if name.endswith("_allowstarttls")}
    if not names or "allowstarttls" in _known_options():
        return cyrus
    return Cyrus({k: v for k, v in settings.items() if k not in names}, cyrus.layout)


def refusal(outcome: Outcome) -> Problem | None:
    """Return the checker's fatal error as a problem, or None when it read everything."""
    if outcome.ok:
        return None
    found = _FATAL.search(outcome.words)
    if found is None:
        return Problem("imapd.conf", outcome.words or f"the checker ended with {outcome.rc}")
    return Problem(f"settings.{found['name']}", found["words"])


def unknown_options(listed: str, cyrus: Cyrus, known: frozenset[str]) -> list[Problem]:
    """Return a problem for each option that the checker lists as unknown."""
    names = sorted(
        {name for line in listed.splitlines() if (name := line.partition(":")[0].strip())}
    )
    return [
        Problem(f"settings.{name}", "Cyrus has no such option", _nearest(name, cyrus, known))
        for name in names
        if name in cyrus.settings
    ]


def unsafe(cyrus: Cyrus) -> list[Problem]:
    """Return a problem for what Cyrus takes, and then does wrong."""
    if cyrus.settings.get("search_engine") != "squat":
        return []
    what = '"squat" makes searches miss messages, in 3.6 and in 3.10'
    return [Problem("settings.search_engine", what, "leave it out, searches need no index")]


def _nearest(name: str, cyrus: Cyrus, known: frozenset[str]) -> str:
    """Look for the nearest name also behind the name of a service, as in `imap_timeout`.

    The checker's own list has names that it then calls unknown, such as 3.10's quotawarn.
    """
    known -= {name}
    for service in cyrus.layout.services:
        if name.startswith(f"{service.name}_"):
            prefixed = frozenset(f"{service.name}_{option}" for option in known)
            return nearest(name, prefixed | known)
    return nearest(name, known)


def _known_options() -> frozenset[str]:
    outcome = _ask("conf-default", _LEAST)
    return frozenset(line.partition(":")[0] for line in outcome.out.splitlines() if ":" in line)


def _ask(question: str, cyrus: Cyrus) -> Outcome:
    """Let the checker read a staged copy of the files."""
    files: Mapping[str, str] = {
        "imapd.conf": render_settings(cyrus.settings),
        "cyrus.conf": render_layout(cyrus.layout),
    }
    with tempfile.TemporaryDirectory(prefix="postern-staged-") as stage:
        for name, text in files.items():
            (Path(stage) / name).write_text(text, encoding="utf-8")
        shutil.chown(stage, _USER)  # the checker gives up root's rights first
        return run([CHECKER, "-C", f"{stage}/imapd.conf", "-M", f"{stage}/cyrus.conf", question])
