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


def test_a_filter_that_has_not_had_it_is_named() -> None:
    filtered = SAID.replace("sender: a", "content_filter: filter:unix:run/x\nsender: a")
    found, plain = parse(filtered), parse(SAID)
    assert found is not None
    assert plain is not None
    assert (found.filter, plain.filter) == ("filter:unix:run/x", "")
    assert found.recipients == plain.recipients


def test_copies_are_quiet_unless_somebody_wrote_to_the_same_address() -> None:
    said = """sender: a@b
original_recipient: carol@example.org
recipient: carol@example.org
named_attribute: notify_flags=1
original_recipient: keeper@example.org
recipient: keeper@example.org
named_attribute: notify_flags=1
done_recipient: journal@example.org
recipient: dave@example.org
named_attribute: notify_flags=1
recipient: dave@example.org
named_attribute: notify_flags=6
recipient: erin@example.org
"""
    found = parse(said)
    assert found is not None
    assert found.recipients == tuple(
        f"{name}@example.org" for name in ("carol", "keeper", "dave", "erin")
    )
    assert found.quiet == ("keeper@example.org",)
