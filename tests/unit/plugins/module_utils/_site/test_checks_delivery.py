"""Delivery by rules: where it is refused, and which variables of its role make no sense."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.checks_delivery import (
    check_delivery,
)
from ansible_collections.postern.mail.tests.unit.delivery_models import popa3d
from ansible_collections.postern.mail.tests.unit.site_models import good, problems_of, site_of


@pytest.mark.parametrize("program", ["direct", "procmail", "maildrop"])
def test_unix_users_may_have_their_mail_by_rules(program: str) -> None:
    assert problems_of(popa3d(mail_delivery=program)) == []


@pytest.mark.parametrize("store", ["cyrus", "courier"])
def test_a_store_that_writes_itself_is_refused(store: str) -> None:
    assert problems_of(good(mail_store=store, mail_delivery="procmail")) == [
        f"mail_delivery: procmail delivers to UNIX users, and the mailboxes are those of {store};"
        f" leave it out: {store} alone writes to its mailboxes"
    ]


def test_a_host_without_mailboxes_is_refused() -> None:
    raw = good(mail_store="none", mail_accounts=[], mail_domains=[], mail_aliases={})
    found = problems_of({**raw, "mail_delivery": "maildrop"})
    assert (
        "mail_delivery: maildrop delivers to UNIX users, and none has a mailbox here;"
        " set mail_local_users, or mail_store: popa3d, or leave it out"
    ) in found


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {"postfix_mailbox_command": "/usr/bin/tee"},
            "postfix_mailbox_command: is not asked where mail_delivery is procmail;"
            " leave one of them out",
        ),
        (
            {"procmail_sanitize_endings": ["exe", ".com"]},
            'procmail_sanitize_endings[1]: ".com" is no ending of a name;'
            " small letters and digits, without the dot, such as exe",
        ),
        (
            {"procmail_sanitize_endings": [f"e{number}" for number in range(201)]},
            "procmail_sanitize_endings: has 201 endings, at most 200; leave out what nobody sends",
        ),
        (
            {"procmail_sanitize_field_bytes": 100},
            "procmail_sanitize_field_bytes: 100 would cut ordinary fields; 1024 or more",
        ),
        ({"procmail_sanitize_endings": ["exe"], "procmail_sanitize_field_bytes": 2048}, ""),
    ],
)
def test_variables_that_make_no_sense_are_refused(variables: dict[str, Any], said: str) -> None:
    found = check_delivery(site_of(popa3d(mail_delivery="procmail")), variables)
    assert "\n".join(str(one.problem) for one in found) == said
