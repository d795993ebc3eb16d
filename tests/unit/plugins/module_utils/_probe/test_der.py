"""Certificates are read without a library as a library reads them."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.der import read_certificate
from ansible_collections.postern.mail.tests.unit.mail_certificates import authority, leaf
from hypothesis import given
from hypothesis import strategies as st


def test_a_certificate_is_read_as_the_library_reads_it() -> None:
    pair = leaf(("mail.example.org", "*.example.net"))
    seen = read_certificate(pair.der)
    assert seen.names == ("mail.example.org", "*.example.net")
    assert seen.subject == "mail.example.org"
    assert seen.issuer == "Test Authority"
    assert int(seen.serial, 16) == pair.certificate.serial_number
    assert seen.not_after == pair.certificate.not_valid_after_utc
    assert seen.not_before == pair.certificate.not_valid_before_utc
    assert not seen.self_signed
    assert read_certificate(authority().der).self_signed


@given(st.binary(max_size=300))
def test_rubbish_is_no_certificate(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a readable certificate"):
        read_certificate(data)


@given(st.integers(min_value=0, max_value=600))
def test_a_cut_certificate_is_no_crash(length: int) -> None:
    der = leaf().der
    if length >= len(der):
        return
    with pytest.raises(ValueError, match="not a readable certificate"):
        read_certificate(der[:length])
