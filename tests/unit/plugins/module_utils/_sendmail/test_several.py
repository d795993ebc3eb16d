"""An address with several targets has an alias of its own."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._sendmail.several import (
    token,
    with_aliases,
)


def test_one_target_stays_and_several_become_an_alias() -> None:
    addresses = [
        b"a@x.example alice",
        b"b@x.example alice, bob",
        b"c@x.example error:nouser 550 a, b",
    ]
    single, aliases = with_aliases(addresses, [b"postmaster root"])
    name = token("b@x.example").encode()
    assert single == (addresses[0], b"b@x.example " + name, addresses[2])
    assert aliases == tuple(sorted([b"postmaster root", name + b" alice, bob"]))


def test_addresses_that_look_alike_have_names_of_their_own() -> None:
    assert token("a+b@x.example") != token("a-b@x.example")
    assert token("a@x.example") == token("a@x.example")
