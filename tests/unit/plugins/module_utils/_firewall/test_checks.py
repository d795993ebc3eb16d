"""Behaviour of the checks: every problem at once, each with its place in the inventory."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._firewall.checks import (
    controller_warnings,
    read_firewall,
    read_peer,
    with_controller,
)
from ansible_collections.postern.mail.plugins.module_utils._firewall.model import (
    Firewall,
    Opening,
    Peer,
)
from ansible_collections.postern.mail.tests.unit.firewalls import firewalls, peers
from hypothesis import given
from hypothesis import strategies as st

PEER = Peer(ip_address("198.51.100.7"), 22)


def problems_of(**options: Any) -> list[str]:
    return sorted(str(problem) for problem in read_firewall(options)[1])


def firewall_of(**options: Any) -> Firewall:
    firewall, problems = read_firewall(options)
    assert problems == []
    return firewall


def test_openings_of_roles_and_of_the_user_are_joined_in_order_of_their_ports() -> None:
    firewall = firewall_of(
        openings=[{"name": "smtp", "port": 25}, {"name": "dns", "port": "53", "protocol": "udp"}],
        extra_openings=[{"name": "echo", "port": 7, "sources": ["192.0.2.1"]}],
        ssh_ports=[2222, 22],
    )
    assert firewall.openings == (
        Opening("echo", 7, "tcp", (ip_network("192.0.2.1/32"),)),
        Opening("smtp", 25),
        Opening("dns", 53, "udp"),
    )
    assert firewall.ssh_ports == (22, 2222)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"name": "a", "port": 0}, 'port: "0" is not a port; a number from 1 to 65535'),
        ({"name": "a", "port": 65536}, 'port: "65536" is not a port'),
        ({"name": "a", "port": True}, 'port: "True" is not a port'),
        ({"name": "a", "port": "smtp"}, 'port: "smtp" is not a port'),
        ({"name": "a"}, 'port: "None" is not a port'),
        ({"name": "a", "port": 1, "per_client": -1}, 'per_client: "-1" is not a number of conn'),
        ({"name": "a", "port": 1, "per_client": "many"}, 'per_client: "many" is not a number'),
        (
            {"name": "a", "port": 1, "per_client": 5, "protocol": "udp"},
            "per_client: there are no connections over udp; leave it out",
        ),
        ({"port": 25}, 'name: "" is not a name'),
        ({"name": "9lives", "port": 25}, 'name: "9lives" is not a name'),
        ({"name": "a; drop", "port": 25}, 'name: "a; drop" is not a name'),
        ({"name": "a" * 61, "port": 25}, "is not a name"),
        ({"name": "ssh", "port": 22}, 'name: "ssh" is taken by the firewall itself'),
        ({"name": "a", "port": 25, "protocol": "sctp"}, 'protocol: "sctp" is not a protocol'),
        ({"name": "a", "port": 25, "source": []}, "source: is not a key of an opening; did you"),
        ({"name": "a", "port": 25, "sources": "all"}, 'sources: "all" is not a list of networks'),
        ({"name": "a", "port": 25, "sources": []}, "sources: no network at all"),
        ({"name": "a", "port": 25, "sources": ["x"]}, 'sources[0]: "x" is not a network'),
        (
            {"name": "a", "port": 25, "sources": ["10.0.0.1/8"]},
            'sources[0]: "10.0.0.1/8" has host bits set; did you mean "10.0.0.0/8"?',
        ),
        ("smtp", '"smtp" is not an opening'),
    ],
)
def test_a_wrong_opening_is_told_with_its_place(entry: Any, problem: str) -> None:
    found = problems_of(extra_openings=[{"name": "sound", "port": 1}, entry])
    assert len(found) == 1
    assert found[0].startswith("firewall_extra_openings[1]")
    assert problem in found[0]


def test_a_name_is_given_once_whoever_gives_it() -> None:
    entry = {"name": "smtp", "port": 25}
    assert problems_of(openings=[entry], extra_openings=[entry]) == [
        'firewall_extra_openings[0].name: "smtp" is taken by firewall_openings[0]; '
        "give each opening its own name"
    ]


@pytest.mark.parametrize(
    "rule", ["", "  ", "# later", "a\nb", "accept } chain x {", "{", "tcp dport 22 \\", 7, None]
)
def test_a_rule_that_would_leave_its_line_or_chain_is_refused(rule: Any) -> None:
    (problem,) = problems_of(extra_rules=["tcp dport 1 drop", rule])
    assert problem.startswith("firewall_extra_rules[1]: ")


def test_braces_within_quotes_do_not_count() -> None:
    assert firewall_of(extra_rules=[' log prefix "}" ']).extra_rules == ('log prefix "}"',)


def test_all_problems_are_told_together() -> None:
    found = problems_of(
        openings=[{"name": "9", "port": 0}], ssh_ports=["x"], ssh_sources="x", extra_rules=["{"]
    )
    assert [problem.partition(":")[0] for problem in found] == [
        "firewall_extra_rules[0]",
        "firewall_openings[0].name",
        "firewall_openings[0].port",
        "firewall_ssh_ports[0]",
        "firewall_ssh_sources",
    ]


@given(
    st.dictionaries(
        st.sampled_from(["name", "port", "protocol", "sources", "prot"]),
        st.none() | st.text() | st.integers() | st.lists(st.text() | st.integers()),
    )
)
def test_any_opening_gives_a_model_or_problems_and_never_an_exception(entry: Any) -> None:
    firewall, problems = read_firewall({"openings": [entry]})
    assert problems or len(firewall.openings) == 1


@given(firewalls, peers)
def test_the_controller_is_always_admitted(firewall: Firewall, peer: Peer) -> None:
    kept = with_controller(firewall, peer)
    assert kept.controller == peer or kept == firewall


def test_a_controller_that_ssh_admits_leaves_no_trace() -> None:
    assert with_controller(Firewall(), PEER) == Firewall()


def test_a_controller_from_elsewhere_is_kept_and_told_of() -> None:
    firewall = with_controller(Firewall(ssh_sources=(ip_network("192.0.2.0/24"),)), PEER)
    assert firewall.controller == PEER
    (warning,) = controller_warnings(firewall)
    assert "198.51.100.7" in warning
    assert controller_warnings(Firewall()) == []


@pytest.mark.parametrize(
    ("client", "port", "peer"),
    [
        ("198.51.100.7", "22", PEER),
        ("::ffff:198.51.100.7", "22", PEER),
        ("fe80::1%eth0", "22", Peer(ip_address("fe80::1"), 22)),
        ("UNKNOWN", "22", None),
        ("198.51.100.7", "0", None),
        ("", "None", None),
    ],
)
def test_a_peer_is_read_or_none(client: str, port: str, peer: Peer | None) -> None:
    assert read_peer(client, port) == peer
