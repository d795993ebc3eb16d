"""Reports for terminals and for programs: table, JSON, JUnit XML."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from xml.etree import ElementTree

from .model import BROKEN, KEPT, SKIPPED
from .report import Line, Report, Section, condensed, count, verdict

MARKS = {KEPT: "✔", BROKEN: "✘", SKIPPED: "-"}
ASCII_MARKS = {KEPT: "ok", BROKEN: "NO", SKIPPED: "--"}
WIDEST_PROMISE = 78
NARROWEST_DETAIL = 30


def table(
    report: Report, *, width: int = 140, ascii_only: bool = False, every_line: bool = False
) -> str:
    """Return the report as a table for a terminal of that width."""
    marks = ASCII_MARKS if ascii_only else MARKS
    shown = [
        (section, [(title, lines if every_line else condensed(lines)) for title, lines in topics])
        for section, topics in ((section, section.topics()) for section in report.sections)
    ]
    every = [line for _section, topics in shown for _title, lines in topics for line in lines]
    promise_width = min(max((_width(line.promise) for line in every), default=0), WIDEST_PROMISE)
    detail_width = max(width - promise_width - 16, NARROWEST_DETAIL)
    rows: list[str] = []
    for section, topics in shown:
        rows += [_heading(section), ""]
        for title, lines in topics:
            rows.append(f"  {title}")
            for line in lines:
                rows += _rows(line, marks, promise_width, detail_width)
            rows.append("")
    text = "\n".join([*rows, *_ending(report)])
    return text.encode("ascii", "replace").decode() if ascii_only else text


def _heading(section: Section) -> str:
    places = f", seen from {' and '.join(section.places)}" if section.places else ""
    server = f" ({section.server})" if section.server != section.host else ""
    figures = count(section.lines)
    counts = ", ".join(f"{figures[state]} {state}" for state in figures if figures[state])
    return f"{section.host}{server}{places}: {counts or 'nothing was tried'}"


def _rows(
    line: Line, marks: dict[str, str], promise_width: int, detail_width: int
) -> Iterator[str]:
    """Yield a line's rows: a kept promise takes one, a broken one says everything."""
    promise = _wrap(line.promise, promise_width) or [""]
    detail = _wrap(line.detail, detail_width) or [""]
    if line.state == KEPT and len(detail) > 1:
        detail = [_cut(line.detail, detail_width)]
    for at in range(max(len(promise), len(detail))):
        mark = marks[line.state] if at == 0 else ""
        left = promise[at] if at < len(promise) else ""
        right = detail[at] if at < len(detail) else ""
        seconds = f"{line.seconds:6.2f} s" if at == 0 and line.state != SKIPPED else ""
        row = f"  {_pad(mark, 2)} {_pad(left, promise_width)}  {seconds:>8}  {right}"
        yield row.rstrip()


def _ending(report: Report) -> list[str]:
    figures = report.figures
    rows = [f"{verdict(report)}{_skipped_words(figures[SKIPPED])}."]
    if figures["round_trip_seconds"] is not None:
        seconds = figures["round_trip_seconds"]
        rows.append(f"Mail could be read {seconds:.2f} s after it was sent.")
    if figures["days_left"] is not None:
        rows.append(f"The first certificate to end has {figures['days_left']} days left.")
    return rows


def _skipped_words(number: int) -> str:
    return f", {number} {'was' if number == 1 else 'were'} not tried" if number else ""


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, 1), break_on_hyphens=False)


def _cut(text: str, width: int) -> str:
    return f"{text[: width - 1].rstrip()}…"


def _width(text: str) -> int:
    """Return how many cells of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def as_json(report: Report, *, made_at: str = "") -> str:
    """Return the report as JSON."""
    data = {
        "made_at": made_at,
        "verdict": verdict(report),
        "figures": report.figures,
        "hosts": [asdict(section) for section in report.sections],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def as_junit(report: Report, *, made_at: str = "") -> str:
    """Return the report as JUnit XML, a test suite for each host."""
    root = ElementTree.Element("testsuites", {"name": "mail_probe", **_tally(report.lines)})
    for section in report.sections:
        about = {"name": section.host, "hostname": section.server, **_tally(section.lines)}
        if made_at:
            about["timestamp"] = made_at
        suite = ElementTree.SubElement(root, "testsuite", about)
        for line in section.lines:
            _case(suite, section, line)
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _tally(lines: Iterable[Line]) -> dict[str, str]:
    known = tuple(lines)
    figures = count(known)
    return {
        "tests": str(len(known)),
        "failures": str(figures[BROKEN]),
        "errors": "0",
        "skipped": str(figures[SKIPPED]),
        "time": f"{sum(line.seconds for line in known):.3f}",
    }


def _case(suite: ElementTree.Element, section: Section, line: Line) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=f"{section.host}.{line.kind}",
        name=line.promise,
        time=f"{line.seconds:.3f}",
    )
    if line.state == BROKEN:
        failure = ElementTree.SubElement(case, "failure", message=line.detail)
        failure.text = "\n".join((line.detail, "", *line.evidence))
    elif line.state == SKIPPED:
        ElementTree.SubElement(case, "skipped", message=line.detail)
    else:
        ElementTree.SubElement(case, "system-out").text = "\n".join((line.detail, *line.evidence))
