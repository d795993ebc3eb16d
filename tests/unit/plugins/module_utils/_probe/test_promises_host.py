"""What must hold on a host itself follows from its agent and from who has mailboxes on it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.promises import promises_of
from ansible_collections.postern.mail.plugins.module_utils._probe.promises_host import ORDINARY
from ansible_collections.postern.mail.plugins.module_utils._probe.request import (
    read_promises,
    read_target,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.wishes import Wishes
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of

ALICE = "alice@example.org"


def promised(raw: dict[str, Any], kind: str, **wishes: Any) -> list[dict[str, Any]]:
    found = promises_of(site_of(raw), Wishes(on_host=True, **wishes))
    return [promise for promise in found if promise["promise"] == kind]


@pytest.mark.parametrize(
    ("agent", "mode", "serves_itself"),
    [
        ("postfix", "", True),
        ("nullmailer", "", False),
        ("sendmail", "", False),
        ("sendmail", "queue", False),
        ("sendmail", "daemon", True),
    ],
)
def test_a_host_that_only_sends_listens_to_itself_at_most(
    agent: str, mode: str, serves_itself: bool
) -> None:
    (quiet,) = promised(send_only(mail_transfer_agent=agent), "no_listener", sendmail_mode=mode)
    assert quiet["closed"] == ["25", "465", "587"]
    assert sorted(one["port"] for one in quiet["openings"]) == [25, 465, 587] * serves_itself
    assert all(one["sources"] == ["127.0.0.0/8", "::1/128"] for one in quiet["openings"])


def test_sendmail_serves_the_host_itself_where_mail_ends() -> None:
    raw = good(mail_transfer_agent="sendmail", mail_openings={})
    (quiet,) = promised(raw, "no_listener")
    assert quiet["openings"]
    (quiet,) = promised(raw, "no_listener", sendmail_mode="queue")
    assert not quiet["openings"]


def test_a_host_that_receives_is_looked_at_from_outside() -> None:
    assert promised(good(), "no_listener") == []
    assert promised(good(), "submit") == []


def test_root_and_an_ordinary_user_send() -> None:
    found = promised(send_only(), "submit", login=ALICE)
    assert [(one["as_user"], one["recipient"]) for one in found] == [("", ALICE), (ORDINARY, ALICE)]
    recipients = {one["recipient"] for one in promised(send_only(), "submit")}
    assert recipients == {"postmaster@example.org"}
    (first, _second) = promised(send_only(), "submit", login=ALICE, recipient="bob@example.com")
    assert first["recipient"] == "bob@example.com"


@pytest.mark.parametrize(
    ("kind", "box"),
    [
        ("maildir", {"service": "maildir", "path": "~tester/Maildir"}),
        ("mbox", {"service": "mbox", "path": "/var/mail/tester"}),
    ],
)
def test_a_local_user_who_may_be_sent_to_is_looked_at(kind: str, box: dict[str, str]) -> None:
    raw = good(mail_local_users=kind)
    (local,) = promised(raw, "local_delivery", local_user="tester")
    assert (local["recipient"], local["mailboxes"]) == ("tester@mail.example.org", [box])
    assert promised(raw, "local_delivery") == []
    assert promised(good(), "local_delivery", local_user="tester") == []


def test_every_promise_can_be_held_as_it_is() -> None:
    site = site_of(good(mail_local_users="mbox", mail_openings={}))
    promises = promises_of(site, Wishes(on_host=True, local_user="tester"))
    params = {"server": "mail.example.org", "promises": promises}
    _promises, problems = read_promises(params, read_target(params))
    assert problems == []
    assert len(promises) == 4
