"""The files around popa3d: what shall stand, and the plan between that and the host."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File

from .model import Person, Popa3d, Reader, Server
from .render import PEOPLE, render_pam, render_people, render_service, render_socket

UNITS = "/etc/systemd/system"
SOCKET = f"{UNITS}/popa3d.socket"
SERVICE = f"{UNITS}/popa3d@.service"
DAEMON = f"{UNITS}/popa3d.service"
PAM = "/etc/pam.d/popa3d"
PATHS = (SOCKET, SERVICE, DAEMON, PAM, PEOPLE)

Files = Mapping[str, "File | None"]


def popa3d(
    people: Iterable[Person],
    uids: Mapping[str, int],
    listen: tuple[str, ...],
    connections: tuple[int, int],
    server: Server | None,
) -> Popa3d:
    """Return the model: who is locked is no reader, and no session knows of them."""
    readers = sorted(
        Reader(one.login, one.user, uids[one.user]) for one in people if not one.locked
    )
    return Popa3d(listen, *connections, tuple(readers), server)


def wanted_files(wanted: Popa3d) -> dict[str, File | None]:
    """Return every file that this collection owns around popa3d; none of them where none listens.

    An empty unit is masked: Debian's own daemon would answer everybody, in clear text.
    """
    files: dict[str, File | None] = dict.fromkeys(PATHS)
    files[DAEMON] = File(b"")
    files[PAM] = File(render_pam().encode())
    if wanted.listen:
        files[SOCKET] = File(render_socket(wanted).encode())
        files[SERVICE] = File(render_service(wanted).encode())
        files[PEOPLE] = File(render_people(wanted).encode())
    return files


def text_of(present: Files, path: str) -> str:
    """Return a present file's text, empty where there is none."""
    file = present.get(path)
    return file.content.decode("utf-8", "replace") if file else ""
