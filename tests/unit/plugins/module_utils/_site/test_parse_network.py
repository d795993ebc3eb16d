"""What a host passes on, and to whom, is read as it is written."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._site.model import (
    AccessFile,
    RelayDomain,
)
from ansible_collections.postern.mail.plugins.module_utils._site.parse import parse_site
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of

BRANCH = {"name": "Branch.example", "host": "mail.branch.example"}


def test_a_relay_domain_knows_its_recipients_or_says_that_it_does_not() -> None:
    raw = good(
        mail_relay_domains=[
            BRANCH,
            {
                **BRANCH,
                "name": "other.example",
                "host": "192.0.2.7",
                "port": 2525,
                "tls": "require",
                "recipients": ["info", "Boss@Other.example"],
                "recipients_file": "/lists/other.txt",
            },
        ]
    )
    known = RelayDomain(
        name="other.example",
        host="192.0.2.7",
        port=2525,
        tls="require",
        recipients=("info@other.example", "boss@other.example"),
        recipients_file="/lists/other.txt",
        where="mail_relay_domains[1]",
    )
    where = "mail_relay_domains[0]"
    unknown = RelayDomain(
        "branch.example", "mail.branch.example", 25, "opportunistic", (), None, where
    )
    site = site_of(raw)
    assert site.relay_domains == (unknown, known)
    assert [domain.knows_recipients for domain in site.relay_domains] == [False, True]
    assert site.relay_domain_names == {"branch.example", "other.example"}


def test_a_long_list_has_one_kind_and_one_answer() -> None:
    lists = [
        {"kind": "client", "path": "/lists/c.txt", "action": "reject", "text": "go\n  away"},
        {"kind": "sender", "path": "/lists/s.txt", "action": "discard"},
    ]
    assert site_of(good(mail_access_files=lists)).access_files == (
        AccessFile("client", "/lists/c.txt", "reject", "go away", "mail_access_files[0]"),
        AccessFile("sender", "/lists/s.txt", "discard", "", "mail_access_files[1]"),
    )


def test_every_part_of_a_relay_domain_that_cannot_be_read_is_named() -> None:
    entry = {"name": "branch", "host": "mail", "port": 70000}
    full = {**BRANCH, "recipients": ["info@elsewhere.example", "a b"]}
    _site, problems = parse_site(good(mail_relay_domains=[entry, full]))
    assert [str(problem) for problem in problems] == [
        'mail_relay_domains[0].name: "branch" is not a full domain; write it like example.org',
        'mail_relay_domains[0].host: "mail" is not a full domain; write it like example.org',
        "mail_relay_domains[0].port: 70000 is not a port; give a number from 1 to 65535",
        'mail_relay_domains[1].recipients[0]: "info@elsewhere.example" is not in'
        ' "branch.example"; list it with its own domain',
        'mail_relay_domains[1].recipients[1]: "a b" is not the name of an address;'
        " write it like alice or a@b.example",
    ]
