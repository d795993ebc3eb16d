"""Milters of one's own, and the filter's behind them: one list for Postfix."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.spec import show
from ansible_collections.postern.mail.plugins.module_utils._site.reader import Reader

VARIABLE = "postfix_milters"
# Mail that comes by SMTP, and mail of the host's own programs and daemons.
MAIL = ("smtpd", "non_smtpd")
_ACTIONS = ("accept", "quarantine", "reject", "tempfail")
_SOCKET = re.compile(r"(?:unix:[^\s,{}:]+|inet:(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5})\Z")


@dataclass(frozen=True)
class Milter:
    """A program that Postfix asks about mail while it comes in.

    default_action: what becomes of mail while it does not answer; empty is Postfix's own default.
    """

    socket: str
    mail: tuple[str, ...] = MAIL
    default_action: str = ""


def read_milters(reader: Reader, raw: Sequence[Mapping[str, Any]]) -> Iterator[Milter]:
    """Yield the milters that are given, in their order; what is wrong is said to the reader."""
    first: dict[str, str] = {}
    for number, entry in enumerate(raw):
        where = f"{VARIABLE}[{number}]"
        socket, mail = str(entry.get("socket")), tuple(entry.get("mail") or MAIL)
        action = entry.get("default_action") or ""
        if not _SOCKET.match(socket):
            hint = "write it like unix:run/dkim/milter or inet:127.0.0.1:8891"
            reader.say(f"{where}.socket", f"{show(socket)} is no socket", hint)
        elif (earlier := first.setdefault(socket, where)) != where:
            what = f"{show(socket)} is declared twice"
            reader.say(f"{where}.socket", what, f"first at {earlier}")
        for word in mail:
            if word not in MAIL:
                what = f"{show(str(word))} is no kind of mail"
                reader.say(f"{where}.mail", what, f"one of: {', '.join(MAIL)}")
        if action and action not in _ACTIONS:
            what = f"{show(str(action))} is no default action"
            reader.say(f"{where}.default_action", what, f"one of: {', '.join(_ACTIONS)}")
        yield Milter(socket, mail, action)


def milter_parameters(milters: Sequence[Milter], search: str = "") -> dict[str, str]:
    """Return who is asked about which mail: one's own in their order, then what searches mail.

    So it searches mail as the others leave it, and not at all where one of them refuses it.
    """
    joined = {
        f"{kind}_milters": [
            *(_text(one) for one in milters if kind in one.mail),
            *filter(None, [search]),
        ]
        for kind in MAIL
    }
    return {name: ", ".join(texts) for name, texts in joined.items() if texts}


def _text(milter: Milter) -> str:
    """Return how Postfix writes it; its chroot is the queue's folder."""
    socket = milter.socket.replace("unix:/var/spool/postfix/", "unix:", 1)
    if milter.default_action:
        return f"{{ {socket}, default_action={milter.default_action} }}"
    return socket
