"""Runs on the host outside: talk SMTP as each case says, and report every answer.

Standard input: {"server": address, "hello": name, "cases": [...]}; standard output: the answers of
each case by its name, one list of [recipient or command, code, text] each.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import smtplib
import ssl
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

AT_ONCE = 4
TIMEOUT_SECONDS = 60
Answer = tuple[str, int, str]


class Refused(Exception):
    """The server refused what comes before the recipients, so it refused all of them."""

    def __init__(self, code: int, text: bytes | str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def talk(server: str, hello: str, case: dict[str, Any]) -> list[Answer]:
    """Return the answers to a case: one for each recipient, or for each command."""
    told = case["commands"] or case["to"]
    smtp = None
    try:
        smtp = connect(server, hello, case)
        return list(commands(smtp, told) if case["commands"] else message(smtp, case))
    except Refused as refused:
        return [(name, refused.code, words(refused.text)) for name in told]
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        return [(name, 0, f"{type(error).__name__}: {error}") for name in told]
    finally:
        if smtp is not None:
            smtp.close()


def connect(server: str, hello: str, case: dict[str, Any]) -> smtplib.SMTP:
    """Connect from the case's address, with TLS and a login where it has one."""
    context = ssl._create_unverified_context()  # noqa: S323 other tests verify
    own: dict[str, Any] = {"local_hostname": hello, "timeout": TIMEOUT_SECONDS}
    own["source_address"] = (case["client"], 0)
    try:
        if case["port"] == 465:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server, 465, context=context, **own)
        else:
            smtp = smtplib.SMTP(server, case["port"], **own)
        if not case["commands"]:
            expect(smtp.ehlo())
        if case["tls"]:
            expect(smtp.starttls(context=context))
            expect(smtp.ehlo())
        if case["login"]:
            smtp.login(case["login"], case["password"])
    except smtplib.SMTPResponseException as error:
        raise Refused(error.smtp_code, error.smtp_error) from error
    return smtp


def commands(smtp: smtplib.SMTP, lines: list[str]) -> Iterator[Answer]:
    """Say each line; yield its answer."""
    for line in lines:
        code, text = smtp.docmd(line)
        yield line, code, words(text)


def message(smtp: smtplib.SMTP, case: dict[str, Any]) -> Iterator[Answer]:
    """Send the case's message; yield an answer for each recipient, the last one that counts."""
    options = f" SIZE={len(case['text'])}" if case["declared"] else ""
    expect(smtp.docmd(f"MAIL FROM:<{case['sender']}>{options}"))
    answers: list[Answer] = []
    for recipient in case["to"]:
        code, text = smtp.docmd(f"RCPT TO:<{recipient}>")
        answers.append((recipient, code, words(text)))
    final: tuple[int, bytes | str] | None = None
    if any(code // 100 == 2 for _name, code, _text in answers):
        try:
            final = smtp.data(case["text"])
        except smtplib.SMTPDataError as error:
            final = (error.smtp_code, error.smtp_error)
    for name, code, said in answers:
        if final and code // 100 == 2:
            yield name, final[0], words(final[1])
        else:
            yield name, code, said


def expect(answer: tuple[int, bytes]) -> None:
    """Go on after a positive answer only."""
    if answer[0] // 100 != 2:
        raise Refused(*answer)


def words(text: bytes | str) -> str:
    """Return what the server said as text on one line."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " / ".join(said.splitlines())


def main() -> None:
    """Talk about all cases, some at a time."""
    order = json.load(sys.stdin)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda case: talk(order["server"], order["hello"], case), order["cases"])
        report = {case["what"]: got for case, got in zip(order["cases"], answers, strict=True)}
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
