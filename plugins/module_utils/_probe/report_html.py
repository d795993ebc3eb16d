"""The report as one page that stands alone: no script, nothing from elsewhere."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from .model import BROKEN, KEPT, SKIPPED
from .report import Line, Report, Section, count, verdict
from .report_style import STYLE

ICONS = {KEPT: "✓", BROKEN: "✗", SKIPPED: "-"}
WORDS = {KEPT: "kept", BROKEN: "broken", SKIPPED: "not tried"}
SHORT_DAYS, FULL_DAYS = 21, 90


def page(report: Report, *, title: str = "Mail, proven from outside", made_at: str = "") -> str:
    """Return the whole page."""
    state = BROKEN if report.figures[BROKEN] or not report.figures[KEPT] else KEPT
    sections = "".join(_section(at, section) for at, section in enumerate(report.sections))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(verdict(report))} · {escape(title)}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n"
        f"{_top(report, title, made_at, state)}\n<main>\n"
        f"{_broken_list(report)}{sections}</main>\n"
        "<footer>Made by mail_probe of postern.mail. Every test message was marked, found and "
        "removed again; no password is on this page.</footer>\n</body>\n</html>\n"
    )


def _top(report: Report, title: str, made_at: str, state: str) -> str:
    shown = escape(made_at.replace("T", " ").replace("Z", " UTC"))
    made = f'<time datetime="{escape(made_at)}">{shown}</time>' if made_at else ""
    return (
        f'<header class="{state}">\n<div class="lead">{_ring(report)}<div>'
        f'<p class="title">{escape(title)}</p><h1>{escape(verdict(report))}</h1>'
        f'<p class="made">{made}</p></div></div>\n'
        f'<ul class="cards">{"".join(_cards(report))}</ul>\n</header>\n'
        '<p class="filter"><input type="checkbox" id="only"><label for="only">'
        "Show only what is not kept</label></p>"
    )


def _ring(report: Report) -> str:
    figures = report.figures
    tried = figures[KEPT] + figures[BROKEN]
    share = 100 * figures[KEPT] // tried if tried else 0
    return (
        f'<div class="ring" style="--share:{share}%" role="img" '
        f'aria-label="{figures[KEPT]} of {tried} kept"><span>{figures[KEPT]}'
        f"<small>of {tried}</small></span></div>"
    )


def _cards(report: Report) -> Iterable[str]:
    figures = report.figures
    hosts = len(report.sections)
    yield _card(str(hosts), "server looked at" if hosts == 1 else "servers looked at")
    if figures["round_trip_seconds"] is not None:
        seconds = f"{figures['round_trip_seconds']:.2f}<small> s</small>"
        yield _card(seconds, "from sending to reading")
    if figures["days_left"] is not None:
        days = figures["days_left"]
        yield _card(f"{days}<small> days</small>", "until a certificate ends", _days_class(days))
    if figures[BROKEN]:
        yield _card(str(figures[BROKEN]), "broken", "bad")
    if figures[SKIPPED]:
        yield _card(str(figures[SKIPPED]), "not tried", "dim")


def _card(figure: str, words: str, tone: str = "") -> str:
    return f'<li class="{tone}"><b>{figure}</b><span>{escape(words)}</span></li>'


def _broken_list(report: Report) -> str:
    found = report.broken()
    if not found:
        return ""
    order = {id(section): at for at, section in enumerate(report.sections)}
    items = "".join(
        f'<li><a href="#{_anchor(order[id(section)], section, line)}">{escape(line.promise)}</a>'
        f" <em>{escape(section.host)}</em><p>{escape(line.detail)}</p></li>"
        for section, line in found
    )
    return f'<section class="alarm"><h2>Broken</h2><ul>{items}</ul></section>\n'


def _anchor(at: int, section: Section, line: Line) -> str:
    return f"p{at}-{section.lines.index(line)}"


def _section(at: int, section: Section) -> str:
    figures = count(section.lines)
    pills = "".join(
        f'<span class="pill {state}">{figures[state]} {WORDS[state]}</span>'
        for state in (KEPT, BROKEN, SKIPPED)
        if figures[state]
    )
    places = f" · seen from {escape(' and '.join(section.places))}" if section.places else ""
    topics = "".join(
        f'<div class="topic"><h3>{escape(title)}</h3>'
        f"{''.join(_row(line, _anchor(at, section, line)) for line in lines)}</div>"
        for title, lines in section.topics()
    )
    return (
        f'<section class="host"><div class="name"><h2>{escape(section.host)}</h2>'
        f"<p>{escape(section.server)}{places}</p><div>{pills}</div></div>\n"
        f"{_certificates(section)}{topics}</section>\n"
    )


def _row(line: Line, anchor: str) -> str:
    opened = " open" if line.state == BROKEN else ""
    seconds = f"{line.seconds:.2f} s" if line.state != SKIPPED else ""
    evidence = "".join(_evidence(text) for text in line.evidence)
    said = f'<div class="said">{evidence}</div>' if evidence else ""
    seen = f"<p>Seen from {escape(line.seen_from)}</p>" if line.seen_from else ""
    return (
        f'<details class="row {line.state}" id="{anchor}"{opened}><summary>'
        f'<i title="{WORDS[line.state]}">{ICONS[line.state]}</i>'
        f'<span class="promise">{escape(line.promise)}</span>'
        f'<span class="detail">{escape(line.detail)}</span>'
        f'<span class="time">{seconds}</span></summary>'
        f'<div class="more"><p><code>{escape(line.name)}</code></p>{seen}{said}</div></details>\n'
    )


def _evidence(text: str) -> str:
    tone = {">": "out", "<": "in"}.get(text[:1], "note")
    return f'<code class="{tone}">{escape(text)}</code>'


def _certificates(section: Section) -> str:
    """Return the section's certificates, services that show the same one in one row."""
    served: dict[str, list[Line]] = {}
    for line in section.lines:
        if isinstance(line.facts.get("days_left"), int):
            served.setdefault(str(line.facts.get("serial", "")), []).append(line)
    if not served:
        return ""
    head = "<tr><th>Certificate on</th><th>Days left</th><th>Until</th><th>Signed by</th></tr>"
    rows = "".join(_certificate(lines) for lines in served.values())
    return f'<table class="certificates"><thead>{head}</thead><tbody>{rows}</tbody></table>\n'


def _certificate(lines: Sequence[Line]) -> str:
    facts = lines[0].facts
    days = int(facts["days_left"])
    share = max(0, min(100, 100 * days // FULL_DAYS))
    services = ", ".join(dict.fromkeys(line.name.partition(":")[2] for line in lines))
    return (
        f"<tr><td>{escape(services)}</td>"
        f'<td class="{_days_class(days)}"><span class="bar"><span style="width:{share}%"></span>'
        f"</span>{days}</td><td>{escape(str(facts.get('not_after', '')))}</td>"
        f"<td>{escape(str(facts.get('issuer', '')))}</td></tr>"
    )


def _days_class(days: float) -> str:
    if days < 0:
        return "bad"
    return "warn" if days < SHORT_DAYS else "good"
