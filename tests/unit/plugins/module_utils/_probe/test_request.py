"""Arguments become promises, or problems with their places."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.model import Promise
from ansible_collections.postern.mail.plugins.module_utils._probe.ports import (
    WELL_KNOWN_PORTS,
    listed,
    ports_of,
)
from ansible_collections.postern.mail.plugins.module_utils._probe.request import (
    read_promises,
    read_target,
    secrets_of,
)

ACCOUNT = {"login": "alice@example.org", "password": "pw-alice"}


def read(*promises: dict[str, Any], **more: Any) -> tuple[tuple[Promise, ...], list[str]]:
    params = {"server": "mail.example.org", "promises": list(promises), **more}
    found, problems = read_promises(params, read_target(params))
    return found, [str(problem) for problem in problems]


def test_a_complete_promise_has_no_problems() -> None:
    (promise,), problems = read(
        {"promise": "login", "services": ["imaps"], "domain": None}, account=ACCOUNT
    )
    assert not problems
    assert promise.services == ("imaps",)
    assert promise.account is not None
    assert promise.account.login == "alice@example.org"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"promise": "login", "services": ["imaps"]}, "account: missing for login"),
        ({"promise": "banner"}, "promises[0].services: missing for banner"),
        (
            {"promise": "starttls", "services": ["imaps"]},
            'promises[0].services: "imaps" does not fit; starttls takes smtp, submission',
        ),
        ({"promise": "mx"}, "promises[0].domain: missing for mx"),
        (
            {"promise": "ports", "closed": ["many"]},
            'promises[0].closed: "many" is not a port or a range; '
            'write 25, 1000-1100, "well_known" or "all"',
        ),
        (
            {"promise": "ports", "openings": [{"name": "x", "port": 1, "sources": ["here"]}]},
            "promises[0].openings[0].sources: 'here' does not appear to be an IPv4 or IPv6 network",
        ),
        (
            {"promise": "delivery", "recipient": "a@b", "mailboxes": [{"service": "maildir"}]},
            "promises[0].mailboxes[0].path: missing for maildir",
        ),
        (
            {"promise": "delivery", "recipient": "a@b", "mailboxes": [{"service": "imaps"}]},
            "promises[0].mailboxes[0]: nobody to log in as; give login and password",
        ),
    ],
)
def test_what_is_missing_is_told_with_its_place(raw: dict[str, Any], words: str) -> None:
    assert words in read(raw)[1]


def test_another_server_of_a_mailbox_has_its_own_trust_and_ports() -> None:
    box = {"service": "imaps", "server": "mx.example.com", "port": 9993, "login": "bob"}
    (promise,), problems = read(
        {"promise": "delivery", "recipient": "a@b", "mailboxes": [box]},
        ca_certificates="site",
        account=ACCOUNT,
    )
    assert not problems
    target = promise.mailboxes[0].target
    assert (target.server, target.port("imaps")) == ("mx.example.com", 9993)
    assert target.ca_certificates is None


def test_every_password_is_known_as_a_secret() -> None:
    box = {"service": "imaps", "login": "bob", "password": "pw-bob"}
    found, _problems = read(
        {"promise": "delivery", "recipient": "a@b", "mailboxes": [box]}, account=ACCOUNT
    )
    assert secrets_of(found, {"account": ACCOUNT}) == ("pw-alice", "pw-bob")


def test_submit_can_do_without_a_login() -> None:
    raw = {"promise": "submit", "services": ["smtp"], "recipient": "a@b", "authenticate": False}
    assert read(raw, account=ACCOUNT)[0][0].account is None


def test_ports_are_numbers_ranges_and_sets() -> None:
    assert ports_of("25") == (25,)
    assert ports_of("10-12") == (10, 11, 12)
    assert set(ports_of("well_known")) == set(WELL_KNOWN_PORTS)
    assert len(ports_of("all")) == 65535
    for bad in ("0", "70000", "12-10", "x", ""):
        with pytest.raises(ValueError, match=r"not a port|invalid literal"):
            ports_of(bad)


def test_ports_are_listed_with_neighbours_together() -> None:
    assert listed([993, 25, 24, 23]) == "23-25, 993"
    assert listed([]) == "none"
