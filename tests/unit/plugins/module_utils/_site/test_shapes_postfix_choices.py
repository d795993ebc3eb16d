"""The role's own variables: read into choices, or refused with place, value and expectation."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
    choices_of,
)


def read(**raw: Any) -> Choices:
    return choices_of((raw,), "example.org")


def test_without_arguments_nothing_is_chosen() -> None:
    assert choices_of((), "example.org") == Choices()
    assert read() == Choices()


def test_policies_become_levels_with_the_names_that_a_certificate_may_bear() -> None:
    given = {
        "Partner.example": "require",
        ".bank.example": "verify",
        "hosted.example": {"tls": "verify", "names": [".mx.example.com", "hosted.example"]},
        "[10.20.0.9]:2525": "opportunistic",
    }
    assert dict(read(tls_policies=given).tls_policies) == {
        "partner.example": "encrypt",
        ".bank.example": "secure",
        "hosted.example": "secure match=.mx.example.com:hosted.example",
        "[10.20.0.9]:2525": "may",
    }


def test_a_list_counts_only_what_is_a_verdict() -> None:
    screen = read(postscreen={"dnsbls": [{"domain": "bl.example"}]}).screen
    assert screen.lists[0].filter == "127.0.0.[2..254]"
    assert not screen.enabled


def test_copies_in_the_primary_domain_need_no_domain() -> None:
    assert read(sender_bcc={"Boss@example.org": "archive"}).sender_bcc == (
        ("boss@example.org", "archive@example.org"),
    )


RELAY = {"sender": "news@example.org", "host": "out.example.com"}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"map_type": "lmbd"}, 'postfix_map_type: "lmbd" is no type of compiled table'),
        ({"tls_policies": {"a.example": "tls"}}, '"tls" is no way of TLS'),
        ({"tls_policies": {"a_b": "verify"}}, '"a_b" is not a full domain'),
        (
            {"tls_policies": {"a.example": {"tls": "require", "names": ["b.example"]}}},
            "are looked at with tls: verify only",
        ),
        ({"sender_relays": [{**RELAY, "sender": "news"}]}, '"news" is no sender'),
        ({"sender_relays": [{**RELAY, "port": 70000}]}, "70000 is not a port"),
        ({"sender_relays": [{**RELAY, "tls": "starttls"}]}, '"starttls" is no way of TLS'),
        (
            {"sender_relays": [{**RELAY, "username": "u", "tls": "opportunistic"}]},
            "may send the password in clear",
        ),
        ({"sender_relays": [{**RELAY, "username": "a:b"}]}, "has a colon in it"),
        ({"sender_relays": [RELAY, RELAY]}, '"news@example.org" is declared twice'),
        ({"sender_bcc": {"@": "x"}}, "is not a domain"),
        ({"recipient_bcc": {"a@example.org": "b c"}}, '"b c" is not the name of an address'),
        ({"postscreen": {"dnsbls": [{"domain": "bl"}]}}, '"bl" is not a full domain'),
        (
            {"postscreen": {"dnsbls": [{"domain": "bl.example", "filter": "2..11"}]}},
            '"2..11" is no pattern of answers',
        ),
        (
            {"postscreen": {"dnsbls": [{"domain": "bl.example", "filter": "127.255.255.254"}]}},
            "is how lists say that they refuse to answer",
        ),
        (
            {"postscreen": {"dnsbls": [{"domain": "bl.example", "weight": 2}], "threshold": 3}},
            "3 is never reached: all lists together weigh 2",
        ),
        ({"postscreen": {"allow": ["10.0.0.1/8"]}}, "has host bits set"),
    ],
)
def test_what_cannot_be_meant_is_refused(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as refused:
        read(**raw)
    assert said in str(refused.value)
    assert f"postfix_{next(iter(raw))}" in str(refused.value)
