"""Try to log in with every protocol, from the machine where this runs; JSON in, JSON out.

Runs inside a host, with Python's own libraries alone.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import imaplib
import json
import poplib
import smtplib
import ssl
import sys
from collections.abc import Callable

TIMEOUT_SECONDS = 20


def submission(server: str, login: str, password: str, context: ssl.SSLContext) -> None:
    """Log in on port 587."""
    with smtplib.SMTP(server, 587, timeout=TIMEOUT_SECONDS) as smtp:
        smtp.starttls(context=context)
        smtp.login(login, password)


def imaps(server: str, login: str, password: str, context: ssl.SSLContext) -> None:
    """Log in on port 993."""
    with imaplib.IMAP4_SSL(server, 993, ssl_context=context, timeout=TIMEOUT_SECONDS) as imap:
        imap.login(login, password)


def pop3s(server: str, login: str, password: str, context: ssl.SSLContext) -> None:
    """Log in on port 995."""
    pop = poplib.POP3_SSL(server, 995, context=context, timeout=TIMEOUT_SECONDS)
    try:
        pop.user(login)
        pop.pass_(password)
    finally:
        pop.close()


REFUSED: dict[Callable[..., None], type[Exception]] = {
    submission: smtplib.SMTPAuthenticationError,
    imaps: imaplib.IMAP4.error,
    pop3s: poplib.error_proto,
}


def main() -> None:
    """Say for each protocol whether it let the person in."""
    order = json.load(sys.stdin)
    context = ssl._create_unverified_context()  # noqa: S323 other tests verify
    report = {}
    for protocol, refused in REFUSED.items():
        try:
            protocol(order["server"], order["login"], order["password"], context)
            report[protocol.__name__] = True
        except refused:
            report[protocol.__name__] = False
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
