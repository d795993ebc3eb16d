"""Fixtures for relaying after a login: strangers with addresses of their own, who read and send."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest
from dialogues.mail import BOB, People
from dialogues.scenario import Scenario, wait_for

LIFETIME_SECONDS = 60
SERVERS = ("mail", "second")
ALICE = "alice@example.org"
UNITS = "postern-pop-before-smtp.socket postern-pop-before-smtp.service"
# Prints the answer to a recipient, or to what comes before; with a text it sends that.
TALK = """
import smtplib, sys
server, client, sender, recipient = sys.argv[1:]
smtp = smtplib.SMTP(server, 25, "pc.example.com", timeout=60, source_address=(client, 0))
smtp.ehlo()
answer = smtp.mail(sender)
if answer[0] == 250:
    answer = smtp.rcpt(recipient)
text = sys.stdin.read()
if answer[0] == 250 and text:
    answer = smtp.data(text)
print(answer[0], answer[1].decode())
smtp.quit()
"""
# Says whether a login is taken; the proof may have any character in it.
READ = """
import base64, socket, ssl, sys
server, protocol, client = sys.argv[1:]
login, password = sys.stdin.read().split("\\0")
proof = base64.b64encode(f"\\0{login}\\0{password}".encode())
imap = protocol == "imaps"
asked, good = (b"a AUTHENTICATE PLAIN ", b"a OK") if imap else (b"AUTH PLAIN ", b"+OK")
plain = socket.create_connection((server, 993 if imap else 995), 60, (client, 0))
with ssl._create_unverified_context().wrap_socket(plain) as tls:
    lines = tls.makefile("rb")
    lines.readline()
    tls.sendall(asked + proof + b"\\r\\n")
    line = lines.readline()
    while line.startswith(b"* "):
        line = lines.readline()
print("taken" if line.startswith(good) else line)
"""


@dataclass(frozen=True)
class World:
    """The strangers: each is the last part of an address of the host outside."""

    scenario: Scenario
    first_login: dict[str, float] = field(default_factory=dict)

    @property
    def network(self) -> str:
        """The first three parts of all addresses."""
        return self.scenario.address("outside").rpartition(".")[0]

    def client(self, number: int) -> str:
        """Return a stranger's address."""
        return f"{self.network}.{number}"

    def answer(
        self,
        server: str,
        number: int,
        to: str = BOB,
        sender: str = "me@example.com",
        text: str = "",
    ) -> int:
        """Return what a server says to a stranger's message for somebody."""
        argv = ("python3", "-c", TALK, self.scenario.address(server), self.client(number))
        said = self.scenario.run("outside", *argv, sender, to, stdin=text)
        assert said.rc == 0, said.text
        return int(said.text.split()[0])

    def read(
        self,
        server: str,
        number: int,
        protocol: str = "imaps",
        login: str = ALICE,
        password: str = "",
    ) -> bool:
        """Let a stranger log in to read mail; say whether the server took the login."""
        proof = f"{login}\0{password or self.scenario.secret('alice')}"
        argv = ("python3", "-c", READ, self.scenario.address(server), protocol, self.client(number))
        said = self.scenario.run("outside", *argv, stdin=proof)
        assert said.rc == 0, said.text
        return said.text.strip() == "taken"

    def granted(self, server: str, number: int, protocol: str = "imaps") -> None:
        """Let a stranger log in, and wait until it may relay; all before it has been read, too."""
        assert self.read(server, number, protocol)
        self.first_login.setdefault(f"{server} {number}", time.monotonic())
        wait_for(
            f"{server} lets {number} relay", lambda: self.answer(server, number) == 250, seconds=15
        )

    def refused(self, server: str, number: int) -> bool:
        """Say whether a stranger is told for good that it may not relay."""
        return self.answer(server, number) in (550, 554)


@pytest.fixture(scope="session")
def world(scenario: Scenario) -> World:
    """The world outside; the last test turned relaying off, should this be another run of all."""
    on = "test -e /etc/systemd/system/postern-pop-before-smtp.service"
    if any(scenario.run(server, "sh", "-c", on).rc for server in SERVERS):
        said = scenario.playbook()
        assert said.rc == 0, said.text
    return World(scenario)


@pytest.fixture(scope="session")
def people(scenario: Scenario) -> People:
    """The people of the site."""
    return People(scenario)
