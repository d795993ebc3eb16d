"""Behaviour of renewal: each deviation is a reason of its own, and a good certificate stays."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._certificates.reasons import (
    Wanted,
    reasons,
)
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
PEM = "-----BEGIN CERTIFICATE-----\nleaf\n-----END CERTIFICATE-----\n"
AUTHORITY = "-----BEGIN CERTIFICATE-----\nauthority\n-----END CERTIFICATE-----\n"
WANTED: dict[str, Any] = {
    "names": ["mail.example.org", "imap.example.org"],
    "key_type": "ECC",
    "authority": "ab:cd",
    "pems": [AUTHORITY.strip()],
    "renew_days": 30,
}


def info(**other: Any) -> dict[str, Any]:
    return {
        "subject_alt_name": ["DNS:mail.example.org", "DNS:imap.example.org"],
        "public_key_type": "ECC",
        "public_key_data": {"curve": "secp256r1"},
        "authority_key_identifier": "ab:cd",
        "issuer": {"commonName": "Authority"},
        "subject": {"commonName": "mail.example.org"},
        "not_after": "20260901120000Z",
        **other,
    }


def found(**other: Any) -> list[str]:
    text = other.pop("text", PEM + AUTHORITY)
    wanted = Wanted(**{**WANTED, **other.pop("wanted", {})})
    return reasons(wanted, text, info(**other), NOW)


def test_a_good_certificate_stays() -> None:
    assert found() == []


def test_the_order_of_names_does_not_matter() -> None:
    assert found(subject_alt_name=["DNS:imap.example.org", "DNS:mail.example.org"]) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"text": ""}, "there is no whole pair of key and certificate"),
        ({"text": PEM}, "other certificates are given"),
        ({"subject_alt_name": ["DNS:old.example.org"]}, "its names are old.example.org"),
        ({"subject_alt_name": None}, "its names are "),
        ({"public_key_type": "RSA"}, "its key is RSA"),
        ({"authority_key_identifier": "ef"}, "another authority signed it"),
        ({"authority_key_identifier": None}, "another authority signed it"),
        ({"not_after": "20260620120000Z"}, "19 days are left"),
        ({"not_after": "20200101120000Z"}, "0 days are left"),
        ({"wanted": {"authority": Wanted.SELF}}, "an authority signed it"),
    ],
)
def test_each_deviation_is_a_reason(other: dict[str, Any], said: str) -> None:
    assert found(**other) == [said]


def test_the_size_of_an_rsa_key_counts() -> None:
    rsa = {"public_key_type": "RSA", "public_key_data": {"size": 3072}}
    wanted = {"key_type": "RSA", "key_bits": 4096}
    assert found(wanted=wanted, **rsa) == ["its key has 3072 bits"]
    assert found(wanted={**wanted, "key_bits": 3072}, **rsa) == []


def test_a_self_signed_certificate_is_its_own_issuer() -> None:
    alone = {"issuer": {"commonName": "mail.example.org"}}
    assert found(wanted={"authority": Wanted.SELF}, **alone) == []


def test_what_was_given_is_only_compared_as_text() -> None:
    assert reasons(Wanted(pems=["a"]), "a", {}, NOW) == []
    assert reasons(Wanted(pems=["b"]), "a", {}, NOW) == ["other certificates are given"]


@given(st.integers(-5000, 5000))
def test_it_is_renewed_exactly_when_fewer_days_are_left(days: int) -> None:
    end = (NOW + timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")
    assert bool(found(not_after=end)) == (days < 30)
