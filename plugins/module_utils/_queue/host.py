"""The queue of the agent on this host: reading it, and carrying actions out."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from .._core.apply import Refused, must
from .._core.commands import run
from .._core.identity import as_user
from . import nullmailer, postfix, sendmail
from .actions import Choice
from .model import Message

AGENTS = {"postfix": "postfix", "sendmail": "sendmail-bin", "nullmailer": "nullmailer"}
SENDMAIL_QUEUES = ("/var/spool/mqueue", "/var/spool/mqueue-client")
LARGE_QUEUE_SECONDS = 3600
PROC = Path("/proc")


def installed_agents() -> list[str]:
    """Return the transfer agents that are installed here, of those that this collection knows."""
    show = ("dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\\n")
    said = run([*show, *AGENTS.values()]).out.splitlines()
    return [name for name, package in AGENTS.items() if f"{package} installed" in said]


def read_queue(agent: str) -> list[Message]:
    """Return what waits, oldest first."""
    messages = {"postfix": _postfix, "sendmail": _sendmail, "nullmailer": _nullmailer}[agent]()
    return sorted(messages, key=lambda message: (message.arrived, message.id))


def act(agent: str, choice: Choice) -> list[str]:
    """Carry an action out; return the ids of messages that were busy and stay as they are."""
    if choice.action == "show" or not choice.messages:
        return []
    if agent == "postfix":
        return _act_postfix(choice)
    if agent == "sendmail":
        return _act_sendmail(choice)
    return _act_nullmailer(choice)


def flush(agent: str) -> None:
    """Let the agent try its whole queue now; it does so in its own time."""
    if agent == "nullmailer":
        _trigger()
    elif agent == "postfix":
        _must(postfix.flush(None)[0])
    else:
        _start(sendmail.flush(SENDMAIL_QUEUES))


def control_files() -> Iterator[Path]:
    """Yield Sendmail's control files of both queues, folders within them included."""
    for queue in SENDMAIL_QUEUES:
        for path in sorted(Path(queue).rglob("*f*")):
            if sendmail.CONTROL.match(path.name) and path.is_file():
                yield path


def data_file(control: Path) -> Path:
    """Return the file with the body that belongs to a control file."""
    name = f"df{control.name[2:]}"
    beside = control.with_name(name)
    apart = control.parent.parent / "df" / name  # where a queue has a folder for each kind
    return apart if not beside.exists() and apart.exists() else beside


def queue_of(control: Path) -> str:
    """Return the queue folder in which a control file lies."""
    return next(queue for queue in SENDMAIL_QUEUES if control.is_relative_to(queue))


@contextlib.contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold a file as its agent would; False when it is gone or in the middle of a delivery."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        yield False
        return
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        yield False
    else:
        yield path.exists()
    finally:
        os.close(descriptor)


def _postfix() -> list[Message]:
    said = run(list(postfix.LIST))
    if not said.ok:
        raise Refused(f"Postfix does not show its queue: {said.words}")
    return postfix.parse(said.out)


def _sendmail() -> list[Message]:
    found = []
    for path in control_files():
        with contextlib.suppress(OSError):
            control = sendmail.parse(path.read_bytes())
            if control is not None:
                size = data_file(path).stat().st_size + len(control.headers)
                found.append(sendmail.message(path.name, queue_of(path), control, size))
    return found


def _nullmailer() -> list[Message]:
    found = []
    for queue in nullmailer.STATES:
        for path in sorted(Path(nullmailer.SPOOL, queue).glob("*")):
            with contextlib.suppress(FileNotFoundError):
                arrived = int(path.stat().st_mtime)
                message = nullmailer.message(path.name, queue, path.read_bytes(), arrived)
                found += [message] if message else []
    return found


def _act_postfix(choice: Choice) -> list[str]:
    ids = [message.id for message in choice.messages]
    if choice.action == "flush":
        for words in postfix.flush(None if choice.all_of_them else ids):
            _must(words)
        return []
    argv, given = postfix.command(choice.action, ids)
    _must(argv, given)
    return []


def _act_sendmail(choice: Choice) -> list[str]:
    if choice.action == "flush" and choice.all_of_them:
        flush("sendmail")
        return []
    if choice.action == "delete":
        files = {(queue_of(path), path.name[2:]): path for path in control_files()}
        paths = [(one.id, files.get((one.queue, one.id))) for one in choice.messages]
        return [name for name, path in paths if path is None or not _delete(path)]
    commands = list(sendmail.commands(choice.action, choice.messages))
    if choice.action == "flush":
        _start(commands)
        return []
    for argv in commands:
        _must(argv)
    return []


def _delete(control: Path) -> bool:
    """Remove a message of Sendmail's, unless it is being delivered."""
    with locked(control) as free:
        if free:
            data = data_file(control)
            control.unlink()
            data.unlink(missing_ok=True)
            control.with_name(f"xf{control.name[2:]}").unlink(missing_ok=True)
        return free


def _act_nullmailer(choice: Choice) -> list[str]:
    if choice.action == "delete":
        return _delete_nullmailer(choice.messages)
    if choice.action == "requeue":
        for message in choice.messages:
            source = Path(nullmailer.SPOOL, message.queue, message.id)
            source.rename(Path(nullmailer.SPOOL, "queue", message.id))
    _trigger()
    return []


def _delete_nullmailer(messages: Sequence[Message]) -> list[str]:
    """Remove messages; nullmailer locks none, but who sends one has its file open.

    A file may be opened between the look and the removal, and is then on its way as well.
    """
    paths = {Path(nullmailer.SPOOL, one.queue, one.id): one.id for one in messages}
    busy = open_files()
    gone = {path for path in paths if str(path) not in busy and path.exists()}
    for path in gone:
        path.unlink(missing_ok=True)
    late = open_files()
    return [name for path, name in paths.items() if path not in gone or f"{path} (deleted)" in late]


def open_files() -> set[str]:
    """Return the paths of the files that nullmailer's user has open, as the kernel writes them."""
    owner = Path(nullmailer.SPOOL, "queue").stat()
    found = set()
    # As a user looks at its own processes, which root in a container may not.
    with as_user(owner.st_uid, owner.st_gid):
        for link in PROC.glob("[0-9]*/fd/*"):  # passes over what is another user's
            with contextlib.suppress(OSError):  # it may have been closed
                found.add(str(link.readlink()))
    return found


def _trigger() -> None:
    """Wake nullmailer; nobody listens at its pipe while it is down, and then it need not wake."""
    with contextlib.suppress(OSError):
        descriptor = os.open(nullmailer.TRIGGER, os.O_WRONLY | os.O_NONBLOCK)
        os.write(descriptor, b"1")
        os.close(descriptor)


def _start(commands: Sequence[Sequence[str]]) -> None:
    """Start queue runs and let them go on: one may wait for slow servers for hours."""
    for argv in commands:
        nothing = subprocess.DEVNULL
        subprocess.Popen(
            argv, stdin=nothing, stdout=nothing, stderr=nothing, cwd="/", start_new_session=True
        )


def _must(argv: Sequence[str], given: str = "") -> None:
    must(run(argv, stdin=given, timeout_seconds=LARGE_QUEUE_SECONDS))


def empty_within(agent: str, seconds: float, quiet_seconds: float = 15) -> list[Message]:
    """Try the queue until it is empty, a time has passed, or nothing leaves any more.

    Returns what still waits to be sent. What is held or failed for good does not count.
    """
    end = time.monotonic() + seconds
    waiting = _waiting(agent)
    moved = time.monotonic()
    if waiting:
        flush(agent)
    while waiting and time.monotonic() < end and time.monotonic() - moved < quiet_seconds:
        time.sleep(0.5)
        now = _waiting(agent)
        moved = time.monotonic() if now != waiting else moved
        waiting = now
    return waiting


def _waiting(agent: str) -> list[Message]:
    return [message for message in read_queue(agent) if message.state == "waiting"]
