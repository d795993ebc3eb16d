"""Open relays and clear-text logins are refused, in words a person reads."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.checks_network import inside
from ansible_collections.postern.mail.tests.unit.site_models import good, problems_of


def opened(**change: Any) -> dict[str, Any]:
    return {"mail_openings": {**good()["mail_openings"], **change}}


# The line that makes the model bad -> everything that is said about it.
BAD: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"mail_trusted_networks": ["0.0.0.0/0"]},
        [
            'mail_trusted_networks[0]: "0.0.0.0/0" is the whole internet,'
            " which makes an open relay; name your own networks"
        ],
    ),
    (
        {"mail_trusted_networks": ["::/0"]},
        [
            'mail_trusted_networks[0]: "::/0" is the whole internet,'
            " which makes an open relay; name your own networks"
        ],
    ),
    (
        {"mail_trusted_networks": ["10.20.0.0/16", "203.0.113.0/24"]},
        [
            'mail_trusted_networks[1]: "203.0.113.0/24" is public, which makes an open relay;'
            " name private networks or single addresses that are your own"
        ],
    ),
    (
        {"mail_trusted_networks": ["10.0.0.0/7"]},
        [
            'mail_trusted_networks[0]: "10.0.0.0/7" is public, which makes an open relay;'
            " name private networks or single addresses that are your own"
        ],
    ),
    (
        {"mail_trusted_networks": ["2001:db8::/32"]},
        [
            'mail_trusted_networks[0]: "2001:db8::/32" is public, which makes an open relay;'
            " name networks of /48 and longer that are your own"
        ],
    ),
    (
        {"mail_trusted_networks": ["10.20.1.1/16"]},
        ['mail_trusted_networks[0]: "10.20.1.1/16" has host bits set; write it as 10.20.0.0/16'],
    ),
    (
        {"mail_trusted_networks": ["office"]},
        ['mail_trusted_networks[0]: "office" is not a network; write it like 10.20.0.0/16'],
    ),
    (
        opened(imap="everyone"),
        [
            "mail_openings.imap: would show passwords in clear text to everyone;"
            " open imaps instead, or name networks within mail_trusted_networks"
        ],
    ),
    (
        opened(pop3=["10.20.1.0/24", "10.99.0.0/16"]),
        [
            'mail_openings.pop3: would show passwords in clear text to untrusted "10.99.0.0/16";'
            " open pop3s instead, or name networks within mail_trusted_networks"
        ],
    ),
    (
        opened(smtp="all"),
        ['mail_openings.smtp: "all" is not an opening; write everyone or a list of networks'],
    ),
    (
        opened(submision="everyone"),
        ['mail_openings.submision: no such key; did you mean "submission"?'],
    ),
    (
        {"mail_access": [{"sender": "partner.example", "action": "relay"}]},
        [
            "mail_access[0].sender: a sender can be forged, which makes an open relay;"
            " name a client's network, or give the sender an account"
        ],
    ),
    (
        {"mail_access": [{"client": "partner.example", "action": "relay"}]},
        [
            "mail_access[0].client: a client's name can be forged, which makes an open relay;"
            " name its network"
        ],
    ),
    (
        {"mail_access": [{"client": "198.51.100.0/24", "action": "relay"}]},
        [
            'mail_access[0].client: "198.51.100.0/24" is public, which makes an open relay;'
            " name private networks or single addresses that are your own"
        ],
    ),
    (
        {
            "mail_access": [
                {"sender": "spam.example", "action": "reject"},
                {"sender": "Spam.example", "action": "accept"},
            ]
        },
        ['mail_access[1].sender: "spam.example" is declared twice; first at mail_access[0].sender'],
    ),
    (
        {"mail_access": [{"recipient": "abuse@example.org", "action": "reject"}]},
        ['mail_access[0].recipient: "abuse@example.org" must receive mail (RFC 2142)'],
    ),
    (
        {"mail_access": [{"action": "reject"}]},
        ["mail_access[0]: has no client and no sender and no recipient; give one of them"],
    ),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=[lines[0].split(";")[0] for _, lines in BAD])
def test_a_bad_model_is_refused_with_its_place_and_what_is_expected(
    change: dict[str, Any], said: list[str]
) -> None:
    assert problems_of(good(**change)) == sorted(said)


@pytest.mark.parametrize(
    ("network", "others", "answer"),
    [
        ("10.1.0.0/16", ["10.0.0.0/8"], True),
        ("10.0.0.0/8", ["10.0.0.0/8"], True),
        ("10.0.0.0/7", ["10.0.0.0/8"], False),
        ("11.0.0.0/8", ["10.0.0.0/8"], False),
        ("fd00::/64", ["10.0.0.0/8", "fc00::/7"], True),
        ("10.0.0.0/8", ["::/0"], False),
        ("10.0.0.0/8", [], False),
    ],
)
def test_inside(network: str, others: list[str], answer: bool) -> None:
    wider = tuple(ipaddress.ip_network(other) for other in others)
    assert inside(ipaddress.ip_network(network), wider) is answer
