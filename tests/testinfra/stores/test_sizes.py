"""Many sessions, a large message, and a large folder."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import hashlib
import imaplib
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP

from dialogues.everywhere import everywhere
from dialogues.extent import IS_FULL
from dialogues.mail import new_token
from dialogues.scenario import Scenario, wait_for
from dialogues.stores_person import Person, message, submit

SESSIONS = 50
COMING_AT_ONCE = 25
MESSAGES = 10_000 if IS_FULL else 1_000
HEADERS_SECONDS = 30
WAKE_SECONDS = 10


def test_fifty_sessions_read_at_once(scenario: Scenario, show: Callable[[str], None]) -> None:
    def deed(host: str) -> None:
        one = Person(scenario, host)
        one.starts_empty()
        begin = time.monotonic()
        with contextlib.ExitStack() as stack, ThreadPoolExecutor(COMING_AT_ONCE) as pool:
            opened = pool.map(lambda _: stack.enter_context(one.imap()), range(SESSIONS))
            sessions = list(opened)
            assert sessions[0].append("INBOX", "", "", message("seen by all"))[0] == "OK"
            seen = list(pool.map(one.has, sessions))
        assert seen == [{"seen by all": ""}] * SESSIONS
        show(f"{host}: {SESSIONS} sessions in {time.monotonic() - begin:.1f} s")

    everywhere(deed)


def test_a_message_of_25_mb_goes_out_and_comes_back(
    scenario: Scenario, show: Callable[[str], None]
) -> None:
    def deed(host: str) -> None:
        one = Person(scenario, host)
        one.starts_empty()
        token, attached = new_token(), os.urandom(18_500_000)  # 25 MB as base64
        mail = EmailMessage(policy=SMTP)
        mail["From"] = mail["To"] = one.login
        mail["Subject"] = token
        mail.set_content("See what is attached.")
        mail.add_attachment(attached, maintype="application", subtype="octet-stream")
        text = mail.as_bytes()
        assert 25_000_000 < len(text) < 26_000_000
        begin = time.monotonic()
        submit(one, text)
        sent = time.monotonic()
        wait_for(f"{host} has the large message", lambda: has(one, token), 120)
        with one.imap() as imap:
            (_, read), *_rest = imap.fetch("1", "(BODY.PEEK[])")[1]
        parts = list(BytesParser(policy=SMTP).parsebytes(read).walk())
        got = parts[-1].get_payload(decode=True)
        assert hashlib.sha256(got).digest() == hashlib.sha256(attached).digest()
        show(f"{host}: 25 MB sent in {sent - begin:.1f} s, "
             f"read {time.monotonic() - sent:.1f} s later")  # fmt: skip

    everywhere(deed)


# Courier reads the whole folder for each message that is put into it: thousands come as deliveries.
DELIVER = """
import os, sys
folder, subjects = sys.argv[1], sys.stdin.read().splitlines()
owner = os.stat(folder)
for number, subject in enumerate(subjects):
    path = f"{folder}/tmp/1.M{number}.many"
    with open(path, "w") as file:
        file.write(f"From: bob@example.com\\nSubject: {subject}\\n\\nWords.\\n")
    os.chown(path, owner.st_uid, owner.st_gid)
    os.rename(path, path.replace("/tmp/", "/new/"))
"""


def fill(one: Person, imap: imaplib.IMAP4, name: str) -> None:
    """Put as many messages into a folder."""
    subjects = [f"number {number}" for number in range(MESSAGES)]
    if IS_FULL and one.store == "courier":
        folder = "/srv/vmail/example.org/reader/Maildir/.Many"
        stdin = "\n".join(subjects)
        assert one.scenario.run(one.host, "python3", "-c", DELIVER, folder, stdin=stdin).rc == 0
        return
    for subject in subjects:
        imap.append(name, "", "", message(subject))


def test_a_folder_of_many_messages(scenario: Scenario, show: Callable[[str], None]) -> None:
    def deed(host: str) -> None:
        one = Person(scenario, host)
        one.starts_empty()
        with one.imap() as imap:
            name = one.named(imap, "Many")
            imap.create(name)
            begin = time.monotonic()
            fill(one, imap, name)
            filled = time.monotonic()
            headers = one.has(imap, "Many")
            shown = time.monotonic() - filled
            assert set(headers) == {f"number {number}" for number in range(MESSAGES)}
            assert shown < HEADERS_SECONDS
            last = imap.search(None, "SUBJECT", f'"number {MESSAGES - 1}"')[1][0].decode()
            assert len(last.split()) == 1
            searched = time.monotonic() - filled - shown
            imap.select("INBOX")
            assert imap.delete(name)[0] == "OK"
        show(f"{host}: {MESSAGES} messages put there in {filled - begin:.1f} s, all headers in "
             f"{shown:.2f} s, searched in {searched:.2f} s")  # fmt: skip

    everywhere(deed)


def test_a_waiting_program_is_woken_by_new_mail(
    scenario: Scenario, show: Callable[[str], None]
) -> None:
    def deed(host: str) -> None:
        one = Person(scenario, host)
        one.starts_empty()
        with one.imap() as imap:
            assert "IDLE" in imap.capabilities
            imap.send(b"i IDLE\r\n")
            assert imap.readline().startswith(b"+")
            time.sleep(1)
            submit(one, message(new_token()))
            begin = time.monotonic()
            while not (line := imap.readline()).rstrip().endswith(b" EXISTS"):
                assert line, "the server hung up"
            seconds = time.monotonic() - begin
            imap.send(b"DONE\r\n")
        assert seconds < WAKE_SECONDS
        show(f"{host}: woken {seconds:.2f} s after the message was accepted")

    everywhere(deed)


def has(one: Person, token: str) -> bool:
    with one.imap() as imap:
        return token in one.has(imap)
