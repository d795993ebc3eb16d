"""Checks of tables and lists: what Sendmail would take, and mean something else by."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ansible_collections.postern.mail.plugins.module_utils._core.problems import nearest
from ansible_collections.postern.mail.plugins.module_utils._core.spec import show

from .words import ACCESS_TAGS, ERROR_WORDS, VERDICTS

Fault = tuple[str, str, str]  # the key, what is wrong with its entry, and what is expected
_Check = Callable[[str, str], "tuple[str, str] | None"]

_DOMAIN = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
_LITERAL = r"\[[0-9A-Za-z.:]+\]"
_LOCAL = r"[^\s@,:;\"()<>\[\]\\]+"
_HOST = re.compile(rf"\.?{_DOMAIN}\.?\Z")
_IN_LIST = re.compile(rf"(?:\.?{_DOMAIN}|{_LITERAL}|IPv6:[0-9A-Fa-f:]+)\Z")
_USER = re.compile(rf"{_LOCAL}\Z")
_KEY_ADDRESS = re.compile(rf"(?:{_LOCAL})?@(?:\.?{_DOMAIN}|{_LITERAL})\Z")
_TARGET = re.compile(rf"{_LOCAL}(?:@(?:{_DOMAIN}|{_LITERAL}|%[1-3]))?\Z")
_OBJECT = re.compile(
    rf"(?:{_LOCAL}@(?:\.?{_DOMAIN}|{_LITERAL})?|\.?{_DOMAIN}|{_LITERAL}"
    r"|IPv6:[0-9A-Fa-f:]+|[0-9A-Fa-f:]+)\Z"
)
_REPLY = r'(?:[45]\.\d{1,3}\.\d{1,3}:)?"?[45]\d\d[ -]?[^"]*"?'
_ERROR = re.compile(rf"(?:error:)?{_REPLY}\Z", re.IGNORECASE)
_QUARANTINE = re.compile(r"(?:quarantine|discard):\S.*\Z", re.IGNORECASE)
_TLS = re.compile(
    r"(?:(?:PERM|TEMP)\+)?(?:VERIFY|ENCR|DANE|SECURE|NO)(?::\d+|:[A-Z]+)?(?:\+.+)?\Z", re.IGNORECASE
)
_FEATURES = re.compile(r"[A-Za-z0-9](?:[ A-Za-z0-9,;=/._-]*)\Z")
_MAILER = re.compile(r"[A-Za-z0-9_.-]+\Z")
_NUMBER = re.compile(r"\d+\Z")
_PROGRAM = re.compile(r"\|\s*/\S")
_INCLUDE = re.compile(r":include:\s*/\S+\Z")


def faults(name: str, entries: Iterable[bytes]) -> list[Fault]:
    """Return what is wrong with a table's or list's entries, by their keys."""
    check = _CHECKS[name]
    found = []
    for entry in entries:
        key, _gap, value = entry.decode().partition(" ")
        wrong = check(key, value)
        if wrong is not None:
            found.append((key, *wrong))
    return found


def _access(key: str, value: str) -> tuple[str, str] | None:
    tag, colon, rest = key.partition(":")
    known = next((name for name in ACCESS_TAGS if name.lower() == tag.lower()), None)
    if colon and tag.lower() == "authinfo":
        return "holds a password that everybody who runs Sendmail may read", "use authinfo"
    if colon and known is None and not _OBJECT.match(key):
        hint = nearest(tag.capitalize(), ACCESS_TAGS) or f"one of: {', '.join(ACCESS_TAGS)}"
        return f"{show(tag)} is no tag of the access table", hint
    target = rest if known else key
    free = known in ("CERTIssuer", "CERTSubject", "CI", "CS")
    if target and not free and not _OBJECT.match(target):
        return f"{show(target)} is no address, domain or network", ""
    return _verdict(known or "", value)


def _verdict(tag: str, value: str) -> tuple[str, str] | None:
    if tag in ("GreetPause", "ClientRate", "ClientConn"):
        return None if _NUMBER.match(value) else (f"{show(value)} is no number", "")
    if tag in ("Srv_Features", "Clt_Features"):
        return None if _FEATURES.match(value) else (f"{show(value)} are no features", "letters")
    if tag.startswith("TLS_"):
        hint = "write it like VERIFY, ENCR:112 or PERM+VERIFY:112"
        return None if _TLS.match(value) else (f"{show(value)} asks for nothing of TLS", hint)
    if tag == "Try_TLS":
        return None if value.upper() == "NO" else (f"{show(value)} is not NO", "")
    words = (*VERDICTS, "FRIEND", "HATER", "SUBJECT") if tag in ("Spam", "CI", "CS") else VERDICTS
    if value.upper() in words or _ERROR.match(value) or _QUARANTINE.match(value):
        return None
    hint = nearest(value.upper(), words) or f'one of {", ".join(words)} or ERROR:"550 text"'
    return f"{show(value)} is no verdict", hint


def _virtuser(key: str, value: str) -> tuple[str, str] | None:
    if not _KEY_ADDRESS.match(key):
        return "is no address", "write it like user@domain, or @domain for all of it"
    if value.lower().startswith("error:"):
        return _error(value)
    targets = value.split(", ")
    for target in targets:
        if not _TARGET.match(target):
            hint = "user, user@domain, %1@domain or error:nouser text; several with commas between"
            return f"{show(target)} is no address", hint
        if len(targets) > 1 and "%" in target:
            return f"{show(target)} is one of several", "% stands for a part in a single one only"
    return None


def _error(value: str) -> tuple[str, str] | None:
    rest = value.partition(":")[2]
    word, _space, text = rest.partition(" ")
    if word.lower() in ERROR_WORDS:
        return None if text.strip() else (f"{show(value)} says nothing", "error:nouser 550 text")
    if re.match(r"[45]\.\d{1,3}\.\d{1,3}:\s*\S", rest) or re.match(r'"?[45]\d\d\s', rest):
        return None
    hint = nearest(word, ERROR_WORDS) or "error:nouser 550 text, or error:5.1.1:550 text"
    return f"{show(value)} is no error that Sendmail knows", hint


def _mailer(key: str, value: str) -> tuple[str, str] | None:
    if not _HOST.match(key) or key.endswith("."):
        return "is no host or domain", "a domain, or .domain for all below it"
    name, colon, host = value.partition(":")
    if not colon or not _MAILER.match(name):
        return f"{show(value)} names no mailer", "write it like esmtp:[mail.example.org]"
    if name.lower() == "error":
        return _error(value)
    if " " in host:
        return f"{show(host)} is no host", ""
    return None


def _domain(key: str, value: str) -> tuple[str, str] | None:
    if not _HOST.match(key):
        return "is no domain", ""
    return None if _HOST.match(value) else (f"{show(value)} is no domain", "")


def _generic(key: str, value: str) -> tuple[str, str] | None:
    if not (_USER.match(key) or _KEY_ADDRESS.match(key)):
        return "is no user or address", ""
    return None if _TARGET.match(value) else (f"{show(value)} is no address", "")


def _alias(key: str, value: str) -> tuple[str, str] | None:
    if "@" in key:
        return "has a domain, and aliases have none", "put it into virtusertable"
    if not _USER.match(key) or "/" in key or "|" in key:
        return "can't be the name of an alias", ""
    return None if value else ("leads nowhere", "give it a target")


def alias_target_fault(target: str) -> tuple[str, str] | None:
    """Return what is wrong with one target of an alias, or None."""
    if re.search(r"[\x00-\x1f\x7f\"]", target) or not target:
        return f"{show(target)} can't be a target", "it is empty, or has a quote"
    if target.startswith("/"):
        return None if not target.endswith("/") else (f"{show(target)} is a folder", "name a file")
    special = target.startswith(("|", ":"))
    bare = target.removeprefix("\\")
    if _PROGRAM.match(target) or _INCLUDE.match(target) or (not special and _TARGET.match(bare)):
        return None
    return f"{show(target)} is no address, file, |program or :include:file", ""


def _name(pattern: re.Pattern[str], what: str) -> _Check:
    def check(key: str, value: str) -> tuple[str, str] | None:
        if value:
            return f"{show(value)} stands behind it", "one name a line"
        return None if pattern.match(key) else (f"is no {what}", "")

    return check


_CHECKS: dict[str, _Check] = {
    "access": _access,
    "aliases": _alias,
    "domaintable": _domain,
    "genericstable": _generic,
    "mailertable": _mailer,
    "virtusertable": _virtuser,
    "generics_domains": _name(_IN_LIST, "domain"),
    "local_host_names": _name(_IN_LIST, "domain"),
    "relay_domains": _name(_IN_LIST, "domain or network"),
    "trusted_users": _name(_USER, "user"),
    "virtuser_domains": _name(_IN_LIST, "domain"),
}
