"""A message between two agents: its file, and how a new agent is given it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from .._queue.model import WAITING

# Sendmail would try to send each message while we wait; a run of its queue takes many at a time.
QUEUE_ONLY = {"sendmail": ("-odq",)}

_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff.-]+\Z")
_QUALIFIED = re.compile(r"[^@]+@[^@]*[^@.][^@]*\Z")


@dataclass(frozen=True)
class Parcel:
    """A message as it leaves one agent: whom it still goes to, and its bytes unaltered.

    state: `waiting`, or `held` or `failed` with the old agent. Recipients are written as in a
    header. settled: those that have been through all tables of the old agent, copies included, and
    shall not go through them again. quiet: those of whose failure nobody shall hear. raw: the old
    agent could not read its own file, and `content` is that file.
    """

    agent: str
    id: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)
    state: str = WAITING
    raw: bool = False
    settled: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()

    def parts(self) -> list[Parcel]:
        """Return the message for each kind of recipients, since a call says one thing of all."""
        kinds: dict[tuple[bool, bool], list[str]] = {}
        for recipient in self.recipients:
            kind = (recipient in self.settled, recipient in self.quiet)
            kinds.setdefault(kind, []).append(recipient)
        return [self._to(recipients) for recipients in kinds.values()]

    def without(self, recipients: Collection[str]) -> Parcel:
        """Return the message for its other recipients."""
        return self._to([one for one in self.recipients if one not in recipients])

    def _to(self, recipients: Collection[str]) -> Parcel:
        return replace(
            self,
            recipients=tuple(recipients),
            settled=tuple(one for one in self.settled if one in recipients),
            quiet=tuple(one for one in self.quiet if one in recipients),
        )

    @property
    def key(self) -> str:
        """Return what the message is called as long as its agent has it, too."""
        return f"{self.agent}-{self.id}"

    @property
    def name(self) -> str:
        """Return a name that no other message has, though agents use their ids again."""
        return f"{self.key}-{hashlib.sha256(render(self)).hexdigest()[:16]}"


def render(parcel: Parcel) -> bytes:
    """Return the file of a parcel: one line of JSON, then the message."""
    envelope = {
        "agent": parcel.agent,
        "id": parcel.id,
        "state": parcel.state,
        "sender": parcel.sender,
        "recipients": list(parcel.recipients),
        "raw": parcel.raw,
        "settled": list(parcel.settled),
        "quiet": list(parcel.quiet),
    }
    return json.dumps(envelope, sort_keys=True).encode() + b"\n" + parcel.content


def parse(file: bytes) -> Parcel:
    """Return the parcel of a file."""
    line, _end, content = file.partition(b"\n")
    envelope = json.loads(line)
    return Parcel(
        agent=envelope["agent"],
        id=envelope["id"],
        sender=envelope["sender"],
        recipients=tuple(envelope["recipients"]),
        content=content,
        state=envelope["state"],
        raw=envelope["raw"],
        settled=tuple(envelope.get("settled", ())),
        quiet=tuple(envelope.get("quiet", ())),
    )


def injection(agent: str, program: str, parcel: Parcel) -> tuple[list[str], bytes]:
    """Return the command that gives an agent one part of a message, and what it reads.

    nullmailer's own sendmail writes headers anew; its queue program takes the message as it is,
    but only addresses that name a domain. Sendmail's queue takes at once what shall not go the way
    of new mail, on which it would be searched and looked up again.
    """
    addresses = [*parcel.recipients, *([parcel.sender] if parcel.sender else [])]
    if agent == "nullmailer" and all(_QUALIFIED.match(address) for address in addresses):
        lines = [parcel.sender, *parcel.recipients, "", ""]
        return ["/usr/sbin/nullmailer-queue"], _bytes("\n".join(lines)) + parcel.content
    words = [program, *QUEUE_ONLY.get(agent, ()), "-i", "-bm", f"-f{parcel.sender or '<>'}"]
    if agent == "sendmail" and parcel.settled:
        words.append("-Am")
    if agent != "nullmailer" and parcel.quiet:
        words.append("-Nnever")
    if agent != "nullmailer" and not parcel.content.isascii():
        words.append("-B8BITMIME")
    return [*words, "--", *parcel.recipients], parcel.content


def quoted(address: str) -> str:
    """Return an address as a header writes it: a local part with blanks in it is quoted."""
    local, mark, domain = address.rpartition("@")
    if not mark:
        local, domain = address, ""
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if _ATOM.match(local) and not dots:
        return address
    escaped = local.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"{mark}{domain}'


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
