"""What amavis is told: whose mail it searches for what, and what becomes of what it finds."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child

from .notices import Notice, read_notices

ENDING = re.compile(r"[a-z0-9][a-z0-9_+-]*")
_PATH = re.compile(r"/[A-Za-z0-9/._-]+")
_BREAKS = dict.fromkeys(map(ord, "\n\r\0"))  # refused by themselves
# What runs where it is opened, or makes a program run.
DANGEROUS = (
    *("ade", "adp", "appinstaller", "appx", "bat", "chm", "cmd", "com", "cpl", "dll", "exe", "hlp"),
    *("hta", "img", "inf", "ins", "iso", "isp", "jar", "js", "jse", "lib", "lnk", "mde", "msc"),
    *("msi", "msix", "msp", "mst", "one", "pif", "ps1", "reg", "scr", "sct", "settingcontent-ms"),
    *("shb", "sys", "url", "vb", "vbe", "vbs", "vhd", "vhdx", "vxd", "wsc", "wsf", "wsh", "xll"),
)


@dataclass(frozen=True)
class Scanner:
    """What looks for viruses: ClamAV behind a socket, or a program with its exit codes."""

    name: str
    socket: str = ""
    argv: tuple[str, ...] = ()
    clean: tuple[int, ...] = (0,)
    infected: tuple[int, ...] = (1,)
    virus_name: str = ""


@dataclass(frozen=True)
class Attachments:
    """Which attachments may pass, by endings of names, in archives too.

    policy: allow_all, allow_only (only `endings` pass) or block (`endings` don't).
    """

    policy: str = "allow_all"
    endings: tuple[str, ...] = ()
    locked_archives: str = "pass"


@dataclass(frozen=True)
class Scores:
    """SpamAssassin's score from which mail is marked, and from which it goes into quarantine."""

    marked: float = 5.0
    quarantined: float | None = None


@dataclass(frozen=True)
class Amavis:
    """All of it.

    takes: lmtp (an agent hands over what it has in its queue) or milter (before it accepts).
    filtered: the socket that takes back what was searched, by SMTP.
    exempt: recipients to whom what was found goes all the same, by virus, spam, attachments.
    quarantine_days: how long a message is kept there; 0 keeps it for ever.
    notices: texts for recipient, sender and administrator in place of amavis' own.
    """

    hostname: str
    domain: str
    domains: tuple[str, ...]
    networks: tuple[str, ...] = ()
    virusalert: str = ""
    scanners: tuple[Scanner, ...] = ()
    spam: bool = False
    scores: Scores = Scores()
    network_tests: bool = True
    attachments: Attachments = Attachments()
    when_broken: str = "defer"
    warn_recipients: bool = True
    warn_senders: str = "own"
    stopped: str = "quarantine"
    exempt: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    concurrency: int = 2
    takes: str = "lmtp"
    sockets: str = "/run/postern-filter"
    filtered: str = "/run/postern-filtered/socket"
    quarantine_days: int = 0
    notices: Mapping[str, Notice] = field(default_factory=dict)


def amavis_of(params: Mapping[str, Any]) -> tuple[Amavis, list[Problem]]:
    """Return the model of the module's options, and every problem of them."""
    kept = params["attachments"] or {}
    endings = tuple(str(one).lower() for one in kept.get("types") or ())
    policy = kept.get("policy") or "allow_all"
    if policy == "block" and not endings:
        endings = DANGEROUS
    scores = params["spam_scores"] or {}
    marked = scores.get("marked")
    given = {kind: one for kind, one in (params["notices"] or {}).items() if one}
    notices, untold = read_notices("notices", given)
    amavis = Amavis(
        hostname=params["hostname"],
        domain=params["domain"],
        domains=tuple(params["domains"]),
        networks=tuple(params["networks"]),
        virusalert=params["virusalert"] or "",
        scanners=tuple(map(_scanner, params["scanners"])),
        spam=params["spam"],
        scores=Scores(Scores.marked if marked is None else marked, scores.get("quarantined")),
        network_tests=params["network_tests"],
        attachments=Attachments(policy, endings, kept.get("locked_archives") or "pass"),
        when_broken=params["when_broken"],
        warn_recipients=params["warn_recipients"],
        warn_senders=params["warn_senders"],
        stopped=params["stopped"],
        exempt=_exempt(params["exempt"] or {}),
        concurrency=params["concurrency"],
        takes=params["takes"],
        sockets=params["socket_directory"],
        filtered=params["filtered_socket"],
        quarantine_days=params["quarantine_days"],
        notices=notices,
    )
    return amavis, [*_unwritable(params), *_problems(amavis), *untold]


def _exempt(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {kind: tuple(map(str, who)) for kind, who in raw.items() if who}


def _scanner(raw: Mapping[str, Any]) -> Scanner:
    return Scanner(
        name=raw["name"],
        socket=raw.get("socket") or "",
        argv=tuple(raw.get("argv") or ()),
        clean=tuple(raw.get("clean") or (0,)),
        infected=tuple(raw.get("infected") or (1,)),
        virus_name=raw.get("virus_name") or "",
    )


def _unwritable(params: Mapping[str, Any]) -> Iterator[Problem]:
    for where, text in _texts("", {**params, "notices": {}}):
        if any(sign in text for sign in "\n\r\0"):
            yield Problem(where, "has a line break in it")
    for where in ("socket_directory", "filtered_socket"):
        if not _PATH.fullmatch(params[where].translate(_BREAKS)):
            hint = "letters, digits, and any of / . _ -"
            yield Problem(where, f'"{params[where]}" is no path for a socket', hint)


def _texts(where: str, value: object) -> Iterator[tuple[str, str]]:
    """Walk through everything that is written, with its place."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _texts(child(where, key), one)
    elif isinstance(value, (list, tuple)):
        for number, one in enumerate(value):
            yield from _texts(child(where, number), one)


def _problems(amavis: Amavis) -> Iterator[Problem]:
    for number, scanner in enumerate(amavis.scanners):
        yield from _scanner_problems(f"scanners[{number}]", scanner)
    for number, ending in enumerate(amavis.attachments.endings):
        if not ENDING.fullmatch(ending):
            hint = "write it without the dot, like pdf"
            yield Problem(f"attachments.types[{number}]", f'"{ending}" is no ending', hint)
    if amavis.attachments.policy == "allow_only" and not amavis.attachments.endings:
        yield Problem("attachments.types", "is empty, so no attachment would pass", "name some")
    if amavis.quarantine_days < 0:
        what = f"{amavis.quarantine_days} is no number of days"
        yield Problem("quarantine_days", what, "1 or more, or 0 to keep all of it")
    if amavis.concurrency < 1:
        yield Problem("concurrency", f"{amavis.concurrency} searches no mail", "1 or more")
    if amavis.stopped == "reject" and amavis.takes != "milter":
        hint = "the agent has accepted the mail by then: set takes: milter"
        yield Problem("stopped", "reject comes too late", hint)
    low, high = amavis.scores.marked, amavis.scores.quarantined
    if high is not None and high < low:
        yield Problem("spam_scores.quarantined", f"{high} is less than marked, {low}")


def _scanner_problems(where: str, scanner: Scanner) -> Iterator[Problem]:
    if bool(scanner.socket) == bool(scanner.argv):
        yield Problem(where, "has neither or both of socket and argv", "give one of them")
    if {*scanner.clean} & {*scanner.infected}:
        yield Problem(f"{where}.infected", "has an exit code that is also one of clean")
    if scanner.argv and not scanner.argv[0].startswith("/"):
        hint = "write the whole path of the program"
        yield Problem(f"{where}.argv[0]", f'"{scanner.argv[0]}" is no path', hint)
    if _unreadable(scanner.virus_name):
        hint = "a regular expression whose first group is the virus' name"
        yield Problem(f"{where}.virus_name", f'"{scanner.virus_name}" is no pattern', hint)


def _unreadable(pattern: str) -> bool:
    try:
        return bool(pattern) and ("'" in pattern or re.compile(pattern).groups < 1)
    except re.error:
        return True
