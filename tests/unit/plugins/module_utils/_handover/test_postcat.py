"""What postcat says becomes an envelope, and who has got the message already is left out."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._handover.postcat import Envelope, parse

# Seen of Postfix 3.7: a message that ann has got already.
SAID = """*** ENVELOPE RECORDS deferred/1/1B7CE2E4AE6 ***
message_size:             302             405               3               0             302
message_arrival_time: Mon Nov 23 08:04:58 2026
named_attribute: rewrite_context=local
sender_fullname: root
sender: a@example.org
named_attribute: dsn_orig_rcpt=rfc822;x@example.com
original_recipient: x@example.com
recipient: x@example.com
recipient: spa ce@example.net
original_recipient: ann@desk.example.org
done_recipient: ann@desk.example.org
*** MESSAGE CONTENTS deferred/1/1B7CE2E4AE6 ***
*** HEADER EXTRACTED deferred/1/1B7CE2E4AE6 ***
recipient: extracted@example.com
recipient: x@example.com
*** MESSAGE FILE END deferred/1/1B7CE2E4AE6 ***
"""


def test_those_are_left_who_have_not_got_it() -> None:
    recipients = ("x@example.com", "spa ce@example.net", "extracted@example.com")
    assert parse(SAID) == Envelope("a@example.org", recipients)


def test_the_null_sender_is_empty() -> None:
    found = parse(SAID.replace("sender: a@example.org", "sender: "))
    assert found is not None
    assert found.sender == ""


def test_a_file_without_a_sender_is_not_whole() -> None:
    assert parse("*** ENVELOPE RECORDS x ***\n") is None
