"""Mail arrives and people read without a pause, whatever becomes of the server meanwhile."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import imaplib
import smtplib
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from dialogues.mail import BOB, new_token
from dialogues.scenario import wait_for
from dialogues.stores_person import Person, message, submit

SENDERS = 4
PAUSE_SECONDS = 0.4
TIMEOUT_SECONDS = 30
# What happens to a connection whose other end is killed.
BROKEN = (OSError, EOFError, smtplib.SMTPException, imaplib.IMAP4.error)
# Postfix takes so many logins a minute from one address, be they right or wrong.
LOGIN_PAUSE_SECONDS = 2


@dataclass
class Storm:
    """One person's inbox while strangers write to it and the person's programs read it.

    accepted: subjects that the server said it has; unknown: those for which it gave no answer.
    """

    person: Person
    accepted: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    readings: int = 0
    interruptions: int = 0
    _calm: threading.Event = field(default_factory=threading.Event)

    def rage(self, messages: int, readers: int, deeds: list[tuple[str, str]]) -> dict[str, float]:
        """Do the deeds (name, shell script) one by one meanwhile; return how long each was felt."""
        felt: dict[str, float] = {}
        with ThreadPoolExecutor(SENDERS + readers) as pool:
            running = [pool.submit(self._send) for _ in range(SENDERS)]
            running += [pool.submit(self._read) for _ in range(readers)]
            try:
                for name, script in deeds:
                    time.sleep(1)
                    self.person.scenario.shell(self.person.host, script)
                    begin = time.monotonic()
                    wait_for(f"{self.person.host} is back after {name}", self.works, 60)
                    felt[name] = time.monotonic() - begin
                wait_for("enough was sent", lambda: len(self.accepted) >= messages, 300)
            finally:
                self._calm.set()
        for one in running:
            one.result()
        return felt

    def works(self) -> bool:
        """Whether mail can be read and sent by a login at this moment."""
        try:
            with self.person.imap() as imap:
                assert imap.noop()[0] == "OK"
        except BROKEN:
            return False
        try:
            submit(self.person, message(f"works {new_token()}"), timeout=5)
        except BROKEN:
            time.sleep(LOGIN_PAUSE_SECONDS)
            return False
        return True

    def there(self) -> Counter[str]:
        """Return the subjects in the inbox, each with the number of its copies."""
        with self.person.imap() as imap:
            data = imap.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        texts = [part[1].decode() for part in data if isinstance(part, tuple)]
        return Counter(text.partition(":")[2].strip() for text in texts)

    def _send(self) -> None:
        smtp: smtplib.SMTP | None = None
        while not self._calm.wait(PAUSE_SECONDS):
            try:
                smtp = smtp or self._connect()
                self._one(smtp)
            except BROKEN:
                smtp = None

    def _connect(self) -> smtplib.SMTP:
        address = self.person.scenario.address(self.person.host)
        smtp = smtplib.SMTP(address, 25, "outside.example.com", timeout=TIMEOUT_SECONDS)
        smtp.ehlo()
        return smtp

    def _one(self, smtp: smtplib.SMTP) -> None:
        """Send one message that nothing else resembles; raise when it was not accepted."""
        subject = new_token()
        smtp.rset()
        for command in (f"MAIL FROM:<{BOB}>", f"RCPT TO:<{self.person.login}>", "DATA"):
            code, text = smtp.docmd(command)
            if code // 100 not in {2, 3}:
                raise smtplib.SMTPResponseException(code, text)
        smtp.send(message(subject) + b".\r\n")
        self.unknown.add(subject)
        code, text = smtp.getreply()
        self.unknown.discard(subject)
        if code != 250:
            raise smtplib.SMTPResponseException(code, text)
        self.accepted.add(subject)

    def _read(self) -> None:
        while not self._calm.is_set():
            try:
                with self.person.imap() as imap:
                    while not self._calm.is_set():
                        imap.fetch("1:*", "(UID FLAGS)")
                        self.readings += 1
                        self._calm.wait(PAUSE_SECONDS)
            except BROKEN:
                self.interruptions += 1
                self._calm.wait(PAUSE_SECONDS)
