"""Lookup tables: nobody's mail is swallowed, nobody sends as another, secrets are marked."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_maps import (
    postfix_maps,
    postfix_secret_maps,
    sender_logins,
    virtual_aliases,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of
from hypothesis import given
from hypothesis import strategies as st


def tables(raw: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {table["name"]: table for table in postfix_maps(site_of(raw))}


def resolved(entries: dict[str, str], address: str) -> set[str]:
    """Do as Postfix does: look up the address, then its domain, again for each result."""
    seen: set[str] = set()
    ahead, ends = [address], set()
    while ahead:
        name = ahead.pop()
        found = entries.get(name) or entries.get(f"@{name.partition('@')[2]}")
        targets = found.split(", ") if found else [name]
        for target in targets:
            if target == name:
                ends.add(name)
            elif target not in seen:
                seen.add(target)
                ahead.append(target)
    return ends


def test_a_catch_all_takes_only_what_nobody_declared() -> None:
    entries = virtual_aliases(site_of(good()))
    assert resolved(entries, "stranger@example.net") == {"carol@example.org"}
    assert resolved(entries, "dave@example.net") == {"dave@example.net"}
    assert resolved(entries, "abuse@example.net") == {"alice@example.org", "carol@example.org"}
    assert resolved(entries, "stranger@example.org") == {"stranger@example.org"}


def test_mail_of_the_host_itself_follows_the_bare_aliases() -> None:
    entries = virtual_aliases(site_of(good()))
    assert entries["root@mail.example.org"] == "alice@example.org"
    assert entries["root@localhost"] == "alice@example.org"
    assert "sales@mail.example.org" not in entries


NAMES = st.lists(st.sampled_from([f"n{number}" for number in range(12)]), unique=True, min_size=3)
DOMAINS = st.lists(
    st.sampled_from(["a.example", "b.example", "c.example"]), unique=True, min_size=1
)


@given(NAMES, DOMAINS, st.data())
def test_a_catch_all_swallows_no_account_and_no_alias_however_they_are_ordered(
    names: list[str], domains: list[str], data: st.DataObject
) -> None:
    people, others = names[: len(names) // 2], names[len(names) // 2 :]
    pick = st.sampled_from(domains)
    accounts = [{"name": n, "domain": data.draw(pick), "password": "x"} for n in people]
    addresses = [f"{account['name']}@{account['domain']}" for account in accounts]
    bare = {"root": addresses[0], "postmaster": addresses[0], "abuse": addresses[-1]}
    full = {f"{n}@{data.draw(pick)}": data.draw(st.sampled_from(addresses)) for n in others}
    target = data.draw(st.sampled_from(addresses))
    raw = good(
        mail_domain=domains[0],
        mail_hostname="mail.host.example",
        mail_accounts=data.draw(st.permutations(accounts)),
        mail_domains=[
            {"name": d, "catch_all": target} for d in data.draw(st.permutations(domains))
        ],
        mail_aliases=dict(data.draw(st.permutations([*bare.items(), *full.items()]))),
    )
    entries = virtual_aliases(site_of(raw))
    for address in addresses:
        assert resolved(entries, address) == {address}
    for name, leads_to in full.items():
        assert resolved(entries, name) == {leads_to}
    for (name, leads_to), domain in itertools.product(bare.items(), domains):
        assert resolved(entries, f"{name}@{domain}") == {leads_to}
    for domain in domains:
        assert resolved(entries, f"nobody@{domain}") == {target}


@given(st.permutations(good()["mail_accounts"]), st.permutations(good()["mail_domains"]))
def test_the_tables_do_not_depend_on_the_order_of_the_inventory(
    accounts: list[dict[str, Any]], domains: list[dict[str, Any]]
) -> None:
    assert postfix_maps(site_of(good(mail_accounts=accounts, mail_domains=domains))) == (
        postfix_maps(site_of(good()))
    )


def test_a_login_sends_as_its_own_addresses_and_those_that_lead_to_it() -> None:
    entries = sender_logins(site_of(good()))
    assert entries["alice@example.org"] == "alice@example.org"
    assert entries["sales@example.org"] == "alice@example.org"
    assert entries["abuse@example.net"] == "alice@example.org, carol@example.org"
    assert entries["dave@example.net"] == "dave@example.net"
    assert entries["@example.net"] == "carol@example.org"
    assert "@example.org" not in entries


def test_a_send_only_host_has_no_addresses_of_its_own() -> None:
    raw = send_only(mail_accounts=good()["mail_accounts"], mail_aliases=good()["mail_aliases"])
    found = tables(raw)
    for name in ("virtual_aliases", "virtual_mailboxes", "sender_logins"):
        assert found[name]["entries"] == {}
    assert "relay_credentials" not in found
    assert postfix_secret_maps(site_of(raw)) == {
        "relay_credentials": {"[mail.example.org]:587": "alice@example.org:fake"}
    }


def test_every_mailbox_is_listed_and_no_alias() -> None:
    assert tables(good())["virtual_mailboxes"]["entries"] == {
        "alice@example.org": "OK",
        "carol@example.org": "OK",
        "dave@example.net": "OK",
    }


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


def test_the_owner_of_a_catch_all_may_not_send_as_an_alias_that_leads_elsewhere() -> None:
    raw = good(mail_aliases={"boss@example.net": "boss@elsewhere.example", "root": "alice"})
    logins = sender_logins(site_of(raw))
    assert logins["boss@example.net"] == "boss@example.net"
    assert logins["@example.net"] == "carol@example.org"
