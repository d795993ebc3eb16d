"""Copies, relay domains and whom an account may write as, as the site's model says."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._probe.promises import promises_of
from ansible_collections.postern.mail.plugins.module_utils._probe.wishes import Wishes
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of

ALICE, BACKUP = "alice@example.org", "backup@example.org"
OPENINGS = dict.fromkeys(["smtp", "submission", "imaps", "pop3s"], "everyone")
PLAIN = {"name": "alice", "password": "fake-alice"}
BACKED_UP = {**PLAIN, "backup": True}
KEEPER = {"name": "backup", "password": "fake-backup"}
CAROL = {"name": "carol", "password": "fake-carol"}
BOX = {"service": "imaps", "login": BACKUP, "password": "fake-backup"}
BRANCH = {"name": "branch.example", "host": "mail.branch.example"}


def promised(kind: str, wishes: Wishes | None = None, **changes: Any) -> list[dict[str, Any]]:
    base = {
        "mail_openings": OPENINGS,
        "mail_domains": [{"name": "example.org"}],
        "mail_accounts": [PLAIN],
        "mail_aliases": {"root": "alice", "postmaster": "alice", "abuse": "alice"},
    }
    found = promises_of(site_of(good(**{**base, **changes})), wishes or Wishes(login=ALICE))
    return [promise for promise in found if promise["promise"] == kind]


def test_a_copy_of_the_accounts_mail_is_looked_for_at_the_backup() -> None:
    (own,) = promised("delivery", mail_accounts=[BACKED_UP, KEEPER], mail_backup="backup")
    assert own["recipient"] == ALICE
    assert own["mailboxes"] == [{"service": "imaps"}, {"service": "pop3s"}, BOX]


def test_an_account_without_copies_has_its_mail_in_one_place() -> None:
    (own,) = promised("delivery", mail_accounts=[PLAIN, KEEPER], mail_backup="backup")
    assert own["mailboxes"] == [{"service": "imaps"}, {"service": "pop3s"}]


def test_another_account_shows_the_copies_when_the_probes_own_has_none() -> None:
    accounts = [PLAIN, {**CAROL, "backup": True}, KEEPER]
    (_own, kept) = promised("delivery", mail_accounts=accounts, mail_backup="backup")
    carol = {"login": "carol@example.org", "password": "fake-carol"}
    assert kept["recipient"] == "carol@example.org"
    assert kept["mailboxes"] == [{"service": "imaps", **carol}, BOX]


def test_a_backup_whose_password_nobody_knows_is_not_looked_at() -> None:
    hashed = {"name": "backup", "password_hash": "$6$rounds=20000$" + "a" * 16 + "$" + "b" * 86}
    (own,) = promised("delivery", mail_accounts=[BACKED_UP, hashed], mail_backup="backup")
    assert len(own["mailboxes"]) == 2


def test_the_journal_is_looked_at_where_the_model_or_a_wish_says() -> None:
    wanted = {"mail_accounts": [PLAIN, KEEPER], "mail_journal": BACKUP}
    (own,) = promised("delivery", **wanted)
    assert own["mailboxes"][-1] == BOX
    elsewhere = {"service": "maildir", "path": "/srv/journal/Maildir"}
    (own,) = promised("delivery", Wishes(login=ALICE, journal_mailboxes=[elsewhere]), **wanted)
    assert own["mailboxes"][-1] == elsewhere
    (own,) = promised("delivery", Wishes(login=ALICE, journal_mailboxes=[elsewhere]))
    assert elsewhere not in own["mailboxes"]


def test_a_domain_behind_the_host_takes_those_who_exist_and_nobody_else() -> None:
    branch = {**BRANCH, "recipients": ["info@branch.example", "sales@branch.example"]}
    accepted = promised("recipient_accepted", mail_relay_domains=[branch])
    assert accepted[-1]["recipient"] == "info@branch.example"
    refused = promised("unknown_recipient_refused", mail_relay_domains=[branch])
    assert [one["domain"] for one in refused] == ["branch.example", "example.org"]
    assert promised("relay_refused", mail_relay_domains=[branch])


def test_a_domain_whose_recipients_nobody_knows_promises_no_refusal() -> None:
    refused = promised("unknown_recipient_refused", mail_relay_domains=[BRANCH])
    assert [one["domain"] for one in refused] == ["example.org"]


def test_relay_domains_are_not_judged_from_a_network_that_may_relay() -> None:
    branch = {**BRANCH, "recipients": ["info@branch.example"]}
    inside = Wishes(login=ALICE, seen_as="10.20.0.9")
    assert not promised("unknown_recipient_refused", inside, mail_relay_domains=[branch])


def test_forging_is_tried_with_somebody_whom_the_account_may_not_write_as() -> None:
    dave = {"name": "dave", "password": "fake-dave"}
    both = {**PLAIN, "sends_as": ["carol@example.org"]}
    (forged,) = promised("forging_refused", mail_accounts=[both, CAROL, dave])
    assert forged["sender"] == "dave@example.org"
    everybody = {**PLAIN, "sends_as": ["@example.org"]}
    assert promised("forging_refused", mail_accounts=[everybody, dave]) == []
