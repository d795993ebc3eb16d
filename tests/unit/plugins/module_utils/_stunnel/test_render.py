"""Behaviour of stunnel's file: pure, complete, and rehearsed without a port."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._stunnel.model import Instance
from ansible_collections.postern.mail.plugins.module_utils._stunnel.parse import parse
from ansible_collections.postern.mail.plugins.module_utils._stunnel.render import (
    render,
    render_rehearsal,
)
from ansible_collections.postern.mail.tests.unit.stunnels import (
    IMAPS,
    IMAPS_IPV6,
    PLAIN,
    instance,
    instances,
)
from hypothesis import given


@given(instances)
def test_what_is_rendered_parses_to_the_same_instance(wanted: Instance) -> None:
    assert parse(render(wanted)) == (wanted, [])


@given(instances)
def test_the_order_of_listeners_does_not_matter(wanted: Instance) -> None:
    backwards = instance(
        *reversed(wanted.listeners), idle_seconds=wanted.idle_seconds, libwrap=wanted.libwrap
    )
    assert render(backwards) == render(wanted)


@given(instances)
def test_a_rehearsal_can_get_none_of_the_ports(wanted: Instance) -> None:
    accepts = [line for line in render_rehearsal(render(wanted)).splitlines() if "accept" in line]
    assert len(accepts) == len(wanted.listeners)
    assert set(accepts) == {"accept = /nonexistent/postern/rehearsal"}


def test_an_ipv6_listener_leaves_the_ipv4_port_alone() -> None:
    text = render(instance(IMAPS, IMAPS_IPV6))
    ipv4, ipv6 = text.split("[imaps]")[1].split("[imaps-ipv6]")
    assert "V6ONLY" not in ipv4
    assert "socket = a:IPV6_V6ONLY=yes" in ipv6


def test_only_transparent_listeners_bind_the_clients_address() -> None:
    text = render(instance(IMAPS, PLAIN))
    imaps, pop3s = text.split("[imaps]")[1].split("[pop3s]")
    assert "transparent = source" in imaps
    assert "transparent" not in pop3s
