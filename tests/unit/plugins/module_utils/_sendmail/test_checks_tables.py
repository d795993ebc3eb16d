"""What Sendmail takes in its tables, and what it would take and mean something else by."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail.checks_tables import (
    alias_target_fault,
    faults,
)

GOOD = {
    "access": [
        "From:spammer.example REJECT",
        "From:user@ REJECT",
        "Connect:192.0.2 RELAY",
        "Connect:IPv6:2001:db8 OK",
        "To:old@example.org ERROR:5.1.1:550 gone for good",
        'example.net ERROR:"550 We do not accept mail"',
        "10.1 550 old form",
        "Connect:x.example DISCARD",
        "From:x.example QUARANTINE:why not",
        "Spam:abuse@ FRIEND",
        "ClientRate: 60",
        "Srv_Features:192.0.2.1 V",
        "TLS_Srv:mail.example VERIFY:112+CN",
        "TLS_Clt:mail.example PERM+VERIFY:112",
        "TLS_Rcpt:a@b.example ENCR:112",
        "Try_TLS:old.example NO",
        "CERTIssuer:/C=DE/CN=x OK",
    ],
    "virtusertable": [
        "info@example.org alice",
        "@example.org error:nouser 550 No such user here",
        "@example.net error:5.7.0:550 no",
        "@old.example %1@example.org",
        "a+b@x.example a@x.example, b@x.example",
        "@x.example a%3@y.example",
    ],
    "mailertable": [
        ".example.org esmtp:[mail.example.org]",
        "a.example error:nohost 550 gone",
        "b.example local:",
        "c.example port587:[IPv6:2001:db8::1]",
    ],
    "domaintable": ["old.example example.org"],
    "genericstable": ["root chief@example.org", "a@b.example c@d.example"],
    "aliases": ["postmaster root", "mailer-daemon postmaster", "a=b.example c"],
    "local_host_names": ["example.org", "[192.0.2.1]"],
    "relay_domains": ["example.org", "192.0.2", "IPv6:2001:db8"],
    "trusted_users": ["www-data"],
}


@pytest.mark.parametrize("table", GOOD)
def test_what_the_books_show_is_taken(table: str) -> None:
    assert faults(table, [entry.encode() for entry in GOOD[table]]) == []


@pytest.mark.parametrize(
    ("table", "entry"),
    [
        ("access", "Connect:@x.example OK"),
        ("access", "To:x.example ERROR:"),
        ("access", "From:x.example 250 welcome"),
        ("virtusertable", "@x.example error:550"),
        ("mailertable", "x.example esmtp:a b"),
        ("local_host_names", "example.org yes"),
        ("trusted_users", "a@b"),
    ],
)
def test_what_would_do_nothing_is_a_fault(table: str, entry: str) -> None:
    assert len(faults(table, [entry.encode()])) == 1


@pytest.mark.parametrize("target", ["alice", "a@b.example", "|/bin/x", "/dev/null", "\\a"])
def test_targets_of_aliases(target: str) -> None:
    assert alias_target_fault(target) is None


@pytest.mark.parametrize("target", ["", "a b", "|x", "a\nb", ":include:x", "a@"])
def test_no_targets_of_aliases(target: str) -> None:
    assert alias_target_fault(target) is not None
