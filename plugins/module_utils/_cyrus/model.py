"""What Cyrus is told: the options of imapd.conf, and the entries of cyrus.conf."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

Settings = Mapping[str, str]

_NAME = re.compile(r"[a-z][a-z0-9]*")
_OPTION = re.compile(r"[a-z][a-z0-9_-]*")
_PROGRAMS = {"imap": "imapd -U 30", "pop3": "pop3d -U 30", "sieve": "timsieved"}

# Key and certificate in one file, which Cyrus' own user reads; they change together.
TLS_FILE = "/etc/postern/cyrus-tls.pem"
# No other service needs TLS of Cyrus' own: people's IMAP and POP3 come through a wrapper. A session
# that is taken up again would hide a renewed certificate.
_OWN_TLS = {
    "allowstarttls": True,
    "tls_server_cert": TLS_FILE,
    "tls_server_key": TLS_FILE,
    "tls_versions": "tls1_2 tls1_3",
    "tls_ciphers": "ECDHE+AESGCM:ECDHE+CHACHA20",
    "tls_prefer_server_ciphers": True,
    "tls_session_timeout": 0,
}


@dataclass(frozen=True)
class Entry:
    """A line of cyrus.conf: a name, and its words in the order of their names."""

    name: str
    words: tuple[tuple[str, str], ...]

    def word(self, name: str) -> str:
        """Return the value of a word, or an empty string."""
        return dict(self.words).get(name, "")


@dataclass(frozen=True)
class Layout:
    """All of cyrus.conf, each section sorted by name but the first, which runs in its order."""

    start: tuple[Entry, ...] = ()
    services: tuple[Entry, ...] = ()
    events: tuple[Entry, ...] = ()
    daemons: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Cyrus:
    """Both files."""

    settings: Settings = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)


def parse_cyrus(params: Mapping[str, Any]) -> tuple[Cyrus, list[Problem]]:
    """Return the model that the module's options say, and every problem of theirs."""
    listeners = [
        _listener(raw, params["backend_address"], params["max_connections"])
        for raw in params["listeners"]
    ]
    services = [*params["services"], *listeners]
    settings = {**_service_settings(services), **params["settings"]}
    cyrus = Cyrus(
        {name: _text(value) for name, value in settings.items() if value is not None},
        Layout(
            tuple(_job(raw) for raw in params["start"]),
            _sorted(_service(raw) for raw in services),
            _sorted(_event(raw) for raw in params["events"]),
            _sorted(_job(raw) for raw in params["daemons"]),
        ),
    )
    return cyrus, [*_setting_problems(cyrus.settings), *_layout_problems(cyrus.layout)]


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.name))


def _listener(raw: Mapping[str, Any], address: str, limit: int) -> dict[str, Any]:
    """Return the service of a listener: one behind a TLS wrapper has the host's own address."""
    port = raw["port"]
    return {
        "name": raw["name"],
        "command": _PROGRAMS[raw["protocol"]],
        "listen": f"{address}:{port}" if raw["behind_tls"] else str(port),
        "max_children": limit,
        "settings": _OWN_TLS if raw["protocol"] == "sieve" else {"allowplaintext": True},
    }


def _service_settings(services: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the options that hold for one service, which bear its name."""
    return {
        f"{service['name']}_{name}": value
        for service in services
        for name, value in (service.get("settings") or {}).items()
    }


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return " ".join(_text(item) for item in value)
    return str(value)


def _words(name: str, **words: object) -> Entry:
    return Entry(
        name,
        tuple(sorted((key, str(value)) for key, value in words.items() if value is not None)),
    )


def _job(raw: Mapping[str, Any]) -> Entry:
    return _words(raw["name"], cmd=raw["command"])


def _service(raw: Mapping[str, Any]) -> Entry:
    return _words(
        raw["name"],
        cmd=raw["command"],
        listen=raw["listen"],
        maxchild=raw.get("max_children"),
        prefork=raw.get("prefork"),
        proto=raw.get("protocol"),
    )


def _event(raw: Mapping[str, Any]) -> Entry:
    return _words(
        raw["name"], cmd=raw["command"], period=raw.get("period_minutes"), at=raw.get("at")
    )


def _setting_problems(settings: Settings) -> Iterator[Problem]:
    for name, value in settings.items():
        where = f"settings.{name}"
        if not _OPTION.fullmatch(name):
            yield Problem(where, "is no option name", "lower-case letters, digits, _ and -")
        if value != value.strip() or any(ord(letter) < 32 for letter in value):
            yield Problem(where, f"{value!r} does not fit on a line", "no line breaks or margins")
        if value.endswith("\\"):
            yield Problem(where, f"{value!r} ends with a backslash", "Cyrus joins the next line")


def _layout_problems(layout: Layout) -> Iterator[Problem]:
    sections = {
        "start": layout.start,
        "services": layout.services,
        "events": layout.events,
        "daemons": layout.daemons,
    }
    for section, entries in sections.items():
        seen: set[str] = set()
        for entry in entries:
            where = f"{section}.{entry.name}"
            if not _NAME.fullmatch(entry.name):
                yield Problem(where, "is no name", "a lower-case letter, then letters and digits")
            if entry.name in seen:
                yield Problem(where, "stands here twice", "each has a name of its own")
            seen.add(entry.name)
            for word, value in entry.words:
                if '"' in value or "\n" in value:
                    yield Problem(f"{where}.{word}", f"{value!r} has a quote or a line break")
    yield from _event_problems(layout.events)


def _event_problems(events: tuple[Entry, ...]) -> Iterator[Problem]:
    for event in events:
        at, period = event.word("at"), event.word("period")
        if bool(at) == bool(period):
            yield Problem(f"events.{event.name}", "has no time", "either period_minutes or at")
        if at and not re.fullmatch(r"([01]\d|2[0-3])[0-5]\d", at):
            yield Problem(f"events.{event.name}.at", f'"{at}" is no time', 'write it like "0401"')
