"""Behaviour of units and nft rules: bounded, only what is needed, nothing taken at a reload."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.plan import make_plan
from ansible_collections.postern.mail.plugins.module_utils._stunnel.model import Instance
from ansible_collections.postern.mail.plugins.module_utils._stunnel.units import (
    CONF_PATH,
    DROP_IN_PATH,
    OWNED,
    ROUTING_PATH,
    RULES_PATH,
    render_files,
)
from ansible_collections.postern.mail.tests.unit.stunnels import (
    IMAPS,
    IMAPS_IPV6,
    PLAIN,
    instance,
    instances,
)
from hypothesis import given


def text(path: str, wanted: Instance) -> str:
    file = render_files(wanted)[path]
    assert file is not None
    return file.content.decode()


@given(instances)
def test_a_plan_from_itself_to_itself_is_empty(wanted: Instance) -> None:
    assert not make_plan(render_files(wanted), render_files(wanted)).changed


def test_without_an_instance_every_file_goes() -> None:
    assert render_files(None) == dict.fromkeys(OWNED)


def test_without_transparent_services_there_is_no_routing() -> None:
    files = render_files(instance(PLAIN))
    assert files[ROUTING_PATH] is None
    assert files[RULES_PATH] is None
    assert files[CONF_PATH] is not None
    assert "NET_ADMIN" not in text(DROP_IN_PATH, instance(PLAIN))


def test_transparency_takes_one_more_capability_and_the_routing_first() -> None:
    drop_in = text(DROP_IN_PATH, instance(IMAPS))
    assert "CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_NET_ADMIN\n" in drop_in
    assert "Wants=postern-stunnel-routing.service\n" in drop_in


def test_only_transparent_backends_are_marked() -> None:
    rules = text(RULES_PATH, instance(IMAPS, PLAIN))
    assert "ip saddr . tcp sport { 192.0.2.1 . 1143 } meta mark set 28781" in rules
    assert "1110" not in rules
    assert "ip6" not in rules


def test_each_family_has_rule_and_route_of_its_own() -> None:
    unit = text(ROUTING_PATH, instance(IMAPS_IPV6))
    assert "ExecStart=-/usr/sbin/ip -6 rule add" in unit
    assert "ExecStart=-/usr/sbin/ip -4" not in unit
    assert "ip6 saddr . tcp sport" in text(RULES_PATH, instance(IMAPS_IPV6))


def test_a_reload_takes_nothing_away() -> None:
    unit = text(ROUTING_PATH, instance(IMAPS, IMAPS_IPV6))
    reloads = [line for line in unit.splitlines() if line.startswith("ExecReload=")]
    assert len(reloads) == 5
    assert not any(" del " in line or " flush " in line for line in reloads)
