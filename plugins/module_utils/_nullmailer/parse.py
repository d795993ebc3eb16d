"""Reading nullmailer's control files, word by word as nullmailer does, strictly."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest

from .model import WRAPPED_PORT, Nullmailer, Smarthost
from .render import AUTHORITIES

_NUMBERS = ("pausetime", "maxpause", "sendtimeout", "queuelifetime")
_FLAGS = ("tls", "starttls", "insecure")
_VALUES = ("port", "user", "pass", "x509cafile")


def parse(files: Mapping[str, str]) -> tuple[Nullmailer | None, list[Problem]]:
    """Return what the control files say, None when a part of it is missing, and the problems."""
    smarthosts, problems = parse_remotes(files.get("remotes", ""))
    numbers: dict[str, int] = {}
    for name in _NUMBERS:
        text = first_line(files.get(name, ""))
        if text.isdecimal():
            numbers[name] = int(text)
        else:
            problems.append(Problem(name, f'"{text}" is not a number'))
    hostname = first_line(files.get("mailname", ""))
    for name in ("helohost", "idhost"):
        if (text := first_line(files.get(name, ""))) != hostname:
            problems.append(Problem(name, f'"{text}" is not mailname, "{hostname}"'))
    if problems:
        return None, problems
    addresses = first_line(files.get("adminaddr", ""))
    return Nullmailer(
        smarthosts=smarthosts,
        hostname=hostname,
        default_host=first_line(files.get("defaulthost", "")),
        default_domain=first_line(files.get("defaultdomain", "")),
        admin_addresses=tuple(addresses.split(",")) if addresses else (),
        sender=first_line(files.get("allmailfrom", "")),
        pause_seconds=numbers["pausetime"],
        max_pause_seconds=numbers["maxpause"],
        send_timeout_seconds=numbers["sendtimeout"],
        queue_lifetime_seconds=numbers["queuelifetime"],
    ), problems


def first_line(text: str) -> str:
    """Return the one line that nullmailer reads of most files."""
    return text.split("\n", 1)[0].strip()


def parse_remotes(text: str) -> tuple[tuple[Smarthost, ...], list[Problem]]:
    """Read the smarthosts in the order in which they are tried."""
    found: list[Smarthost] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.strip().startswith("#"):
            smarthost, wrong = _remote(split_words(line.strip()), f"remotes line {number}")
            problems += wrong
            if smarthost:
                found.append(smarthost)
    return tuple(found), problems


def _remote(words: list[str], where: str) -> tuple[Smarthost | None, list[Problem]]:
    host, *rest = words
    if rest and rest[0] != "smtp":
        return None, [Problem(where, f'"{rest[0]}" is no protocol', "smtp alone is known here")]
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for word in rest[1:]:
        name, equals, value = word.removeprefix("--").partition("=")
        if name not in (_VALUES if equals else _FLAGS):
            hint = nearest(name, (*_VALUES, *_FLAGS))
            problems.append(Problem(where, f'"{name}" is no option in this form', hint))
        values[name] = value
    problems += _sense(values, where)
    if problems:
        return None, problems
    smarthost = Smarthost(
        host,
        int(values.get("port", "25")),
        _tls(values),
        values.get("user", ""),
        values.get("pass", ""),
    )
    return smarthost, problems


def _sense(values: Mapping[str, str], where: str) -> list[Problem]:
    """Say what an option lacks: the number, its partner, or the file to verify with."""
    port = values.get("port", "25")
    encrypted = "tls" in values or "starttls" in values
    problems = []
    if not port.isdecimal():
        problems.append(Problem(where, "the port is no number"))
    elif encrypted and ("tls" in values) != (int(port) == WRAPPED_PORT):
        problems.append(Problem(where, f"TLS does not begin like this on port {port}"))
    if ("user" in values) != ("pass" in values):
        problems.append(Problem(where, "has half of a login"))
    if encrypted != (values.get("x509cafile") == AUTHORITIES):
        problems.append(Problem(where, f"TLS is not verified with {AUTHORITIES}"))
    return problems


def _tls(values: Mapping[str, str]) -> str:
    if "tls" not in values and "starttls" not in values:
        return "none"
    return "require" if "insecure" in values else "verify"


def split_words(line: str) -> list[str]:
    """Split a line as nullmailer does: quotes join, and a backslash takes one character."""
    words: list[str] = []
    place = 0
    while place < len(line):
        if line[place].isspace():
            place += 1
            continue
        word, place = _word(line, place)
        words.append(word)
    return words


def _word(line: str, place: int) -> tuple[str, int]:
    """Return the word that begins here, and the place after it.

    Like nullmailer, it takes the character after an escaped one as it is, whatever it is.
    """
    word = ""
    while place < len(line) and not line[place].isspace():
        letter = line[place]
        if letter == "'":
            end = line.find("'", place + 1)
            end = len(line) if end < 0 else end
            word, place = word + line[place + 1 : end], end + 1
        elif letter == '"':
            part, place = _double_quoted(line, place + 1)
            word += part
        elif letter == "\\":
            word, place = word + line[place + 1 : place + 3], place + 3
        else:
            word, place = word + letter, place + 1
    return word, place


def _double_quoted(line: str, place: int) -> tuple[str, int]:
    text = ""
    while place < len(line) and line[place] != '"':
        step = 3 if line[place] == "\\" else 1
        text += line[place + 1 : place + 3] if step == 3 else line[place]
        place += step
    return text, place + 1
