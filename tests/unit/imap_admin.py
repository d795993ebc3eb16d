"""A Cyrus of a few lines: mailboxes, quotas, rights and notes on a UNIX socket, for tests."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

SECRET = "hush-hush"
CRLF = "\r\n"
_NAMES = re.compile(r'"([^"]+)"')
_NOTE = re.compile(r"\((\S+) (?:\"([^\"]*)\"|NIL)\)$")


@dataclass
class Box:
    """A mailbox, as Cyrus keeps it."""

    quota: int | None = None
    use: str = ""
    acl: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


class Store(socketserver.ThreadingUnixStreamServer):
    """All mailboxes by the names that an administrator gives them, and each command that came."""

    daemon_threads = True

    def __init__(self, path: str) -> None:
        self.boxes: dict[str, Box] = {}
        self.said: list[str] = []
        super().__init__(path, Session)

    @property
    def quotas(self) -> dict[str, int | None]:
        """People's mailboxes with their quotas."""
        boxes = self.boxes.items()
        return {
            name.removeprefix("user/"): box.quota
            for name, box in boxes
            if name.startswith("user/") and name.count("/") == 1
        }

    @quotas.setter
    def quotas(self, quotas: dict[str, int | None]) -> None:
        self.boxes = {f"user/{name}": Box(quota) for name, quota in quotas.items()}


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
            if "hang-up" in line:
                return
            self.tell(f"{tag} {getattr(self, f'do_{verb.lower()}')(line)}")
            if verb == "LOGOUT":
                return

    def tell(self, line: str) -> None:
        with suppress(BrokenPipeError):  # who says LOGOUT may not wait for the answer
            self.wfile.write(f"{line}{CRLF}".encode())

    def do_capability(self, _line: str) -> str:
        self.tell("* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_login(self, line: str) -> str:
        return "OK in" if SECRET in line else "NO Login failed: authentication failure"

    def do_list(self, _line: str) -> str:
        for name in self.server.boxes:
            shown = f'"{name}"' if " " in name else name
            self.tell(f'* LIST (\\HasNoChildren) "/" {shown}')
        return "OK [CODE (x)] done"

    def do_create(self, line: str) -> str:
        (name,) = _NAMES.findall(line)
        if "denied" in name:
            return "NO [LIMIT] Permission denied"
        if name in self.server.boxes:
            return "NO Mailbox already exists"
        use = re.search(r"USE \(\\(\w+)\)", line)
        above = self.server.boxes.get(re.sub(r"/[^/]*(?=@)", "", name))
        acl = {} if name.startswith("user/") else dict(above.acl if above else {"anyone": "lrs"})
        self.server.boxes[name] = Box(use=use[1] if use else "", acl=acl)
        return "OK done"

    def do_rename(self, line: str) -> str:
        before, after = _NAMES.findall(line)
        person, _at, domain = before.partition("@")
        for name in list(self.server.boxes):
            if name == before or (name.startswith(f"{person}/") and name.endswith(f"@{domain}")):
                moved = name.replace(person, after.partition("@")[0], 1)
                self.server.boxes[moved] = self.server.boxes.pop(name)
        return "OK done"

    def do_delete(self, line: str) -> str:
        (name,) = _NAMES.findall(line)
        person, _at, _domain = name.partition("@")
        below = [one for one in self.server.boxes if one.startswith(f"{person}/")]
        for gone in (name, *(one for one in below if name.startswith("user/"))):
            del self.server.boxes[gone]
        return "OK done"

    def do_setquota(self, line: str) -> str:
        found = re.search(r"STORAGE (\d+)", line)
        self.box(line).quota = int(found[1]) if found else None
        return "OK done"

    def do_getquota(self, line: str) -> str:
        if (quota := self.box(line).quota) is None:
            return "NO Quota root does not exist"
        self.tell(f"* QUOTA x (STORAGE 0 {quota})")
        return "OK done"

    def do_getacl(self, line: str) -> str:
        pairs = " ".join(f"{who} {rights}cd" for who, rights in self.box(line).acl.items())
        self.tell(f"* ACL x {pairs}")
        return "OK done"

    def do_setacl(self, line: str) -> str:
        _name, who = _NAMES.findall(line)
        self.box(line).acl[who] = line.rpartition(" ")[2]
        return "OK done"

    def do_deleteacl(self, line: str) -> str:
        _name, who = _NAMES.findall(line)
        del self.box(line).acl[who]
        return "OK done"

    def do_getmetadata(self, line: str) -> str:
        for key in re.findall(r"/shared/\S*?(?=[ )])", line):
            value = self.box(line).notes.get(key)
            shown = "NIL" if value is None else f"{{{len(value)}}}{CRLF}{value}"
            self.tell(f'* METADATA x ("{key}" {shown})')
        return "OK done"

    def do_setmetadata(self, line: str) -> str:
        found = _NOTE.search(line)
        assert found is not None, line
        self.box(line).notes.pop(found[1], None)
        if found[2] is not None:
            self.box(line).notes[found[1]] = found[2]
        return "OK done"

    def do_logout(self, _line: str) -> str:
        self.tell("* BYE")
        return "OK done"

    def box(self, line: str) -> Box:
        return self.server.boxes[_NAMES.findall(line)[0]]


@contextmanager
def serving(path: Path) -> Iterator[Store]:
    """Serve at that path for a while."""
    with Store(str(path)) as store:
        threading.Thread(target=store.serve_forever, args=(0.01,), daemon=True).start()
        yield store
        store.shutdown()
