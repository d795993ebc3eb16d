"""Mail through a filter: strangers' and own people's messages, who gets what, and quarantine."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import imaplib
import re
import smtplib
import ssl
from dataclasses import dataclass

from dialogues.mail import BOB, new_token, opened
from dialogues.messages import labelled, on_the_wire
from dialogues.scenario import Scenario, wait_for

ALICE, CAROL, ERIN = "alice@example.org", "carol@example.org", "erin@example.net"
KEEPER = "keeper@example.org"
QUARANTINE = "/var/lib/amavis/virusmails"
WAIT_SECONDS = 90


@dataclass(frozen=True)
class Filtered:
    """One mail host of the scenario, whose mail is searched."""

    scenario: Scenario
    host: str

    @property
    def address(self) -> str:
        """Its address in the scenario's network."""
        return self.scenario.address(self.host)

    @property
    def password(self) -> str:
        """The password that all of its people have."""
        return self.scenario.secret("alice")

    def takes(self, message: bytes, *recipients: str, sender: str = BOB) -> str:
        """Let a stranger send a message; return the token that was put into its header."""
        token = new_token()
        with smtplib.SMTP(self.address, 25, "outside.example.com", timeout=120) as smtp:
            smtp.sendmail(sender, recipients or (ALICE,), on_the_wire(labelled(message, token)))
        return token

    def submits(self, message: bytes, *recipients: str, login: str = CAROL) -> str:
        """Let one of the site's own people send a message; return its token."""
        token = new_token()
        context = ssl.create_default_context(cafile=str(self.scenario.state / "ca" / "ca.crt"))
        context.check_hostname = False  # it is reached by its address
        with smtplib.SMTP(self.address, 587, "desk.example.org", timeout=120) as smtp:
            smtp.starttls(context=context)
            smtp.login(login, self.password)
            smtp.sendmail(login, recipients or (ALICE,), on_the_wire(labelled(message, token)))
        return token

    def found(self, login: str, *words: str, folder: str = "INBOX") -> list[bytes]:
        """Return the messages in a folder that an IMAP search finds."""
        name = f"{self.host}.example.org"
        with opened(self.scenario, self.host, name, login, self.password) as imap:
            if imap.select(folder)[0] != "OK":
                return []
            numbers = imap.search(None, *words)[1][0].split()
            return [_message(imap, number) for number in numbers]

    def of(self, login: str, token: str, folder: str = "INBOX") -> list[bytes]:
        """Return a person's messages with a token in their headers."""
        return self.found(login, "HEADER", "X-Corpus", token, folder=folder)

    def about(self, login: str, token: str) -> list[bytes]:
        """Return the notices that a person has about what bears a token."""
        number = self.stopped(token)[0].partition("-")[2]
        return self.found(login, "TEXT", f'"{number}"')

    def delivers(self, login: str, token: str, folder: str = "INBOX") -> bytes:
        """Wait until a person has the message, once; return it."""
        what = f"{login} on {self.host} has {token} in {folder}"
        wait_for(what, lambda: self.of(login, token, folder), WAIT_SECONDS)
        (message,) = self.of(login, token, folder)
        return message

    def stopped(self, token: str) -> list[str]:
        """Return the names in quarantine of what bears a token."""
        found = self.scenario.run(self.host, "grep", "-rlF", token, QUARANTINE)
        return [path.rpartition("/")[2] for path in found.text.split()]

    def stops(self, token: str) -> str:
        """Wait until a message is in quarantine; return its name there."""
        wait_for(f"{token} in quarantine on {self.host}", lambda: self.stopped(token), WAIT_SECONDS)
        return self.stopped(token)[0]

    def kept(self, token: str) -> bool:
        """Say whether Postfix has tried to hand a message over, and keeps it for later."""
        find = f"grep -rlaF {token} /var/spool/postfix/deferred | grep ."
        return self.scenario.run(self.host, "sh", "-c", find).rc == 0

    def searching(self) -> int:
        """Return how many messages the filter has taken apart and waits for."""
        said = self.scenario.run(
            self.host,
            "sh",
            "-c",
            "find /var/lib/amavis/tmp -path '*/parts/p0*' | cut -d/ -f6 | sort -u",
        )
        return len(said.text.split())


def plain(words: str = "Words.", *more: str) -> bytes:
    """Return a message with some words."""
    lines = ("From: Bob <bob@example.com>", "To: alice@example.org", "Subject: words", *more)
    return "".join(f"{line}\n" for line in lines).encode() + f"\n{words}\n".encode()


def header_of(message: bytes, name: str) -> list[str]:
    """Return the values of a header, unfolded."""
    head = message.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0].decode("utf-8", "replace")
    unfolded = re.sub(r"\n[ \t]+", " ", head)
    return re.findall(rf"^{name}:\s*(.*)$", unfolded, re.MULTILINE | re.IGNORECASE)


def strangers_mail(scenario: Scenario) -> list[str]:
    """Return the subjects of all mail that has come to the forged sender."""
    script = (
        "cat /home/bob/Maildir/new/* /home/bob/Maildir/cur/* 2>/dev/null | grep ^Subject: || true"
    )
    return scenario.shell("outside", script).splitlines()


def _message(imap: imaplib.IMAP4_SSL, number: bytes) -> bytes:
    found = imap.fetch(number.decode(), "(BODY.PEEK[])")[1][0]
    assert isinstance(found, tuple), found
    return bytes(found[1])
