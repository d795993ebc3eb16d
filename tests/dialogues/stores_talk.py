"""Runs on the host outside: speak IMAP and POP3 as each dialogue says, and report every answer.

Standard input: {"server": address, "name": name in its certificate, "password": …, "sweep": [login,
…], "lanes": [[[turn, …], …], …]}; standard output: by lane and dialogue the answers to its turns, a
list of lines each. The dialogues of a lane come one after another. A turn opens a connection
("over") or says a line; "literal" follows it when the server asks.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
import socket
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

AT_ONCE = 8
TIMEOUT_SECONDS = 60
CONNECT_SECONDS = 4
PORTS = {"imap": 143, "imaps": 993, "pop3": 110, "pop3s": 995}
MANY_LINES = re.compile(r"(?:LIST|UIDL|CAPA)$|RETR |TOP ", re.IGNORECASE)
LITERAL = re.compile(rb"\{(\d+)\}\r\n\Z")
FOLDER = re.compile(r"~([^\s)]+)")


class Conversation:
    """One connection to a store, on which everything can be said."""

    def __init__(self, server: str, name: str, service: str, client: str) -> None:
        self.is_imap = service.startswith("imap")
        where, source = (server, PORTS[service]), (client, 0)
        self.socket = socket.create_connection(where, CONNECT_SECONDS, source)
        self.socket.settimeout(TIMEOUT_SECONDS)
        if service.endswith("s"):
            context = ssl.create_default_context()
            self.socket = context.wrap_socket(self.socket, server_hostname=name)
        self.file = self.socket.makefile("rwb")
        self.prefix, self.separator = "", "/"
        self.greeting = self.line()

    def line(self) -> str:
        """Read one line, with the literals in it."""
        raw = self.file.readline()
        while found := LITERAL.search(raw):
            raw += self.file.read(int(found[1])) + self.file.readline()
        if not raw:
            raise EOFError
        return raw.decode("utf-8", "replace").rstrip("\r\n")

    def login(self, login: str, password: str) -> list[str]:
        """Log in, and learn how this server names folders."""
        if not self.is_imap:
            return [self.say(f"USER {login}")[-1], self.say(f"PASS {password}")[-1]]
        said = self.say(f"LOGIN {login} {password}")
        for line in self.say("NAMESPACE"):
            if found := re.search(r'NAMESPACE \(\("([^"]*)" "(.)"\)', line):
                self.prefix, self.separator = found.groups()
        return said

    def say(self, line: str, literal: str = "") -> list[str]:
        """Say one line; return the lines of the answer, the one with the status last."""
        said = FOLDER.sub(self._folder, line)
        return self._imap(said, literal.encode()) if self.is_imap else self._pop3(said)

    def _folder(self, found: re.Match[str]) -> str:
        return f'"{self.prefix}{found[1].replace("/", self.separator)}"'

    def _imap(self, line: str, literal: bytes) -> list[str]:
        response = literal if line.upper().startswith(("AUTHENTICATE", "IDLE")) else b""
        counted = f" {{{len(literal)}}}" if literal and not response else ""
        self._send(f"a {line}{counted}".encode())
        lines: list[str] = []
        while True:
            got = self.line()
            if got.startswith("+"):
                self._send(response or literal)
            elif got.startswith("a "):
                return [*lines, got[2:]]
            else:
                lines.append(got)

    def _pop3(self, line: str) -> list[str]:
        self._send(line.encode())
        status = self.line()
        lines: list[str] = []
        if status.startswith("+OK") and MANY_LINES.match(line):
            while (got := self.line()) != ".":
                lines.append(got)
        return [*lines, status]

    def _send(self, data: bytes) -> None:
        self.file.write(data + b"\r\n")
        self.file.flush()


def talk(order: dict[str, Any], turns: list[dict[str, str]]) -> list[list[str]]:
    """Take one dialogue from its first turn to its last; a server that hangs up ends it."""
    answers: list[list[str]] = []
    open_ones: list[Conversation] = []
    for turn in turns:
        try:
            if "over" in turn:
                said = Conversation(order["server"], order["name"], turn["over"], turn["client"])
                open_ones.append(said)
                answer = [said.greeting]
                if turn["login"]:
                    answer += said.login(turn["login"], order["password"])
                answers.append([*answer, f"{said.prefix} {said.separator}"])
            else:
                answers.append(open_ones[-1].say(turn["line"], turn["literal"]))
        except (EOFError, OSError) as error:
            answers.append([f"({type(error).__name__})"])
    for one in open_ones:
        one.socket.close()
    return answers


def sweep(order: dict[str, Any], login: str) -> None:
    """Remove what an earlier run left to a person."""
    one = Conversation(order["server"], order["name"], "imaps", "")
    one.login(login, order["password"])
    listed = [re.sub(r'^.*\) ("."|NIL) ', "", line) for line in one.say('LIST "" "*"')[:-1]]
    for name in sorted(listed, reverse=True):
        if name.strip('"').upper() != "INBOX":
            one.say(f"DELETE {name}")
    one.say("SELECT INBOX")
    one.say("STORE 1:* +FLAGS.SILENT (\\Deleted)")
    one.say("CLOSE")
    one.socket.close()


def main() -> None:
    """Sweep, then take the lanes side by side."""
    order = json.load(sys.stdin)
    for login in order["sweep"]:
        sweep(order, login)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        lanes = pool.map(lambda lane: [talk(order, turns) for turns in lane], order["lanes"])
        answers = list(lanes)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
