"""Judge all hosts of a site: each for itself, then together; one list of problems for all."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import (
    Options,
    check,
    show,
    steps,
)
from ansible_collections.postern.mail.plugins.module_utils._site.checks import check_site
from ansible_collections.postern.mail.plugins.module_utils._site.checks_roles import check_roles
from ansible_collections.postern.mail.plugins.module_utils._site.findings import Finding, parted
from ansible_collections.postern.mail.plugins.module_utils._site.lists import Lists
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.parse import parse_site

_SHOWN_HOSTS = 3
_OWN_WORDS = frozenset(("account", "certificate", "email"))  # near ours, and words of their own
_LONG_WORD = 6
_NAMELESS = frozenset(("password", "password_hash", "quota", "backup", "locked", "sends_as"))
_NAMING = frozenset(
    ("mail_domain", "mail_domains", "mail_accounts", "mail_aliases", "mail_alias_files")
) | {"mail_relay_domains", "mail_backup"}
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True)
class Verdict:
    """What is to be said about one host; `site` is None when too little could be read."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    site: Site | None = None


def _no_lists(_site: Site) -> tuple[Lists, list[Finding]]:
    return Lists(), []


def judge_host(
    options: Options,
    raw: Mapping[str, Any],
    unread: Sequence[Problem] = (),
    read_lists: Callable[[Site], tuple[Lists, list[Finding]]] = _no_lists,
) -> Verdict:
    """Judge one host's mail_* variables.

    `raw` has no variables that aren't options; it has UNREAD in the places of `unread`.
    `read_lists` returns what the long lists of a site declare, and what is wrong with them.
    """
    model, structural = check(options, raw)
    problems = [*unread, *structural]
    site, unparsed = parse_site(model)
    # What is wrong in its structure was left out, and isn't said again as missing.
    said = {problem.where for problem in problems}
    problems += [problem for problem in unparsed if problem.where not in said]
    if site is None:
        return Verdict(tuple(problems))
    complete = site.complete and not any(_hides(problem) for problem in (*unread, *structural))
    lists, listed = read_lists(site)
    refused, said_of_lists = parted(listed)
    complete = complete and lists.complete
    site = replace(site, complete=complete, lists=lists)
    found, warnings = check_site(site)
    return Verdict((*problems, *refused, *found), (*said_of_lists, *warnings), site)


def _hides(problem: Problem) -> bool:
    """Say whether a name that others may refer to can be hidden in what couldn't be read."""
    path = steps(problem.where)
    if path[0] not in _NAMING:
        return False
    nameless = not _NAMELESS.isdisjoint(path)
    nameless = nameless or any(f'"{name}"' in problem.hint for name in _NAMELESS)
    return not nameless and not problem.what.startswith("has ")


def judge_roles(roles: Mapping[str, Options], variables: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is structurally wrong with role variables that are given."""
    for options in roles.values():
        yield from _given(options, variables)[1]


def judge_beside(
    site: Site, roles: Mapping[str, Options], variables: Mapping[str, Any]
) -> tuple[list[Problem], list[Problem]]:
    """Return the problems and the warnings about role variables that undo what the site says."""
    sound: dict[str, Any] = {}
    said: set[str] = set()
    for options in roles.values():
        values, structural = _given(options, variables)
        sound |= values
        said.update(problem.where for problem in structural)
    found = check_roles(site, sound)
    return parted(finding for finding in found if finding.problem.where not in said)


def _given(options: Options, variables: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    given = {name: variables[name] for name in options if name in variables}
    return check({name: {**options[name], "required": False} for name in given}, given)


def unknown_names(
    site: Options, roles: Mapping[str, Options], names: Iterable[str]
) -> Iterator[Problem]:
    """Yield the names that look like ours and that nothing knows."""
    known = {"mail": set(site), **{role: set(options) for role, options in roles.items()}}
    everything = set().union(*known.values())
    prefixes = sorted(known, key=len, reverse=True)
    for name in names:
        prefix = next((prefix for prefix in prefixes if name.startswith(f"{prefix}_")), None)
        if prefix is None and (meant := _slipped(name, known)):
            yield Problem(name, "no such variable", f'did you mean "{meant}"?')
        elif prefix and name not in everything:
            # The prefix is the same: only what follows it tells how near a name is.
            start = len(prefix) + 1
            found = get_close_matches(
                name[start:], sorted(own[start:] for own in known[prefix]), n=1
            )
            hint = f'did you mean "{prefix}_{found[0]}"?' if found else ""
            yield Problem(name, "no such variable", hint)


def _slipped(name: str, known: Mapping[str, set[str]]) -> str | None:
    """Return the variable that was meant when only a finger slipped in its first word."""
    word, _low, rest = name.partition("_")
    if word in _OWN_WORDS or not rest:
        return None
    meant = (prefix for prefix in known if _one_slip(word, prefix))
    found = (get_close_matches(f"{prefix}_{rest}", known[prefix], 1, 0.9) for prefix in meant)
    return next((names[0] for names in found if names), None)


def _one_slip(word: str, meant: str) -> bool:
    """Say whether one letter is lacking, doubled or changed, or two have changed places."""
    if abs(len(word) - len(meant)) == 1:
        short, long = sorted((word, meant), key=len)
        return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))
    wrong = [n for n, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b]
    if len(word) != len(meant) or len(wrong) > 2:
        return False
    if len(wrong) == 1:
        return len(word) >= _LONG_WORD  # main_domain may well be somebody's own
    first, last = wrong[0], wrong[-1]
    return last == first + 1 and word[first] == meant[last] and word[last] == meant[first]


def joined_names(joined: Iterable[str], names: Container[str]) -> Iterator[Problem]:
    """Yield the names that the playbook itself sets; a value of the inventory would not hold."""
    for name in joined:
        if name in names:
            what = "is set by site.yml from what the roles publish, and would be ignored"
            yield Problem(name, what, "leave it out; see the role's README for what is yours")


def gather(
    said: Mapping[str, Iterable[Problem]], place: Callable[[str, str], str] = lambda host, path: ""
) -> list[Problem]:
    """Return the problems of all hosts as one list.

    What is the same on all of them is said once, anything else names its hosts. `place` tells in
    which file and line a path stands for a host, or returns an empty string.
    """
    hosts_of: dict[Problem, list[str]] = {}
    for host, problems in said.items():
        for problem in problems:
            where = (
                f"{problem.where} ({at})" if (at := place(host, problem.where)) else problem.where
            )
            hosts = hosts_of.setdefault(replace(problem, where=where), [])
            if host not in hosts:
                hosts.append(host)
    everywhere = len(said)
    return [
        problem
        if len(hosts) == everywhere
        else replace(problem, where=f"{_names(hosts)}: {problem.where}")
        for problem, hosts in hosts_of.items()
    ]


def _names(hosts: list[str]) -> str:
    shown = ", ".join(hosts[:_SHOWN_HOSTS])
    more = len(hosts) - _SHOWN_HOSTS
    return f"{shown} and {more} more" if more > 0 else shown


def secrets_of(options: Options, values: object) -> Iterator[str]:
    """Yield every value whose option is secret, as a message would quote it."""
    for name, option in options.items():
        value = values.get(name) if isinstance(values, Mapping) else None
        if option.get("no_log") and value is not None:
            yield show(str(value))
        elif option.get("options"):
            for part in value if isinstance(value, (list, tuple)) else [value]:
                yield from secrets_of(option["options"], part)


def masked(text: str, secrets: Container[str]) -> str:
    """Return a text in which no quoted value is a secret, wherever it was written by mistake."""
    return _QUOTED.sub(lambda found: '"********"' if found[0] in secrets else found[0], text)
