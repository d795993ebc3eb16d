"""The queues that are handed over: reading their messages whole, and removing them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import errno
import os
import stat
import subprocess
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from .._core.apply import Refused, sync_folder
from .._core.commands import run
from .._queue import host, nullmailer, sendmail
from .._queue.model import FAILED, Message
from . import postcat, settled
from .parcel import Parcel, quoted

POSTFIX_SPOOL = "/var/spool/postfix"
POSTFIX_QUEUES = ("maildrop", "hold", "incoming", "active", "deferred")


@dataclass(frozen=True)
class Source:
    """A queue: what is in it by key, each message, and how messages leave it for good."""

    keys: Callable[[], set[str]]
    parcels: Callable[[], Iterator[Parcel]]
    remove: Callable[[Collection[str]], None]


def source(agent: str) -> Source:
    """Return the queue of an agent; of Postfix, only while it is installed."""
    return {"postfix": _POSTFIX, "sendmail": _SENDMAIL, "nullmailer": _NULLMAILER}[agent]


def left_behind(spools: Collection[str]) -> list[Path]:
    """Return the files in spool folders."""
    return [path for spool in spools for path in sorted(Path(spool).rglob("*")) if path.is_file()]


def read(path: Path) -> bytes:
    """Return a file of a spool; nothing of what is none, such as a link.

    Programs with few rights write there, and must not have root read what they may not.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        return b""
    with os.fdopen(descriptor, "rb") as file:
        return file.read() if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""


def raw(agent: str, name: str, content: bytes) -> Parcel:
    """Return what nobody can read as a message, as it is."""
    return Parcel(agent, name, "", (), content, FAILED, raw=True)


def unlink(path: Path) -> None:
    """Remove a file so that it stays removed."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def _key(agent: str, name: str) -> str:
    return f"{agent}-{name}"


# Postfix: its own programs read and remove, whether or not it runs.


def _postfix_keys() -> set[str]:
    names = [message.id for message in host.read_queue("postfix")]
    return {_key("postfix", name) for name in (*names, *(path.name for path in _corrupt()))}


def _postfix_parcels() -> Iterator[Parcel]:
    early = _looks_up_before_filters()
    for message in host.read_queue("postfix"):
        yield _postfix_parcel(message, early)
    for path in _corrupt():
        yield raw("postfix", path.name, read(path))


def _looks_up_before_filters() -> bool:
    """Say whether mail has met all tables when it goes to a filter, as to one of somebody's own.

    The site's filter comes before them. When nothing is known of a filter that has left, taking
    its mail for new makes a copy too many; the other way it would go to addresses of no mailbox.
    """
    said = run(["postconf", "-hx", "content_filter", "receive_override_options"])
    content_filter, options = [*said.out.split("\n"), "", ""][:2]
    return bool(content_filter) and "no_address_mappings" not in options


def _postfix_parcel(message: Message, early: bool) -> Parcel:
    envelope = run(["postcat", "-e", "-q", message.id])
    content = subprocess.run(
        ["postcat", "-b", "-h", "-q", message.id],  # noqa: S607 found as Postfix finds it
        capture_output=True,
        check=False,
    )
    found = postcat.parse(envelope.out)
    if not envelope.ok or content.returncode != 0 or found is None:
        paths = [path for path in left_behind((POSTFIX_SPOOL,)) if path.name == message.id]
        return raw("postfix", message.id, b"".join(read(path) for path in paths[:1]))
    # What is only just handed in, or still has to be searched, has met no table yet: it is new mail
    # to the next agent, which searches it, looks its recipients up and makes the copies.
    is_new = message.queue == "maildrop" or (bool(found.filter) and not early)
    return Parcel(
        "postfix",
        message.id,
        quoted(found.sender) if found.sender else "",
        tuple(quoted(recipient) for recipient in found.recipients),
        content.stdout,
        message.state,
        settled=() if is_new else tuple(map(quoted, found.recipients)),
        quiet=tuple(map(quoted, found.quiet)),
    )


def _postfix_remove(keys: Collection[str]) -> None:
    names = [message.id for message in host.read_queue("postfix")]
    wanted = "".join(f"{name}\n" for name in names if _key("postfix", name) in keys)
    said = run(["postsuper", "-d", "-", *POSTFIX_QUEUES], stdin=wanted, timeout_seconds=3600)
    if wanted and not said.ok:
        raise Refused(f"Postfix keeps messages that were handed over: {said.words}")
    for path in _corrupt():
        if _key("postfix", path.name) in keys:
            unlink(path)


def _corrupt() -> list[Path]:
    return left_behind((f"{POSTFIX_SPOOL}/corrupt",))


_POSTFIX = Source(_postfix_keys, _postfix_parcels, _postfix_remove)

# Sendmail: a control file and a data file, in either queue.


def _sendmail_name(path: Path) -> str:
    return f"{Path(host.queue_of(path)).name}.{path.name}"


def _sendmail_keys() -> set[str]:
    return {_key("sendmail", _sendmail_name(path)) for path in host.control_files()}


def _sendmail_parcels() -> Iterator[Parcel]:
    for path in host.control_files():
        content, body = read(path), b""
        with contextlib.suppress(FileNotFoundError):
            body = read(host.data_file(path))
        control = sendmail.parse(content)
        if control is None:
            yield raw("sendmail", _sendmail_name(path), content + b"\n" + body)
            continue
        yield Parcel(
            "sendmail",
            _sendmail_name(path),
            control.sender,
            tuple(map(settled.outer, control.recipients)),
            control.headers + b"\n" + body,
            sendmail.STATES[path.name[0]],
            settled=tuple(map(settled.outer, filter(settled.is_inner, control.recipients))),
            quiet=tuple(map(settled.outer, control.quiet)),
        )


def _sendmail_remove(keys: Collection[str]) -> None:
    for path in list(host.control_files()):
        if _key("sendmail", _sendmail_name(path)) in keys:
            data = host.data_file(path)
            unlink(path)
            data.unlink(missing_ok=True)
            path.with_name(f"xf{path.name[2:]}").unlink(missing_ok=True)


_SENDMAIL = Source(_sendmail_keys, _sendmail_parcels, _sendmail_remove)

# nullmailer: one file a message, in the queue or among what has failed.


def _nullmailer_files() -> Iterator[tuple[str, Path]]:
    for queue in nullmailer.STATES:
        for path in sorted(Path(nullmailer.SPOOL, queue).glob("*")):
            yield queue, path


def _nullmailer_keys() -> set[str]:
    return {_key("nullmailer", f"{queue}.{path.name}") for queue, path in _nullmailer_files()}


def _nullmailer_parcels() -> Iterator[Parcel]:
    for queue, path in _nullmailer_files():
        content, name = read(path), f"{queue}.{path.name}"
        found = nullmailer.parse(content)
        if found is None:
            yield raw("nullmailer", name, content)
        else:
            state = nullmailer.STATES[queue]
            yield Parcel("nullmailer", name, found[0], found[1], found[2], state)


def _nullmailer_remove(keys: Collection[str]) -> None:
    for queue, path in list(_nullmailer_files()):
        if _key("nullmailer", f"{queue}.{path.name}") in keys:
            unlink(path)


_NULLMAILER = Source(_nullmailer_keys, _nullmailer_parcels, _nullmailer_remove)
