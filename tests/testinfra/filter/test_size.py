"""A message as large as may be comes back from the filter, although headers were added to it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import smtplib

from dialogues.filtering import ALICE, Filtered, plain
from dialogues.scenario import Scenario

# What Postfix keeps beside a message: its envelope, and the header of its own.
ENVELOPE = 2048
STEP = 128  # less than the filter adds
LINE = b"Nothing but words, and so many of them that they fill a message to the brim.\r\n"
LABEL = 38  # the header by which a test knows it


def test_the_largest_message_that_is_taken_is_delivered(scenario: Scenario) -> None:
    host = Filtered(scenario, "mail")
    limit = int(scenario.shell("mail", "postconf -h message_size_limit"))
    size = limit
    while not (token := _taken(host, size)):
        size -= STEP
        assert size > limit - ENVELOPE
    assert len(host.delivers(ALICE, token)) > size


def _taken(host: Filtered, size: int) -> str:
    """Send a message of so many bytes; return its token, or nothing when it is too large."""
    head = plain().replace(b"\n", b"\r\n")
    lines, rest = divmod(size - LABEL - len(head), len(LINE))
    try:
        return host.takes(head + LINE * lines + b"x" * rest)
    except smtplib.SMTPResponseException as refused:
        assert refused.smtp_code == 552, refused
    return ""
