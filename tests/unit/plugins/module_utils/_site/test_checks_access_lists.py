"""Lines of long lists of exceptions are read as mail_access is, and no open relay is among them."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site import values
from ansible_collections.postern.mail.plugins.module_utils._site.checks_access_lists import (
    _PLAIN,
    wrong_lines,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, problems_of
from hypothesis import example, given
from hypothesis import strategies as st


def said(kind: str, action: str, *names: str) -> list[str]:
    wrong = wrong_lines(kind, action, [name.encode() for name in names])
    return [f"{one.name}: {one.what}" + (f"; {one.hint}" if one.hint else "") for one in wrong]


GOOD = {
    "client": [
        "192.0.2.7",
        "192.0.2.0/24",
        "2001:db8::/32",
        "2001:db8::1",
        "bad.example",
        "x.y_z.a",
    ],
    "sender": ["spam@bad.example", "bad.example", "a.b.c.d.e@bad.example", "x" * 64 + "@a.example"],
    "recipient": ["old@example.org", "example.org", "postmaster.old@example.org"],
}


@pytest.mark.parametrize("kind", GOOD)
def test_what_mail_access_takes_a_list_takes(kind: str) -> None:
    assert said(kind, "reject", *GOOD[kind]) == []


@pytest.mark.parametrize(
    ("kind", "action", "name", "what"),
    [
        (
            "client",
            "reject",
            "300.1.1.1",
            '"300.1.1.1" is not a network; write it like 10.20.0.0/16',
        ),
        (
            "client",
            "reject",
            "10.1.1.1/8",
            '"10.1.1.1/8" has host bits set; write it as 10.0.0.0/8',
        ),
        ("client", "reject", "bad", '"bad" is not a full domain; write it like example.org'),
        (
            "client",
            "reject",
            "spam@bad.example",
            '"spam@bad.example" is not a domain; write it like example.org',
        ),
        (
            "client",
            "accept",
            ".bad.example",
            '".bad.example" is not a domain; write it like example.org',
        ),
        (
            "sender",
            "reject",
            "@bad.example",
            '"@bad.example" has nothing before the @; write it like alice@example.org',
        ),
        (
            "sender",
            "discard",
            "192.0.2.7",
            '"192.0.2.7" is not a full domain; write it like example.org',
        ),
        (
            "recipient",
            "reject",
            "abuse@example.org",
            '"abuse@example.org" must receive mail (RFC 2142)',
        ),
        (
            "recipient",
            "discard",
            "postmaster@example.net",
            '"postmaster@example.net" must receive mail (RFC 2142)',
        ),
        (
            "client",
            "relay",
            "198.51.100.0/24",
            '"198.51.100.0/24" is public, which makes an open relay;'
            " name private networks or single addresses that are your own",
        ),
        (
            "client",
            "relay",
            "0.0.0.0/0",
            '"0.0.0.0/0" is the whole internet, which makes an open relay; name your own networks',
        ),
        (
            "client",
            "relay",
            "partner.example",
            '"partner.example" is a name, which can be forged and makes an open relay;'
            " name its network",
        ),
        ("client", "relay", "bad", '"bad" is not a full domain; write it like example.org'),
    ],
)
def test_a_bad_line_is_refused_with_what_is_expected(
    kind: str, action: str, name: str, what: str
) -> None:
    assert said(kind, action, "10.0.0.1" if kind == "client" else "good.example", name) == [
        f"{name}: {what}"
    ]


def test_required_names_may_be_accepted_and_networks_of_ones_own_may_relay() -> None:
    assert said("recipient", "accept", "abuse@example.org") == []
    assert said("client", "relay", "10.0.0.0/8", "198.51.100.7") == []


@given(st.sampled_from(sorted(GOOD)), st.text(alphabet="aZ0._-@:/=+", max_size=30))
@example("client", "256.1.1.1")
@example("client", "01.2.3.4")
@example("sender", "a@b.c.de")
def test_what_is_taken_at_a_glance_is_taken_by_the_careful_reader_too(kind: str, text: str) -> None:
    if _PLAIN[kind].fullmatch(text.lower().encode()):
        assert values.access_key(kind, text.lower())[0].startswith(text.lower())


def test_a_list_of_senders_may_not_relay() -> None:
    file = {"kind": "sender", "path": "s.txt", "action": "relay"}
    assert problems_of(good(mail_access_files=[file])) == [
        "mail_access_files[0].kind: a sender can be forged, which makes an open relay;"
        " name a client's network, or give the sender an account"
    ]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (
            {"kind": "helo"},
            'kind: "helo" is not a choice; choose one of: client, sender, recipient',
        ),
        (
            {"action": "drop"},
            'action: "drop" is not a choice; choose one of: reject, accept, discard, relay',
        ),
        ({"path": None}, "path: is missing"),
        ({"path": 7}, "path: 7 is not a path; put it in quotes"),
        ({"kind": None}, "kind: is missing"),
        ({"action": None}, "action: is missing"),
        ({"file": "x"}, "file: no such key"),
        ({"text": ["go"]}, "text: a list is not text"),
    ],
)
def test_a_file_says_what_it_is_for(change: dict[str, object], what: str) -> None:
    file = {"kind": "client", "path": "c.txt", "action": "reject", **change}
    assert problems_of(good(mail_access_files=[file])) == [f"mail_access_files[0].{what}"]
