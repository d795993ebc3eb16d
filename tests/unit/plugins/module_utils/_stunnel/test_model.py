"""Behaviour of the model: endpoints know their family, instances what has to be routed back."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._stunnel.model import Endpoint, Instance
from ansible_collections.postern.mail.plugins.module_utils._stunnel.parse import parse_endpoint
from ansible_collections.postern.mail.tests.unit.stunnels import (
    IMAPS,
    IMAPS_IPV6,
    PLAIN,
    instance,
    instances,
)
from hypothesis import given


def test_an_endpoint_knows_its_family() -> None:
    assert Endpoint("2001:db8::1", 993).is_ipv6
    assert not Endpoint("192.0.2.1", 993).is_ipv6


@given(instances)
def test_an_endpoint_is_written_as_it_is_read(wanted: Instance) -> None:
    assert {parse_endpoint(str(one)) for one in wanted.endpoints} == wanted.endpoints


def test_only_transparent_backends_are_routed_back() -> None:
    assert instance(IMAPS, PLAIN).routed == (IMAPS.connect,)
    assert instance(PLAIN).routed == ()


def test_the_families_are_those_of_the_backends() -> None:
    assert instance(IMAPS, IMAPS_IPV6, PLAIN).routed_families == (4, 6)
    assert instance(IMAPS_IPV6).routed_families == (6,)
