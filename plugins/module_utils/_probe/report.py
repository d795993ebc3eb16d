"""What came of all probes, ordered for a reader; the reports in every form start here."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .model import BROKEN, KEPT, SKIPPED

# The order in which a reader wants to know it.
TOPICS = {
    "Mail flows": (
        *("delivery", "local_delivery", "fetch", "submit", "arrival", "removal"),
        *("mx", "recipient_accepted"),
    ),
    "Who gets in": (
        "login",
        "wrong_password_refused",
        "plaintext_login_refused",
        "forging_refused",
    ),
    "Encryption": ("certificate", "starttls", "starttls_injection", "old_tls_refused"),
    "Strangers are turned away": ("relay_refused", "unknown_recipient_refused", "verbs_off"),
    "Nothing else shows": ("elsewhere", "no_listener", "ports_open", "ports_closed", "banner"),
}
OTHER_TOPIC = "Other"
# What several lines of a kind say together.
TOGETHER = {
    "banner": "Greetings tell neither version nor system",
    "certificate": "Certificates bear their names, verify, and last",
    "forging_refused": "Nobody writes in another account's name",
    "login": "The account logs in, certificates verified",
    "mx": "Mail for the site's domains is led here (MX)",
    "old_tls_refused": "TLS older than 1.2 is refused",
    "plaintext_login_refused": "No password is taken without TLS",
    "recipient_accepted": "Addresses that must exist are accepted",
    "relay_refused": "Strangers cannot relay, in any form",
    "starttls": "STARTTLS is offered and works",
    "starttls_injection": "Commands slipped in before TLS are forgotten",
    "unknown_recipient_refused": "Unknown recipients are refused at once, without a bounce",
    "verbs_off": "VRFY and EXPN tell nobody who exists",
    "wrong_password_refused": "A wrong password is refused",
}
_NOT_SHOWN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Line:
    """One promise and what came of it, as a reader sees it."""

    name: str
    promise: str
    state: str
    detail: str
    seconds: float
    evidence: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    seen_from: str = ""

    @property
    def kind(self) -> str:
        """The first part of the name."""
        return self.name.partition(":")[0]

    @property
    def topic(self) -> str:
        """Under which heading it stands."""
        return next((title for title, kinds in TOPICS.items() if self.kind in kinds), OTHER_TOPIC)


def condensed(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with kept ones of the same kind told as one, in the place of the first."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        alike = line.state == KEPT and line.kind in TOGETHER
        found.setdefault(line.kind if alike else f"{len(found)} alone", []).append(line)
    return [group[0] if len(group) == 1 else _together(group) for group in found.values()]


def _together(lines: Sequence[Line]) -> Line:
    variants = [line.name.partition(":")[2].partition(":")[0] for line in lines]
    detail = ", ".join(
        name if variants.count(name) == 1 else f"{name} ({variants.count(name)} ways)"
        for name in dict.fromkeys(variants)
    )
    days = _facts(lines, "days_left")
    return Line(
        name=lines[0].kind,
        promise=TOGETHER[lines[0].kind],
        state=KEPT,
        detail=f"{min(days)} days left: {detail}" if days else detail,
        seconds=max(line.seconds for line in lines),
    )


@dataclass(frozen=True)
class Section:
    """One host of the inventory and everything that was tried with it."""

    host: str
    server: str
    lines: tuple[Line, ...]

    def topics(self) -> Iterable[tuple[str, tuple[Line, ...]]]:
        """Yield the headings that have something to say, with their lines."""
        for title in (*TOPICS, OTHER_TOPIC):
            lines = tuple(line for line in self.lines if line.topic == title)
            if lines:
                yield title, lines

    @property
    def places(self) -> tuple[str, ...]:
        """Where it was seen from."""
        return tuple(dict.fromkeys(line.seen_from for line in self.lines if line.seen_from))


@dataclass(frozen=True)
class Report:
    """All hosts."""

    sections: tuple[Section, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all hosts."""
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def figures(self) -> dict[str, Any]:
        """What stands at the top: counts, the slowest delivery, the nearest expiry."""
        return {
            **count(self.lines),
            "round_trip_seconds": max(_facts(self.lines, "round_trip_seconds"), default=None),
            "days_left": min(_facts(self.lines, "days_left"), default=None),
        }

    def broken(self) -> list[tuple[Section, Line]]:
        """Return the broken promises with the host that broke them."""
        return [
            (section, line)
            for section in self.sections
            for line in section.lines
            if line.state == BROKEN
        ]


def count(lines: Sequence[Line]) -> dict[str, int]:
    """Return how many promises there are in each state."""
    return {state: sum(line.state == state for line in lines) for state in (KEPT, BROKEN, SKIPPED)}


def verdict(report: Report) -> str:
    """Return the whole report in one sentence."""
    figures = count(report.lines)
    tried = figures[KEPT] + figures[BROKEN]
    if not tried:
        return "Nothing was tried"
    if figures[BROKEN]:
        verb = "is" if figures[BROKEN] == 1 else "are"
        return f"{figures[BROKEN]} of {tried} promises {verb} broken"
    return f"All {tried} promises are kept"


def broken_sentences(report: Report) -> list[str]:
    """Return a sentence for each broken promise; a report in which nothing was kept has one."""
    broken = [
        f"{section.host}: broken: {line.promise}: {line.detail}"
        for section, line in report.broken()
    ]
    proven = any(line.state == KEPT for line in report.lines)
    return broken if broken or proven else [f"{verdict(report)}."]


def read_report(probes: object) -> Report:
    """Return the report of {host: what mail_probe returned}; ValueError for something else.

    A host may have several probes, as a list. A probe that failed by itself, or never ran, is a
    broken promise too: what was not proven does not hold.
    """
    if not isinstance(probes, Mapping):
        raise ValueError("wanted is a dictionary: host, and what mail_probe returned for it")
    if isinstance(probes.get("results"), Sequence):
        servers = [str(result.get("server")) for result in _results(probes)]
        probes = {servers[0] if servers else "server": probes}
    sections = (_section(str(host), probe) for host, probe in probes.items())
    return Report(tuple(section for section in sections if section.lines))


def _section(host: str, probe: object) -> Section:
    parts = list(probe) if isinstance(probe, Sequence) and not isinstance(probe, str) else [probe]
    lines = tuple(line for part in parts for line in _lines(part))
    raw = [result for part in parts if isinstance(part, Mapping) for result in _results(part)]
    return Section(host, str(raw[0].get("server", host)) if raw else host, lines)


def _results(probe: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    results = probe.get("results")
    return [part for part in results if isinstance(part, Mapping)] if results else []


def _lines(probe: object) -> Iterable[Line]:
    if not isinstance(probe, Mapping):
        yield _failed("it did not run")
        return
    if probe.get("skipped"):
        return
    if "results" not in probe:
        yield _failed(str(probe.get("msg", "it did not run")))
        return
    yield from (_line(raw) for raw in _results(probe))


def _failed(why: str) -> Line:
    return Line("probe", "The probe itself runs", BROKEN, readable(why), 0.0)


def _line(raw: Mapping[str, Any]) -> Line:
    return Line(
        name=str(raw["name"]),
        promise=readable(str(raw["promise"])),
        state=str(raw["state"]),
        detail=readable(str(raw["detail"])),
        seconds=float(raw["seconds"]),
        evidence=tuple(readable(str(line)) for line in raw.get("evidence") or ()),
        facts=dict(raw.get("facts") or {}),
        seen_from=str(raw.get("seen_from") or ""),
    )


def readable(text: str) -> str:
    """Return the text without what no terminal, XML or page can show."""
    return _NOT_SHOWN.sub("\N{REPLACEMENT CHARACTER}", text)


def _facts(lines: Iterable[Line], name: str) -> list[float]:
    return [line.facts[name] for line in lines if name in line.facts]
