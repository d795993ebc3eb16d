"""A door of Postfix for what has been through all tables and the filter: neither is asked again."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import smtplib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, must
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._postfix.master import read_again

from .parcel import Parcel

# In a folder that root and Postfix alone may enter.
SOCKET = "/var/spool/postfix/private/postern-handover"
SERVICE = "postern-handover/unix"
OPTIONS = {
    "receive_override_options": "no_address_mappings,no_header_body_checks,no_milters,"
    "no_unknown_recipient_checks",
    "content_filter": "",  # behind it copies are made
    "mynetworks": "127.0.0.0/8",  # who comes through a socket in the file system is 127.0.0.1
    "smtpd_relay_restrictions": "permit_mynetworks,reject",
    **{
        f"smtpd_{step}_restrictions": ""
        for step in ("client", "helo", "sender", "recipient", "data", "end_of_data")
    },
    "smtpd_recipient_limit": "1000000",
    "smtpd_sasl_auth_enable": "no",
    "smtpd_tls_security_level": "none",
    "smtpd_discard_ehlo_keywords": "",
    "smtpd_upstream_proxy_protocol": "",
    "smtpd_proxy_filter": "",
}
START_SECONDS = 30
ANSWER_SECONDS = 600
TEMPORARY, FINAL = 75, 65  # as a program would say it


@contextlib.contextmanager
def opened() -> Iterator[None]:
    """Have the door, and close it behind us; the role of Postfix would take it out as well."""
    words = " ".join(f"-o {name}={value}" for name, value in OPTIONS.items())
    name, kind = SERVICE.split("/")
    try:
        must(run(["postconf", "-M", f"{SERVICE}={name} {kind} - - n - - smtpd {words}"]))
        must(read_again())
        _await()
        yield
    finally:
        must(run(["postconf", "-MX", SERVICE]))
        must(read_again())


def give(parcel: Parcel) -> tuple[int, str]:
    """Give Postfix a message; return a code as its sendmail would, and its words."""
    session = smtplib.SMTP(local_hostname="localhost", timeout=ANSWER_SECONDS)
    session.command_encoding = "utf-8"
    try:
        session.sock = _connected()
        answers = _commands(session, parcel)
        code, words = next((one for one in answers if one[0] >= 400), (250, b""))
        if code < 400:
            code, words = session.data(parcel.content.replace(b"\n", b"\r\n"))
    except UnicodeError as error:
        return FINAL, str(error)
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error
        code, words = error.smtp_code, said if isinstance(said, bytes) else said.encode()
    except (OSError, smtplib.SMTPException) as error:
        return TEMPORARY, str(error)
    finally:
        session.close()
    if code < 400:
        return 0, ""
    return TEMPORARY if code < 500 else FINAL, words.decode("utf-8", "replace")


def _commands(session: smtplib.SMTP, parcel: Parcel) -> Iterator[tuple[int, bytes]]:
    """Say who the message is from and for whom; yield each answer."""
    yield session.getreply()
    yield session.ehlo()
    foreign = not all(one.isascii() for one in (parcel.sender, *parcel.recipients))
    words = " BODY=8BITMIME" * (not parcel.content.isascii()) + " SMTPUTF8" * foreign
    yield session.docmd(f"MAIL FROM:<{parcel.sender}>{words}")
    for recipient in parcel.recipients:
        never = " NOTIFY=NEVER" if recipient in parcel.quiet else ""
        yield session.docmd(f"RCPT TO:<{recipient}>{never}")


def _connected() -> socket.socket:
    found = socket.socket(socket.AF_UNIX)
    found.settimeout(ANSWER_SECONDS)
    found.connect(SOCKET)
    return found


def _await() -> None:
    end = time.monotonic() + START_SECONDS
    while not Path(SOCKET).exists():
        if time.monotonic() > end:
            raise Refused(f"Postfix has not opened {SOCKET} within {START_SECONDS} s")
        time.sleep(0.1)
