"""Content filters: a message in the queue remembers the one that was set when it came in."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run

from .model import Configuration

_NAME = "content_filter"
_QUEUES = ("incoming", "active", "deferred")  # what somebody holds stays held
_ROUNDS = 3
_LARGE_QUEUE_SECONDS = 3600
# Kinds of records in a queue file: the filter, and where the message itself begins.
_FILTER, _MESSAGE = b"L", b"M"
_LENGTH_BITS = 31  # Postfix' own limit; a broken file may say anything


def waiting_for_nobody(queue: str, wanted: Configuration) -> tuple[str, ...]:
    """Return the ids of messages that wait for a filter whose transport is not there.

    What the queue files say decides, so that a run that was interrupted, or a postsuper that
    failed, is made up for by the next run. A filter that is still asked for, with no transport,
    is a mistake that queueing again would not mend.
    """
    asked = dict(wanted.parameters).get(_NAME, ""), *_options(wanted)
    known = {service.name for service in wanted.services if service.type == "unix"}
    known |= {_transport(value) for value in asked}
    return tuple(
        path.name
        for path in _files(queue)
        if (transport := _transport(_filter_of(path))) and transport not in known
    )


def queue_again(folder: str, queue: str, wanted: Configuration) -> None:
    """Take in anew what waits for nobody, by the settings that hold now; else it would for ever.

    All other mail stays: of what has been taken in by these settings, copies would be made again.
    What moves from queue to queue meanwhile is found the next time.
    """
    for _round in range(_ROUNDS):
        names = waiting_for_nobody(queue, wanted)
        if not names:
            return
        done = run(
            ["postsuper", "-c", folder, "-r", "-", *_QUEUES],
            stdin="".join(f"{name}\n" for name in names),
            timeout_seconds=_LARGE_QUEUE_SECONDS,
        )
        if not done.ok:
            raise Refused(f"what waits for a former filter can't be queued again:\n{done.words}")
    if names := waiting_for_nobody(queue, wanted):
        raise Refused(f"{len(names)} messages wait for a former filter, and stay: {names[0]} …")


def _options(wanted: Configuration) -> list[str]:
    return [value for service in wanted.services for key, value in service.options if key == _NAME]


def _transport(value: str) -> str:
    return value.partition(":")[0]


def _files(queue: str) -> Iterator[Path]:
    """Yield the files of the queues that Postfix works on."""
    for name in _QUEUES:
        for folder, _folders, files in os.walk(Path(queue, name)):
            yield from (Path(folder, file) for file in files)


def _filter_of(path: Path) -> str:
    """Return the filter that a queue file names before its message; nothing where it names none.

    A file that is not whole has no bit that lets somebody execute it. Postfix' own postcat says the
    same, but stops at the first message that has just left, and would have to be started for each
    of a queue that may be long.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode) or not mode & stat.S_IXUSR:
                return ""
            found = [content for kind, content in _records(file) if kind == _FILTER]
    except OSError:
        return ""  # it has left, can't be read, or is nothing that Postfix has made
    return found[-1].decode("utf-8", "replace") if found else ""


def _records(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield the records of an envelope: a letter, a length in bytes of seven bits, the content."""
    while (kind := file.read(1)) not in (b"", _MESSAGE):
        length, shift, more = 0, 0, True
        while more:
            byte = (file.read(1) or b"\0")[0]
            length |= (byte & 0x7F) << shift
            shift, more = shift + 7, bool(byte & 0x80)
            if length >> _LENGTH_BITS:
                return
        yield kind, file.read(length)
