"""Access: narrow before wide, one table for each kind, and long lists behind the inventory."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_access import (
    ODD_SENDERS,
    access_parameters,
    access_tables,
    helo_access,
    open_networks,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of

DEFAULT = Choices()
ROOT = Path(__file__).resolve().parents[5]


def tables(raw: dict[str, Any], choices: Choices = DEFAULT) -> dict[str, dict[str, Any]]:
    return {table["name"]: table for table in access_tables(site_of(raw), choices)}


def test_the_narrower_network_decides_before_the_wider_one() -> None:
    access = [
        {"client": "10.0.0.0/8", "action": "reject", "text": "not   from\nhere"},
        {"client": "10.1.0.0/16", "action": "accept"},
        {"client": "10.1.2.3", "action": "reject"},
        {"client": "10.9.0.0/16", "action": "relay"},
    ]
    found = tables(good(mail_access=access))
    assert list(found["client_access"]["entries"].items()) == [
        ("10.1.2.3/32", "REJECT"),
        ("10.1.0.0/16", "OK"),
        ("10.0.0.0/8", "REJECT not from here"),
    ]
    assert found["client_access"]["type"] == "cidr"
    assert found["relay_clients"]["entries"] == {"10.9.0.0/16": "OK"}


def test_names_and_networks_senders_and_recipients_have_tables_of_their_own() -> None:
    access = [
        {"client": "bad.example", "action": "reject"},
        {"sender": "Spam@bad.example", "action": "reject"},
        {"recipient": "old@example.org", "action": "reject", "text": "gone"},
        {"recipient": "partner.example", "action": "relay"},
    ]
    found = tables(good(mail_access=access))
    assert found["client_name_access"]["entries"] == {"bad.example": "REJECT"}
    assert found["sender_access"]["entries"] == {"spam@bad.example": "REJECT"}
    assert found["recipient_access"]["entries"] == {"old@example.org": "REJECT gone"}
    assert found["relay_recipients"]["entries"] == {"partner.example": "OK"}


def test_a_discarded_client_or_sender_is_never_told() -> None:
    access = [
        {"client": "192.0.2.0/24", "action": "discard"},
        {"sender": "loud@bad.example", "action": "discard", "text": "too loud"},
        {"recipient": "old@example.org", "action": "discard"},
    ]
    found = tables(good(mail_access=access))
    assert found["client_access"]["entries"] == {"192.0.2.0/24": "DISCARD"}
    assert found["sender_access"]["entries"] == {"loud@bad.example": "DISCARD too loud"}
    assert found["recipient_access"]["entries"] == {}  # it would take others' mail along


def test_long_lists_stand_in_the_table_of_their_kind_exemptions_first() -> None:
    files = [
        {"kind": "client", "path": "/l/bad", "action": "reject", "text": "go away"},
        {"kind": "client", "path": "/l/good", "action": "accept"},
        {"kind": "client", "path": "/l/ours", "action": "relay"},
        {"kind": "sender", "path": "/l/senders", "action": "discard"},
        {"kind": "recipient", "path": "/l/gone", "action": "reject"},
        {"kind": "recipient", "path": "/l/there", "action": "relay"},
    ]
    found = tables(good(mail_access_files=files), Choices(map_type="hash"))
    names = [{"file": "/l/good", "form": "keys", "value": "OK", "only": "names"}]
    names += [{"file": "/l/bad", "form": "keys", "value": "REJECT go away", "only": "names"}]
    assert found["client_name_access"]["sources"] == names
    networks = [{**source, "only": "networks"} for source in names]
    assert found["client_access"]["sources"] == networks
    assert found["relay_clients"]["sources"] == [{"file": "/l/ours", "form": "keys", "value": "OK"}]
    discarded = {"file": "/l/senders", "form": "keys", "value": "DISCARD"}
    assert found["sender_access"]["sources"] == [discarded]
    assert [s["file"] for s in found["recipient_access"]["sources"]] == ["/l/gone"]
    assert [s["file"] for s in found["relay_recipients"]["sources"]] == ["/l/there"]
    assert found["sender_access"]["type"] == "hash"
    assert "sources" not in tables(good())["sender_access"]


def test_nobody_else_bears_this_hosts_name() -> None:
    choices = Choices(helo_access=(("ylmf-pc", "REJECT"),))
    assert helo_access(site_of(good()), choices) == {
        "mail.example.org": "REJECT this is my own name",
        "ylmf-pc": "REJECT",
    }


def test_clients_that_are_accepted_are_asked_nothing() -> None:
    access = [
        {"client": "192.0.2.7", "action": "accept"},
        {"client": "10.9.0.0/16", "action": "relay"},
        {"client": "192.0.2.0/24", "action": "reject"},
    ]
    assert open_networks(site_of(good(mail_access=access))) == {
        "192.0.2.7/32": "permit",
        "10.9.0.0/16": "permit",
    }


def test_helo_and_odd_senders_are_looked_at_before_anything_is_permitted() -> None:
    access = [{"sender": "bad.example", "action": "reject"}]
    site = site_of(good(mail_access=access))
    parameters = access_parameters(site, Choices(map_type="hash"))
    assert "hash:$config_directory/maps/helo_access" in parameters["smtpd_helo_restrictions"]
    assert parameters["smtpd_sender_restrictions"].startswith(f"{ODD_SENDERS}, check_sender_access")
    assert tables(good())["odd_senders"]["type"] == "pcre"


def test_tables_that_say_nothing_are_not_asked() -> None:
    assert access_parameters(site_of(good()), DEFAULT) == {
        "smtpd_client_restrictions": "",
        "smtpd_helo_restrictions": (
            "permit_mynetworks, check_helo_access lmdb:$config_directory/maps/helo_access, "
            "reject_invalid_helo_hostname"
        ),
        "smtpd_sender_restrictions": (
            f"{ODD_SENDERS}, permit_mynetworks, reject_non_fqdn_sender, "
            "reject_unknown_sender_domain"
        ),
        "smtpd_relay_restrictions": "permit_mynetworks, reject_unauth_destination",
        "smtpd_recipient_restrictions": "reject_non_fqdn_recipient",
    }


ITEMS = {
    "client_access": {"client": "192.0.2.0/24", "action": "reject"},
    "client_name_access": {"client": "bad.example", "action": "reject"},
    "sender_access": {"sender": "bad.example", "action": "discard"},
    "relay_clients": {"client": "10.9.0.0/16", "action": "relay"},
    "relay_recipients": {"recipient": "partner.example", "action": "relay"},
    "recipient_access": {"recipient": "old@example.org", "action": "reject"},
}


@pytest.mark.parametrize("name", ITEMS)
def test_one_entry_is_enough_to_be_asked_in_the_role_s_own_order(name: str) -> None:
    asked = " ".join(access_parameters(site_of(good(mail_access=[ITEMS[name]])), DEFAULT).values())
    assert [other for other in ITEMS if f"maps/{other}" in asked] == [name]


def test_everything_asked_is_what_the_role_itself_says() -> None:
    """The role's own lists hold where nothing follows from a site."""
    role = yaml.safe_load((ROOT / "roles/postfix/vars/main.yml").read_text(encoding="utf-8"))
    own = role["postfix_base_parameters"]
    found = access_parameters(site_of(good(mail_access=list(ITEMS.values()))), DEFAULT)
    for name in ("client", "relay", "recipient"):
        written = ", ".join(own[f"smtpd_{name}_restrictions"])
        assert found[f"smtpd_{name}_restrictions"] == written.replace(
            "{{ postfix_map_type }}", "lmdb"
        )


def test_a_long_list_is_asked_too() -> None:
    files = [{"kind": "recipient", "path": "/l/gone", "action": "reject"}]
    found = access_parameters(site_of(good(mail_access_files=files)), DEFAULT)
    assert found["smtpd_recipient_restrictions"].endswith("maps/recipient_access")
    assert found["smtpd_relay_restrictions"] == "permit_mynetworks, reject_unauth_destination"


def test_further_clients_are_asked_for_where_postfix_would_refuse_to_relay() -> None:
    socket = "/var/spool/postfix/run/relay-clients/map"
    found = access_parameters(site_of(good()), Choices(relay_clients_socket=socket))
    assert found["smtpd_relay_restrictions"] == (
        "permit_mynetworks, permit_auth_destination,"
        " check_client_access socketmap:unix:run/relay-clients/map:relay_clients,"
        " reject_unauth_destination"
    )
