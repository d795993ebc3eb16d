"""Ways out: each as safe as asked, and no password on another's way."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
    choices_of,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_routes import (
    route_parameters,
    route_services,
    route_tables,
    tls_policies,
    transports,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of

DEFAULT = Choices()
BRANCH: dict[str, Any] = {"name": "branch.example", "host": "mail.branch.example"}


def edge(*domains: dict[str, Any], **changes: Any) -> dict[str, Any]:
    relay = {"mail_relay": {}, "mail_hostname": "edge.example.org"}
    return send_only(mail_relay_domains=list(domains), **{**relay, **changes})


def tables(raw: dict[str, Any], choices: Choices = DEFAULT) -> dict[str, dict[str, Any]]:
    return {table["name"]: table for table in route_tables(site_of(raw), choices)}


def test_an_edge_passes_on_what_it_knows() -> None:
    domain = {**BRANCH, "tls": "verify", "recipients": ["info"]}
    raw = edge(domain)
    assert route_parameters(site_of(raw), Choices())["relay_domains"] == "branch.example"
    found = tables(raw)
    assert found["transports"]["entries"]["branch.example"] == "relay:[mail.branch.example]:25"
    assert found["tls_policies"]["entries"] == {"[mail.branch.example]:25": "secure"}
    assert found["relay_addresses"]["entries"] == {"info@branch.example": "OK"}


def test_a_list_of_recipients_stays_in_its_file_and_without_one_everybody_exists() -> None:
    listed = {**BRANCH, "recipients_file": "/lists/branch.txt"}
    found = tables(edge(listed, {**BRANCH, "name": "open.example"}))["relay_addresses"]
    assert found["entries"] == {"@open.example": "OK"}
    assert found["sources"] == [
        {
            "file": "/lists/branch.txt",
            "form": "keys",
            "domains": ["branch.example"],
            "value": "OK",
        }
    ]


def test_one_server_is_reached_in_one_way() -> None:
    raw = edge({**BRANCH, "tls": "verify"}, {**BRANCH, "name": "b.example", "tls": "require"})
    with pytest.raises(ValueError, match="one server, one way"):
        tls_policies(site_of(raw), Choices())


def test_tls_from_the_first_byte_has_a_transport_of_its_own_and_leaves_others_alone() -> None:
    relay = {"host": "smart.example.com", "port": 465}
    site = site_of(edge({**BRANCH, "port": 465}, {**BRANCH, "name": "b.example"}, mail_relay=relay))
    assert transports(site)["branch.example"] == "wrapped:[mail.branch.example]:465"
    assert transports(site)["b.example"] == "relay:[mail.branch.example]:25"
    assert route_parameters(site, Choices())["default_transport"] == "wrapped"
    [wrapped] = route_services(site, Choices())
    assert wrapped["name"] == "wrapped"
    assert wrapped["options"]["smtp_tls_wrappermode"] == "yes"
    assert tls_policies(site, Choices())["[smart.example.com]:465"] == "secure"


def test_a_senders_login_is_used_on_its_own_way_alone() -> None:
    relays = [
        {"sender": "news@example.org", "host": "out.example.com", "username": "news"},
        {"sender": "@example.net", "host": "net.example.com", "port": 465, "tls": "require"},
    ]
    site, choices = site_of(good()), choices_of(({"sender_relays": relays},), "example.org")
    assert tables(good(), choices)["sender_transports"]["entries"] == {
        "@example.net": "bysender-wrapped:[net.example.com]:465",
        "news@example.org": "bysender:[out.example.com]:587",
    }
    services = {one["name"]: one["options"] for one in route_services(site, choices)}
    assert services["bysender"]["smtp_sender_dependent_authentication"] == "yes"
    assert services["bysender-wrapped"]["smtp_tls_wrappermode"] == "yes"
    parameters = route_parameters(site, choices)
    assert "sender_credentials" not in str(parameters)
    assert parameters["smtp_sasl_auth_enable"] == "no"


@pytest.mark.parametrize(
    ("relay", "way"),
    [
        ({}, "keep:"),
        ({"host": "smart.example.com"}, "keep:[smart.example.com]:587"),
        ({"host": "smart.example.com", "port": 465}, "keep-wrapped:[smart.example.com]:465"),
    ],
)
def test_copies_for_elsewhere_wait_when_they_are_refused(relay: dict[str, Any], way: str) -> None:
    site = site_of(good(mail_journal="all@archive.example", mail_relay=relay))
    assert transports(site)["all@archive.example"] == way
    services = {one["name"]: one["options"] for one in route_services(site, Choices())}
    assert services[way.partition(":")[0]]["soft_bounce"] == "yes"


def test_copies_that_end_here_need_no_way_of_their_own() -> None:
    site = site_of(good(mail_journal="carol"))
    assert list(transports(site)) == ["discard.invalid"]
    assert route_services(site, Choices()) == []


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({}, False),
        ({"mail_access": [{"recipient": "old@example.org", "action": "discard"}]}, True),
        ({"mail_access": [{"recipient": "old@example.org", "action": "reject"}]}, False),
        (
            {"mail_access_files": [{"kind": "recipient", "path": "/l/x", "action": "discard"}]},
            True,
        ),
        ({"mail_relay_domains": [{"name": "a.example", "host": "b.example"}]}, True),
        ({"mail_journal": "all@archive.example"}, True),
    ],
)
def test_transports_are_asked_where_they_may_say_something(
    more: dict[str, Any], asked: bool
) -> None:
    parameters = route_parameters(site_of(good(**more)), Choices())
    assert bool(parameters["transport_maps"]) is asked
