"""What popa3d can't do is refused by name and place; what it can passes."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.tests.unit.site_models import good, problems_of, warnings_of

OTHER = "set mail_store: courier or cyrus"
PASSWORD = {"password": "fake"}


def popa3d(*names: str, **changes: Any) -> dict[str, Any]:
    accounts = [{"name": name, **PASSWORD} for name in ("alice", "carol", *names)]
    openings = {"smtp": "everyone", "pop3s": "everyone"}
    return good(
        **{"mail_store": "popa3d", "mail_accounts": accounts, "mail_openings": openings, **changes}
    )


def test_a_few_unix_users_pass() -> None:
    assert problems_of(popa3d("erin.o-hara", "_x")) == []
    assert problems_of(popa3d(mail_local_users="mbox")) == []
    assert problems_of(popa3d(mail_transfer_agent="sendmail")) == []


@pytest.mark.parametrize("service", ["imaps", "sieve"])
def test_it_speaks_pop3_alone(service: str) -> None:
    raw = popa3d(mail_openings={service: "everyone", "pop3s": "everyone"})
    hint = f"leave it out and open pop3s, or {OTHER}"
    assert problems_of(raw) == [f"mail_openings.{service}: popa3d speaks POP3 alone; {hint}"]


def test_it_reads_no_maildirs() -> None:
    assert problems_of(popa3d(mail_local_users="maildir")) == [
        "mail_local_users: maildir is where popa3d finds no mail: it reads /var/mail/NAME alone;"
        " write mbox, or set mail_store: courier"
    ]


def test_it_keeps_no_quotas() -> None:
    accounts = [{"name": "alice", **PASSWORD, "quota": "1GiB"}, {"name": "carol", **PASSWORD}]
    assert problems_of(popa3d(mail_accounts=accounts)) == [
        f"mail_accounts[0].quota: popa3d keeps no quotas; leave it out, or {OTHER}"
    ]


@pytest.mark.parametrize("name", ["1st", "a" * 33])
def test_a_name_that_no_unix_user_can_have_is_refused(name: str) -> None:
    hint = "letters, digits, dots, - and _, a letter first, at most 32"
    found = problems_of(popa3d(name))
    assert found == [f'mail_accounts[2].name: "{name}" can\'t be a UNIX user; {hint}']


def test_a_new_name_is_refused_and_a_new_domain_is_not() -> None:
    accounts = [
        {"name": "alice", **PASSWORD},
        {"name": "carol", **PASSWORD, "formerly": "caroline"},
        {"name": "dave", "domain": "example.net", **PASSWORD, "formerly": "dave@example.org"},
    ]
    assert problems_of(popa3d(mail_accounts=accounts)) == [
        'mail_accounts[1].formerly: "caroline@example.org" is another UNIX user, whose mailbox'
        " stays its own; rename user and mailbox on the host, with usermod and mv, and leave this"
        " out"
    ]


def test_a_user_of_the_system_is_refused() -> None:
    assert problems_of(popa3d("backup")) == [
        'mail_accounts[2].name: "backup" is a user of the system, whose mail popa3d does not open;'
        " give the account another name, and this one as an alias"
    ]


def test_one_name_in_two_domains_is_refused_with_both_places() -> None:
    accounts = [{"name": "alice", **PASSWORD}, {"name": "carol", **PASSWORD}]
    accounts += [{"name": "alice", "domain": "example.net", **PASSWORD}]
    assert problems_of(popa3d(mail_accounts=accounts)) == [
        'mail_accounts[2].name: "alice" is the UNIX user of alice@example.org already;'
        " first at mail_accounts[0].name; one of them needs another name"
    ]


def test_many_people_are_a_reason_for_a_warning() -> None:
    found = warnings_of(popa3d(*(f"p{number}" for number in range(199))))
    assert found == ["mail_store: popa3d is for a few people, not for 201; set mail_store: cyrus"]


def test_other_stores_are_not_judged_so() -> None:
    assert problems_of(good()) == []
