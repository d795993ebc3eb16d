"""Runs on the host outside: guess passwords from one address, as fast as the server lets one.

Standard input: {"server": address, "client": address, "login": login, "guesses": number, "at_once":
connections}; standard output: {"seconds": how long it took, "refused": answers that refused,
"cut": connections that ended without an answer, "let_in": logins that worked}. The guesses go to
IMAPS, POP3S and submission in turn.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import smtplib
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

TIMEOUT_SECONDS = 60
CUT_PAUSE_SECONDS = 0.5
CONTEXT = ssl._create_unverified_context()  # noqa: S323 a guesser does not mind


class Wrapped:
    """A guesser's connection to IMAPS or POP3S."""

    def __init__(self, order: dict[str, Any], port: int) -> None:
        where, client = (order["server"], port), (order["client"], 0)
        plain = socket.create_connection(where, TIMEOUT_SECONDS, client)
        self.file = CONTEXT.wrap_socket(plain).makefile("rwb")
        self.is_imap = port == 993
        self.login = order["login"]
        self.heard()

    def heard(self, tag: bytes = b"") -> bytes:
        """Return the next line that begins with a tag."""
        while line := self.file.readline():
            if line.startswith(tag):
                return line
        raise EOFError

    def say(self, line: str, tag: bytes = b"") -> bytes:
        """Say a line; return its answer."""
        self.file.write(f"{line}\r\n".encode())
        self.file.flush()
        return self.heard(tag)

    def guess(self, word: str) -> bool:
        """Try a password; say whether it was right."""
        if self.is_imap:
            return self.say(f"a LOGIN {self.login} {word}", b"a ").startswith(b"a OK")
        self.say(f"USER {self.login}")
        return self.say(f"PASS {word}").startswith(b"+OK")

    def close(self) -> None:
        """Hang up."""
        self.file.close()


class Submission:
    """A guesser's connection to the port for submission."""

    def __init__(self, order: dict[str, Any]) -> None:
        client = (order["client"], 0)
        self.smtp = smtplib.SMTP(
            order["server"], 587, "guesser", TIMEOUT_SECONDS, source_address=client
        )
        self.smtp.starttls(context=CONTEXT)
        self.login = order["login"]

    def guess(self, word: str) -> bool:
        """Try a password; say whether it was right."""
        try:
            self.smtp.login(self.login, word)
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code // 100 == 4:
                raise EOFError from error
            return False
        return True

    def close(self) -> None:
        """Hang up."""
        self.smtp.close()


class Guesser:
    """All that one address does."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.order = order
        self.words = iter([f"wrong{number}" for number in range(order["guesses"])])
        self.lock = threading.Lock()
        self.counts: Counter[str] = Counter()

    def word(self) -> str | None:
        """Return the next password to try."""
        with self.lock:
            return next(self.words, None)

    def connect(self, number: int) -> Wrapped | Submission:
        """Connect by one of the three ways in."""
        if number % 3 == 2:
            return Submission(self.order)
        return Wrapped(self.order, (993, 995)[number % 3])

    def run(self, number: int) -> None:
        """Try passwords on one connection after the other, until none is left."""
        one: Wrapped | Submission | None = None
        while word := self.word():
            while True:
                try:
                    one = one or self.connect(number)
                    self.counts["let_in" if one.guess(word) else "refused"] += 1
                    break
                except (OSError, EOFError, smtplib.SMTPException):
                    self.counts["cut"] += 1
                    with suppress(Exception):
                        one.close()  # type: ignore[union-attr]
                    one = None
                    time.sleep(CUT_PAUSE_SECONDS)


def main() -> None:
    """Guess, on several connections at once."""
    order = json.load(sys.stdin)
    guesser = Guesser(order)
    begin = time.monotonic()
    with ThreadPoolExecutor(order["at_once"]) as pool:
        list(pool.map(guesser.run, range(order["at_once"])))
    counts = {name: guesser.counts[name] for name in ("refused", "cut", "let_in")}
    json.dump(counts | {"seconds": time.monotonic() - begin}, sys.stdout)


if __name__ == "__main__":
    main()
