"""A content filter that leaves takes no message with it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._postfix import filters
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import Service

FILTER = Service("filter", "unix", "lmtp")
SMTPD = Service("smtp", "inet", "smtpd")
OWN = Service("submission", "inet", "smtpd", options=(("content_filter", "own:unix:run/x"),))
QUEUES = ("incoming", "active", "deferred")
ASKS = (("content_filter", "filter:unix:run/filter/strangers"),)


def test_a_filter_whose_transport_is_gone_leaves() -> None:
    assert filters.leaving_filters((ASKS, (SMTPD, FILTER)), (SMTPD,)) == {"filter"}


def test_options_of_services_name_filters_too() -> None:
    assert filters.leaving_filters(((), (OWN,)), (SMTPD,)) == {"own"}


def test_a_filter_that_stays_or_was_never_there_does_not_leave() -> None:
    assert not filters.leaving_filters((ASKS, (FILTER,)), (FILTER,))
    empty = Service("filtered", "unix", "smtpd", options=(("content_filter", ""),))
    assert not filters.leaving_filters(((), (SMTPD, empty)), (SMTPD,))


def test_what_waits_is_queued_again_or_the_words_of_postfix_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def run(argv: list[str]) -> Outcome:
        asked.append(argv)
        return Outcome(tuple(argv), len(asked) - 1, "", "fatal: no queue")

    monkeypatch.setattr(filters, "run", run)
    filters.queue_again("/etc/postfix")
    assert asked == [["postsuper", "-c", "/etc/postfix", "-r", "ALL", *QUEUES]]
    with pytest.raises(Refused, match="fatal: no queue"):
        filters.queue_again("/etc/postfix")
