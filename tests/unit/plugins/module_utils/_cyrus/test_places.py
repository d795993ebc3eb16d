"""Where the messages of a mailbox lie, by the answers of a mbpath of a few lines."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._cyrus import places
from ansible_collections.postern.mail.plugins.module_utils._cyrus.imap import Refusal
from ansible_collections.postern.mail.plugins.module_utils._cyrus.names import Names


def test_all_that_belongs_to_a_mailbox_is_named() -> None:
    names = Names({"a@x": {"Sent"}}, {"news@x", "news/old@x", "newsy@x", "news/old@y"})
    assert places.places_of("a@x", names) == {"INBOX": "user/a@x", "Sent": "user/a/Sent@x"}
    assert places.places_of("news@x", names) == {"news": "news@x", "news/old": "news/old@x"}


def test_cyrus_says_where_each_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"INBOX": "user/a@x", "Sent": "user/a/Sent@x"}
    monkeypatch.setattr(places, "run", lambda _argv: Outcome((), 0, "/one\n/two\n", ""))
    assert places.locate(asked) == {"INBOX": "/one", "Sent": "/two"}
    monkeypatch.setattr(places, "run", lambda _argv: Outcome((), 0, "/one\n", "no such mailbox"))
    with pytest.raises(Refusal, match="mbpath"):
        places.locate(asked)
