"""A rehearsal: nullmailer itself reads the new control files, and gets as far as connecting."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run

from .model import Nullmailer
from .render import AUTHORITIES, remote, render

DAEMON = "/usr/sbin/nullmailer-send"
PROTOCOLS = "/usr/lib/nullmailer"
_AS_MAIL = ("setpriv", "--reuid=mail", "--regid=mail", "--clear-groups")
_MESSAGE = "root@{host}\nroot@{host}\n\nSubject: Rehearsal\n\nThis goes nowhere.\n"
_EXPECTED = "Sending failed: Connection refused"


def rehearse(wanted: Nullmailer, authorities: bytes) -> None:
    """Let nullmailer try a message with every smarthost; raises Refused with its own words.

    nullmailer has no mode that only checks. So it gets a folder of its own with the new files and
    one message, goes through that queue once, and is led to a port of this host where nobody
    listens. By then it has read each line of remotes, and the authorities, as its own user.
    """
    if not Path(DAEMON).exists():
        return
    with _closed_port() as port, tempfile.TemporaryDirectory(prefix="postern-nullmailer-") as top:
        _prepare(Path(top), wanted, authorities, port)
        argv = [*_AS_MAIL, DAEMON]
        outcome = run(argv, env={"NULLMAILER_TEST_PREFIX": top}, timeout_seconds=60)
    tries = outcome.out.splitlines().count(_EXPECTED)
    if not outcome.ok or tries != len(wanted.smarthosts):
        raise Refused(f"nullmailer does not take the new files:\n{_words(outcome.words)}")


def _prepare(top: Path, wanted: Nullmailer, authorities: bytes, port: int) -> None:
    """Lay the files out as nullmailer looks for them below a folder of its own."""
    for name in ("conf", "queue/queue", "queue/failed", "queue/tmp"):
        (top / name).mkdir(parents=True)
    os.mkfifo(top / "queue" / "trigger")
    (top / "protocols").symlink_to(PROTOCOLS)
    bundle = top / "authorities.pem"
    bundle.write_bytes(authorities)
    files = render(wanted) | {"remotes": _detoured(wanted, str(bundle), port)}
    for name, text in (files | {"pausetime": "0\n"}).items():  # 0: once, and no more
        _write(top / "conf" / name, text)
    _write(top / "queue" / "queue" / "1", _MESSAGE.format(host=wanted.hostname))
    for path in (top, *top.rglob("*")):
        if not path.is_symlink():
            shutil.chown(path, "mail", "mail")


def _detoured(wanted: Nullmailer, bundle: str, port: int) -> str:
    """Return the smarthosts, each led here by options that win over the ones before them."""
    detour = f" --host=127.0.0.1 --port={port}\n"
    lines = (remote(smarthost).replace(AUTHORITIES, bundle) for smarthost in wanted.smarthosts)
    return "".join(line + detour for line in lines)


def _write(path: Path, text: str) -> None:
    path.touch(0o600)
    path.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def _closed_port() -> Iterator[int]:
    """Hold a port of the loopback address where connections are refused."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def _words(said: str) -> str:
    """Return what is worth reading of nullmailer's words."""
    routine = ("Rescanning queue", "Starting delivery,", "Delivery complete", "From: <", _EXPECTED)
    lines = [line for line in said.splitlines() if line.strip()]
    return "\n".join(line for line in lines if not line.startswith(routine))
