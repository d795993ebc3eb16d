"""Checks of an mc file that need no Sendmail: form, quotes, values, what belongs together."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child, show

from .m4 import can_be_carried, can_be_quoted
from .model import Daemon, Dnsbl, Mc, Milter, OwnMailer
from .words import (
    BOOLEANS,
    FLAG_CHANGE,
    MAILER_FLAGS,
    MODIFIERS,
    NUMBER,
    NUMBERS,
    TIME,
    TIMEOUT_LETTERS,
    TRUE_OR_FALSE,
)

_MACRO = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_WORD = re.compile(r"[A-Za-z0-9_.-]+\Z")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\Z")
_ADDRESS = re.compile(r"[A-Za-z0-9_.:/\[\]-]+\Z")
_SOCKET = re.compile(r"(?:(?:unix|local):/[^\s,]+|inet6?:\d+@[A-Za-z0-9_.:\[\]-]+)\Z")
_OWNER = re.compile(r"[a-z0-9_][a-z0-9_-]*(?::[a-z0-9_][a-z0-9_-]*)?\Z")
_RULESETS = re.compile(r"[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)?\Z")
_RESULT = re.compile(r"[0-9.$+*-]+\Z")
_PARAMETER = re.compile(r"\$[0-9*@#]")
_SECTIONS = ("local_config", "local_rule_0", "local_net_config", "local_rulesets")
_QUOTES = "m4's quotes can't be carried, nor a line break; write it without"
# What the model has an option of its own for, by the macro that somebody may define instead.
_ELSEWHERE = {
    "confINPUT_MAIL_FILTERS": "milters",
    "MASQUERADE_NAME": "masquerade.name",
    "confCF_VERSION": "",
}
_FEATURES_ELSEWHERE = {
    "greet_pause": "greet_pause_milliseconds",
    "enhdnsbl": "dnsbls",
    "dnsbl": "dnsbls",
    "masquerade_envelope": "masquerade.envelope",
    "masquerade_entire_domain": "masquerade.entire_domains",
    "allmasquerade": "masquerade.everything",
}


def check_mc(mc: Mc, where: str) -> list[Problem]:
    """Return everything that is wrong with an mc file by itself."""
    return [
        *_defines(mc, child(where, "defines")),
        *_features(mc, child(where, "features")),
        *_masquerade(mc, child(where, "masquerade")),
        *_daemons(mc, child(where, "daemon_options")),
        *_clients(mc, child(where, "client_options")),
        *_milters(mc.milters, child(where, "milters")),
        *_dnsbls(mc.dnsbls, child(where, "dnsbls")),
        *_mailers(mc, where),
        *_sections(mc, where),
    ]


def _quotable(where: str, *values: str) -> Iterator[Problem]:
    for value in values:
        if not can_be_quoted(value):
            yield Problem(where, f"{show(value)} has a quote or a control character", _QUOTES)


def _matches(pattern: re.Pattern[str], where: str, value: str, what: str) -> Iterator[Problem]:
    if not pattern.match(value):
        yield Problem(where, f"{show(value)} is no {what}")


def _defines(mc: Mc, where: str) -> Iterator[Problem]:
    for name, value in mc.defines:
        at = child(where, name)
        if not _MACRO.match(name):
            yield Problem(where, f"{show(name)} can't be the name of a macro")
        elif name in _ELSEWHERE:
            hint = f"use {_ELSEWHERE[name]}" if _ELSEWHERE[name] else "leave it to Debian"
            yield Problem(at, "is not for defines", hint)
        elif value is not None:
            yield from _quotable(at, value)
            yield from _typed(name, value, at)


def _typed(name: str, value: str, at: str) -> Iterator[Problem]:
    if name in NUMBERS:
        yield from _matches(NUMBER, at, value, "number")
    elif name in BOOLEANS and not TRUE_OR_FALSE.match(value):
        yield Problem(at, f"{show(value)} is no boolean", "write true or false")
    elif name.startswith("confTO_"):
        for part in value.split("/"):
            yield from _matches(TIME, at, part, "time of Sendmail, such as 5m or 1h30m")


def _features(mc: Mc, where: str) -> Iterator[Problem]:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for number, feature in enumerate(mc.features):
        at = child(where, number)
        if feature.name in _FEATURES_ELSEWHERE:
            hint = f"use {_FEATURES_ELSEWHERE[feature.name]}"
            yield Problem(at, f"{show(feature.name)} has an option of its own", hint)
        if not _WORD.match(feature.name):
            yield Problem(at, f"{show(feature.name)} can't be the name of a feature")
        if (feature.name, feature.arguments) in seen:
            yield Problem(at, f"{show(feature.name)} stands twice")
        seen.add((feature.name, feature.arguments))
        if len(feature.arguments) > 8:
            yield Problem(at, f"has {len(feature.arguments)} arguments", "8 at most")
        yield from _quotable(at, *feature.arguments)
        for value in feature.arguments:
            if _PARAMETER.search(value):
                yield Problem(at, f"{show(value)} has a $ that m4 takes for its own argument")


def _masquerade(mc: Mc, where: str) -> Iterator[Problem]:
    wanted = mc.masquerade
    if wanted.name:
        yield from _matches(_DOMAIN, child(where, "name"), wanted.name, "name of a domain")
    elif wanted.domains or wanted.exceptions or wanted.envelope or wanted.everything:
        yield Problem(where, "has no name", "say as whom senders appear")
    for key in ("domains", "exceptions"):
        for number, name in enumerate(getattr(wanted, key)):
            yield from _matches(_DOMAIN, child(child(where, key), number), name, "name of a domain")
    for number, name in enumerate(wanted.exposed_users):
        yield from _matches(_WORD, child(child(where, "exposed_users"), number), name, "user")


def _daemons(mc: Mc, where: str) -> Iterator[Problem]:
    names: dict[str, int] = {}
    for number, daemon in enumerate(mc.daemons):
        at = child(where, number)
        if daemon.name in names:
            yield Problem(
                child(at, "name"), f"{show(daemon.name)} is {where}[{names[daemon.name]}]"
            )
        names.setdefault(daemon.name, number)
        yield from _daemon(daemon, at)
        for name in daemon.milters or ():
            if name not in {milter.name for milter in mc.milters}:
                known = [milter.name for milter in mc.milters]
                yield Problem(child(at, "milters"), f"no milter {show(name)}", nearest(name, known))


def _daemon(daemon: Daemon, at: str) -> Iterator[Problem]:
    yield from _matches(_WORD, child(at, "name"), daemon.name, "name of a listener")
    if daemon.address:
        yield from _matches(_ADDRESS, child(at, "address"), daemon.address, "address")
    if daemon.port:
        yield from _port(child(at, "port"), daemon.port)
    if daemon.modifiers:
        yield from _modifiers(child(at, "modifiers"), daemon.modifiers)
    if daemon.family == "local" and not daemon.address.startswith("/"):
        yield Problem(child(at, "address"), "is missing", "give the socket's path")
    if daemon.children is not None and daemon.children < 0:
        yield Problem(child(at, "children"), f"{daemon.children} is less than 0")


def _modifiers(at: str, value: str) -> Iterator[Problem]:
    yield from _matches(MODIFIERS, at, value, "row of modifiers' letters")


def _port(at: str, value: str) -> Iterator[Problem]:
    if value.isdecimal():
        if not 0 < int(value) < 65536:
            yield Problem(at, f"{value} is no port")
    else:
        yield from _matches(_WORD, at, value, "port")


def _clients(mc: Mc, where: str) -> Iterator[Problem]:
    seen = set()
    for number, client in enumerate(mc.clients):
        at = child(where, number)
        if client.family in seen:
            yield Problem(at, f"{client.family} stands twice")
        seen.add(client.family)
        if client.address:
            yield from _matches(_ADDRESS, child(at, "address"), client.address, "address")
        if client.modifiers:
            yield from _modifiers(child(at, "modifiers"), client.modifiers)
    for number, name in enumerate(mc.mechanisms):
        at = child(where.replace("client_options", "trusted_mechanisms"), number)
        yield from _matches(re.compile(r"[A-Z0-9_-]+\Z"), at, name, "name of a mechanism")


def _milters(milters: Iterable[Milter], where: str) -> Iterator[Problem]:
    names: set[str] = set()
    for number, milter in enumerate(milters):
        at = child(where, number)
        yield from _matches(_WORD, child(at, "name"), milter.name, "name of a milter")
        if milter.name in names:
            yield Problem(child(at, "name"), f"{show(milter.name)} stands twice")
        names.add(milter.name)
        if not _SOCKET.match(milter.socket):
            hint = "write it like unix:/run/x.sock or inet:8891@127.0.0.1"
            yield Problem(child(at, "socket"), f"{show(milter.socket)} is no socket", hint)
        for letter, time in milter.timeouts:
            here = child(child(at, "timeouts"), letter)
            if letter not in TIMEOUT_LETTERS:
                yield Problem(here, "no such time", f"one of: {', '.join(TIMEOUT_LETTERS)}")
            yield from _matches(TIME, here, time, "time of Sendmail, such as 4m")


def _dnsbls(dnsbls: Iterable[Dnsbl], where: str) -> Iterator[Problem]:
    for number, dnsbl in enumerate(dnsbls):
        at = child(where, number)
        yield from _matches(_DOMAIN, child(at, "zone"), dnsbl.zone, "name of a domain")
        yield from _quotable(child(at, "text"), dnsbl.text)
        if '"' in dnsbl.text or "$" in dnsbl.text or not dnsbl.text.isascii():
            yield Problem(child(at, "text"), "has a mark that an answer can't carry", "plain words")
        if len(dnsbl.results) > 6:
            yield Problem(child(at, "results"), f"has {len(dnsbl.results)} entries", "6 at most")
        for place, result in enumerate(dnsbl.results):
            yield from _matches(_RESULT, child(child(at, "results"), place), result, "result")


def _mailers(mc: Mc, where: str) -> Iterator[Problem]:
    for number, name in enumerate(mc.mailers):
        at = child(child(where, "mailers"), number)
        yield from _matches(_WORD, at, name, "name of a mailer")
        if name in mc.mailers[:number]:
            yield Problem(at, f"{show(name)} stands twice")
    for name, flags in mc.mailer_flags:
        at = child(child(where, "mailer_flags"), name)
        if not re.match(r"[A-Z0-9]+\Z", name):
            yield Problem(
                at, "is not in capitals", "the mailer's name as MODIFY_MAILER_FLAGS has it"
            )
        yield from _matches(FLAG_CHANGE, at, flags, "row of flags")
    for number, mailer in enumerate(mc.own_mailers):
        yield from _own_mailer(mailer, child(child(where, "own_mailers"), number))
    if mc.greet_pause is not None and not 0 <= mc.greet_pause <= 300_000:
        at = child(where, "greet_pause_milliseconds")
        yield Problem(at, f"{mc.greet_pause} is not between 0 and 300000")


def _own_mailer(mailer: OwnMailer, at: str) -> Iterator[Problem]:
    yield from _matches(_WORD, child(at, "name"), mailer.name, "name of a mailer")
    yield from _matches(MAILER_FLAGS, child(at, "flags"), mailer.flags, "row of flags")
    for key in ("sender", "recipient"):
        if value := getattr(mailer, key):
            yield from _matches(_RULESETS, child(at, key), value, "pair of rulesets")
    if not (mailer.path == "[IPC]" or mailer.path.startswith("/")):
        yield Problem(
            child(at, "path"), f"{show(mailer.path)} is no program", "a full path or [IPC]"
        )
    if mailer.type:
        yield from _matches(
            re.compile(r"[\w-]+/[\w-]+/[\w-]+\Z"), child(at, "type"), mailer.type, "type"
        )
    if mailer.line_end:
        yield from _matches(
            re.compile(r"(?:\\[rn])+\Z"), child(at, "line_end"), mailer.line_end, "line end"
        )
    if mailer.user:
        yield from _matches(_OWNER, child(at, "user"), mailer.user, "user, or user and group")
    if mailer.line_length is not None and mailer.line_length < 0:
        yield Problem(child(at, "line_length"), f"{mailer.line_length} is less than 0")
    for key in ("path", "arguments"):
        yield from _quotable(child(at, key), getattr(mailer, key))
    if mailer.path == "[IPC]" and not re.match(
        r"(?:FILE /\S+|TCP \S+(?: \S+)?)\Z", mailer.arguments
    ):
        hint = "FILE PATH or TCP HOST PORT"
        yield Problem(child(at, "arguments"), f"{show(mailer.arguments)} names no socket", hint)


def _sections(mc: Mc, where: str) -> Iterator[Problem]:
    for key in _SECTIONS:
        for number, line in enumerate(getattr(mc, key)):
            at = child(child(where, key), number)
            if not can_be_carried(line):
                yield Problem(at, f"{show(line)} has a line break or another control character")
            if line.startswith("R") and "\t" not in line:
                yield Problem(at, f"{show(line)} has no tab", "a tab stands between a rule's sides")
            if line[:1] in (" ", ""):
                yield Problem(at, "is empty or begins with a space", "one line of sendmail.cf each")
