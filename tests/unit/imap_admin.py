"""A Cyrus of a few lines: LOGIN, LIST, CREATE and quotas on a UNIX socket, for tests."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECRET = "hush-hush"
CRLF = "\r\n"


class Store(socketserver.ThreadingUnixStreamServer):
    """People's mailboxes with their quotas, and each command that came."""

    daemon_threads = True

    def __init__(self, path: str) -> None:
        self.quotas: dict[str, int | None] = {}
        self.said: list[str] = []
        super().__init__(path, Session)


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    server: Store

    def handle(self) -> None:
        self.tell("* OK [CAPABILITY IMAP4rev1] server ready")
        for raw in self.rfile:
            tag, _blank, line = raw.decode().strip().partition(" ")
            verb = line.partition(" ")[0].upper()
            if verb != "LOGIN":
                self.server.said.append(line)
            self.tell(f"{tag} {getattr(self, f'do_{verb.lower()}')(line)}")
            if verb == "LOGOUT":
                return

    def tell(self, line: str) -> None:
        self.wfile.write(f"{line}{CRLF}".encode())

    def do_capability(self, _line: str) -> str:
        self.tell("* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_login(self, line: str) -> str:
        return "OK in" if SECRET in line else "NO Login failed: authentication failure"

    def do_list(self, _line: str) -> str:
        for name in self.server.quotas:
            self.tell(f'* LIST (\\HasNoChildren) "/" user/{name}')
        return "OK done"

    def do_create(self, line: str) -> str:
        name = self.name_in(line)
        if name.startswith("denied"):
            return "NO Permission denied"
        self.server.quotas[name] = None
        return "OK done"

    def do_setquota(self, line: str) -> str:
        found = re.search(r"STORAGE (\d+)", line)
        self.server.quotas[self.name_in(line)] = int(found[1]) if found else None
        return "OK done"

    def do_getquota(self, line: str) -> str:
        name = self.name_in(line)
        if self.server.quotas[name] is None:
            return "NO Quota root does not exist"
        self.tell(f"* QUOTA user/{name} (STORAGE 0 {self.server.quotas[name]})")
        return "OK done"

    def do_logout(self, _line: str) -> str:
        self.tell("* BYE")
        return "OK done"

    @staticmethod
    def name_in(line: str) -> str:
        found = re.search(r'"user/([^"]+)"', line)
        assert found is not None, line
        return found[1]


@contextmanager
def serving(path: Path) -> Iterator[Store]:
    """Serve at that path for a while."""
    with Store(str(path)) as store:
        threading.Thread(target=store.serve_forever, args=(0.01,), daemon=True).start()
        yield store
        store.shutdown()
