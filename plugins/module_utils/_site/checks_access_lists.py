"""Checks of long lists of exceptions: each line a client, sender or recipient that may stand."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ansible_collections.postern.mail.plugins.module_utils._site import values
from ansible_collections.postern.mail.plugins.module_utils._site.checks_lists import Wrong
from ansible_collections.postern.mail.plugins.module_utils._site.checks_network import (
    REQUIRED,
    trust,
)
from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Findings,
    problem,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site

_OCTET = rb"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_LABEL = rb"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = rb"(?:" + _LABEL + rb"\.){1,5}[a-z]{2,63}"
_ATOM = rb"[a-z0-9_+=-]{1,20}"
# What almost every line is. Asking Python's own readers takes ten times as long.
_PLAIN = {
    "client": re.compile(rb"(?:" + _OCTET + rb"\.){3}" + _OCTET + rb"|" + _NAME),
    "sender": re.compile(rb"(?:" + _ATOM + rb"(?:\." + _ATOM + rb"){0,2}@)?" + _NAME),
}
_PLAIN["recipient"] = _PLAIN["sender"]


def access_files(site: Site) -> Findings:
    """Judge what the files are for, whatever their lines are."""
    for file in site.access_files:
        if file.action == "relay" and file.kind == "sender":
            what = "a sender can be forged, which makes an open relay"
            hint = "name a client's network, or give the sender an account"
            yield problem(f"{file.where}.kind", what, hint)


def wrong_lines(kind: str, action: str, names: Iterable[bytes]) -> Iterator[Wrong]:
    """Yield the lines that can't be read, or that may not have this action."""
    plain = _PLAIN[kind].fullmatch
    must_arrive = kind == "recipient" and action in ("reject", "discard")
    for name in names:
        if action == "relay" and kind == "client":
            yield from _relayed_client(name)
        elif not plain(name) or len(name) > 200:
            yield from _unreadable(kind, name)
        elif must_arrive and name.partition(b"@")[0].decode() in REQUIRED and b"@" in name:
            text = name.decode()
            yield Wrong(text, f'"{text}" must receive mail (RFC 2142)')


def _unreadable(kind: str, name: bytes) -> Iterator[Wrong]:
    try:
        values.access_key(kind, name.decode())
    except values.Wrong as wrong:
        yield Wrong(name.decode(), wrong.what, wrong.hint)


def _relayed_client(name: bytes) -> Iterator[Wrong]:
    text = name.decode()
    try:
        _value, network = values.access_key("client", text)
    except values.Wrong as wrong:
        yield Wrong(text, wrong.what, wrong.hint)
        return
    if network is None:
        what = f'"{text}" is a name, which can be forged and makes an open relay'
        yield Wrong(text, what, "name its network")
        return
    for finding in trust("", network):
        if finding.fatal:
            yield Wrong(text, finding.problem.what, finding.problem.hint)


ACCESS_FILE_CHECKS = [access_files]
