"""Behaviour of the rules file: one transaction, established first, each opening to its sources."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ipaddress import ip_address, ip_network

from ansible_collections.postern.mail.plugins.module_utils._firewall.model import (
    Firewall,
    Opening,
    Peer,
)
from ansible_collections.postern.mail.plugins.module_utils._firewall.render import (
    DROP_IN_PATH,
    RULES_PATH,
    UNIT_PATH,
    render_files,
    render_rules,
)
from ansible_collections.postern.mail.tests.unit.firewalls import firewalls
from hypothesis import given


def rules_of(firewall: Firewall) -> list[str]:
    return [line.strip() for line in render_rules(firewall).splitlines()]


@given(firewalls)
def test_rendering_is_a_pure_function(firewall: Firewall) -> None:
    assert render_files(firewall) == render_files(firewall)


@given(firewalls)
def test_the_old_table_goes_in_the_transaction_that_brings_the_new_one(firewall: Firewall) -> None:
    lines = [line for line in render_rules(firewall).splitlines() if not line.startswith("#")]
    assert lines[:2] == ["table inet postern", "delete table inet postern"]
    assert not any("flush" in line for line in lines)


@given(firewalls)
def test_input_is_dropped_by_default_and_established_connections_pass_first(
    firewall: Firewall,
) -> None:
    lines = rules_of(firewall)
    start = lines.index("type filter hook input priority filter; policy drop;")
    assert lines[start + 1 : start + 3] == [
        'iif "lo" accept',
        "ct state established,related accept",
    ]


def test_rules_of_the_inventory_come_before_ssh_and_openings() -> None:
    lines = rules_of(Firewall(openings=(Opening("smtp", 25),), extra_rules=("tcp dport 25 drop",)))
    own = lines.index("tcp dport 25 drop")
    assert own < lines.index('tcp dport 22 accept comment "ssh"')
    assert own < lines.index('tcp dport 25 accept comment "smtp"')


def test_an_opening_to_networks_of_both_families_has_a_set_for_each() -> None:
    sources = (ip_network("192.0.2.0/24"), ip_network("192.0.9.1"), ip_network("2001:db8::/32"))
    lines = rules_of(Firewall(openings=(Opening("imaps", 993, "tcp", sources),)))
    assert "set imaps_v4 {" in lines
    assert "elements = { 192.0.2.0/24, 192.0.9.1 }" in lines
    assert "elements = { 2001:db8::/32 }" in lines
    assert 'ip saddr @imaps_v4 tcp dport 993 accept comment "imaps"' in lines
    assert 'ip6 saddr @imaps_v6 tcp dport 993 accept comment "imaps"' in lines
    assert 'tcp dport 993 accept comment "imaps"' not in lines


def test_an_opening_to_one_family_stays_closed_to_the_other() -> None:
    opening = Opening("imaps", 993, "tcp", (ip_network("192.0.2.0/24"),))
    ways = [line for line in rules_of(Firewall(openings=(opening,))) if "993" in line]
    assert ways == ['ip saddr @imaps_v4 tcp dport 993 accept comment "imaps"']


def test_the_controller_gets_a_rule_of_its_own() -> None:
    peer = Peer(ip_address("2001:db8::5"), 2222)
    line = 'ip6 saddr 2001:db8::5 tcp dport 2222 accept comment "controller"'
    assert line in rules_of(Firewall(controller=peer))


def test_what_ip_needs_is_never_dropped() -> None:
    text = render_rules(Firewall(ping=False))
    for need in ("packet-too-big", "nd-neighbor-solicit", "nd-router-advert", "udp dport 546"):
        assert need in text


def test_ping_is_answered_only_when_asked_for() -> None:
    assert "echo-request" in render_rules(Firewall())
    assert "echo-request" not in render_rules(Firewall(ping=False))


def test_forwarded_packets_are_left_alone_unless_dropped() -> None:
    assert "chain forward" not in render_rules(Firewall())
    head = "type filter hook forward priority filter; policy drop;"
    assert head in rules_of(Firewall(drop_forwarded=True))


def test_drops_are_logged_last_and_at_a_limited_rate() -> None:
    lines = rules_of(Firewall(openings=(Opening("smtp", 25),), log_drops=True))
    last = lines[-3]
    assert last.startswith("limit rate")
    assert "log prefix" in last


def test_the_unit_loads_the_file_before_the_network_and_after_what_flushes_it() -> None:
    files = render_files(Firewall())
    unit = files[UNIT_PATH].content.decode()
    assert f"ExecStart=/usr/sbin/nft -f {RULES_PATH}\n" in unit
    assert "Before=network-pre.target" in unit
    assert "After=nftables.service" in unit
    assert "ReloadPropagatedFrom=nftables.service" in unit
    drop_in = files[DROP_IN_PATH].content.decode()
    for moment in ("ExecStartPost", "ExecStopPost"):
        assert f"{moment}=-/usr/bin/systemctl --no-block try-reload-or-restart" in drop_in


def test_connections_of_one_client_are_counted_before_it_is_let_in() -> None:
    lines = rules_of(Firewall(openings=(Opening("imaps", 993, per_client=50),)))
    four, six, accept = (line for line in lines if line.startswith("tcp dport 993"))
    counted = "ct count over 50 } reject with tcp reset"
    assert four == f"tcp dport 993 add @imaps.clients_v4 {{ ip saddr {counted}"
    network = "ip6 saddr & ffff:ffff:ffff:ffff::"
    assert six == f"tcp dport 993 add @imaps.clients_v6 {{ {network} {counted}"
    assert accept == 'tcp dport 993 accept comment "imaps"'
    assert {"set imaps.clients_v4 {", "set imaps.clients_v6 {"} <= set(lines)


def test_strangers_are_not_counted() -> None:
    sources = (ip_network("192.0.2.0/24"), ip_network("2001:db8::/32"))
    lines = rules_of(Firewall(openings=(Opening("imaps", 993, "tcp", sources, 50),)))
    counting = [line for line in lines if "ct count" in line]
    assert [line.partition(" add ")[0] for line in counting] == [
        "ip saddr @imaps_v4 tcp dport 993",
        "ip6 saddr @imaps_v6 tcp dport 993",
    ]
    assert max(lines.index(line) for line in counting) < lines.index(
        'ip saddr @imaps_v4 tcp dport 993 accept comment "imaps"'
    )


def test_a_family_that_may_not_come_in_is_not_counted() -> None:
    opening = Opening("imaps", 993, "tcp", (ip_network("2001:db8::/32"),), 50)
    text = render_rules(Firewall(openings=(opening,)))
    assert "imaps.clients_v6" in text
    assert "imaps.clients_v4" not in text


def test_nobody_is_counted_without_a_limit() -> None:
    assert "clients" not in render_rules(Firewall(openings=(Opening("imaps", 993),)))
