"""What postqueue says becomes messages; actions go to postsuper in one call."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

from ansible_collections.postern.mail.plugins.module_utils._queue import postfix
from hypothesis import given
from hypothesis import strategies as st

REASON = "connect to 192.0.2.1[192.0.2.1]:25: Connection refused"
# Seen of Postfix 3.7.
DEFERRED = (
    '{"queue_name": "deferred", "queue_id": "1B7CE2E4AE6", "arrival_time": 1795421098, '
    '"message_size": 302, "forced_expire": false, "sender": "a@example.org", "recipients": '
    f'[{{"address": "x@example.com", "delay_reason": "{REASON}"}}, '
    f'{{"address": "y@example.net", "delay_reason": "{REASON}"}}]}}'
)
MAILDROP = (
    '{"queue_name": "maildrop", "queue_id": "3B4172E4056", "arrival_time": 1, '
    '"message_size": 123, "forced_expire": false, "sender": "MAILER-DAEMON", '
    '"recipients": [{"address": "z@example.com"}]}'
)


def test_a_deferred_message_is_read() -> None:
    (found,) = postfix.parse(DEFERRED + "\n")
    assert (found.id, found.state, found.sender) == ("1B7CE2E4AE6", "waiting", "a@example.org")
    assert found.recipients == ("x@example.com", "y@example.net")
    assert found.reason == REASON
    assert (found.size, found.arrived) == (302, 1795421098)


def test_the_mailer_daemon_is_the_null_sender() -> None:
    assert postfix.parse(MAILDROP)[0].sender == ""


def test_the_hold_queue_is_held() -> None:
    assert postfix.parse(DEFERRED.replace('"deferred"', '"hold"'))[0].state == "held"


def test_an_empty_queue_is_no_message() -> None:
    assert postfix.parse("") == []


def test_ids_travel_by_standard_input() -> None:
    assert postfix.command("delete", ["1A", "2B"]) == (("postsuper", "-d", "-"), "1A\n2B\n")


def test_a_flush_is_of_all_or_of_each() -> None:
    assert postfix.flush(None) == [("postqueue", "-f")]
    assert postfix.flush(["1A"]) == [("postqueue", "-i", "1A")]


@given(st.lists(st.text(min_size=1), min_size=1), st.text())
def test_any_address_survives(addresses: list[str], sender: str) -> None:
    entry = {
        "queue_name": "active",
        "queue_id": "1A",
        "arrival_time": 5,
        "message_size": 7,
        "sender": sender,
        "recipients": [{"address": address} for address in addresses],
    }
    (found,) = postfix.parse(json.dumps(entry))
    assert found.recipients == tuple(addresses)
