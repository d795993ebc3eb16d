"""Addresses: nobody's mail is swallowed, and nobody sends as another."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_aliases import (
    SINK,
    alias_tables,
    local_aliases,
    sender_logins,
    virtual_aliases,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of
from hypothesis import given
from hypothesis import strategies as st


def tables(raw: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {table["name"]: table for table in alias_tables(site_of(raw), Choices())}


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


def test_a_login_sends_as_its_own_addresses_and_those_that_lead_to_it() -> None:
    entries = sender_logins(site_of(good()))
    assert entries["alice@example.org"] == "alice@example.org"
    assert entries["sales@example.org"] == "alice@example.org"
    assert entries["abuse@example.net"] == "alice@example.org, carol@example.org"
    assert entries["dave@example.net"] == "dave@example.net"
    assert entries["@example.net"] == "carol@example.org"
    assert "@example.org" not in entries


def test_the_owner_of_a_catch_all_may_not_send_as_an_alias_that_leads_elsewhere() -> None:
    raw = good(mail_aliases={"boss@example.net": "boss@elsewhere.example", "root": "alice"})
    logins = sender_logins(site_of(raw))
    assert logins["boss@example.net"] == "boss@example.net"
    assert logins["@example.net"] == "carol@example.org"


def test_sends_as_grants_addresses_but_never_a_colleagues() -> None:
    accounts = good()["mail_accounts"]
    accounts[0] |= {"sends_as": ["press@example.org", "@example.net"]}
    accounts[2] |= {"aliases": ["davy"]}
    raw = good(mail_accounts=accounts, mail_aliases={"root": "alice", "team": "carol"})
    logins = sender_logins(site_of(raw))
    assert logins["press@example.org"] == "alice@example.org"
    assert logins["@example.net"] == "alice@example.org, carol@example.org"
    assert logins["team@example.net"] == "alice@example.org, carol@example.org"
    assert logins["dave@example.net"] == "dave@example.net"
    assert logins["davy@example.net"] == "dave@example.net"
    assert logins["team@example.org"] == "carol@example.org"


def test_mail_for_one_recipient_is_thrown_away_for_him_alone() -> None:
    access = [
        {"recipient": "carol@example.org", "action": "discard"},
        {"recipient": "example.net", "action": "discard"},
        {"recipient": "dave@example.net", "action": "accept"},
    ]
    entries = virtual_aliases(site_of(good(mail_access=access)))
    assert entries["carol@example.org"] == SINK
    assert entries["@example.net"] == SINK
    assert entries["abuse@example.net"] == SINK
    assert entries["dave@example.net"] == "dave@example.net"
    assert entries["sales@example.org"] == "alice@example.org"


def test_what_a_host_that_only_sends_throws_away_leaves_it_neither() -> None:
    access = [{"recipient": "old@example.com", "action": "discard"}]
    assert virtual_aliases(site_of(send_only(mail_access=access))) == {"old@example.com": SINK}


def test_long_lists_add_to_aliases_and_to_senders_and_take_nobodys_mail() -> None:
    files = {"mail_alias_files": ["/lists/aliases.txt"]}
    blocked = {"kind": "recipient", "path": "/lists/old.txt", "action": "discard"}
    found = tables(good(**files, mail_access_files=[blocked]))
    domains = ["example.net", "example.org", "mail.example.org", "localhost"]
    source = {
        "file": "/lists/aliases.txt",
        "form": "aliases",
        "origin": "example.org",
        "domains": domains,
    }
    sink = {"file": "/lists/old.txt", "form": "keys", "value": SINK}
    assert found["virtual_aliases"]["sources"] == [source, sink]
    assert found["sender_logins"]["sources"] == [source]
    assert found["virtual_aliases"]["entries"]["alice@example.org"] == "alice@example.org"


def local(**changes: Any) -> dict[str, Any]:
    return send_only(mail_local_users="maildir", mail_relay={"host": "s.example.org"}, **changes)


def test_what_the_system_reports_reaches_who_reads_it_and_other_names_stay() -> None:
    entries = local_aliases(site_of(local(mail_aliases={"root": "ops", "web": "x@example.com"})))
    assert entries == {
        "abuse": "abuse@example.org",
        "postmaster": "postmaster@example.org",
        "root": "ops@example.org",
        "web": "x@example.com",
    }


def test_a_host_with_unix_users_knows_them_and_shows_the_sites_names_outside() -> None:
    found = tables(local())
    assert found["virtual_aliases"]["entries"]["root@web.example.org"] == "root@example.org"
    assert found["leaving"]["entries"] == {"@web.example.org": "@example.org"}
    assert found["local_aliases"]["entries"]["root"] == "root@example.org"


def test_a_mailbox_of_the_store_comes_before_a_unix_user_of_its_name() -> None:
    found = tables(good(mail_local_users="mbox"))
    assert found["virtual_aliases"]["entries"]["alice@mail.example.org"] == "alice@example.org"
    assert "dave@mail.example.org" not in found["virtual_aliases"]["entries"]
    assert found["leaving"]["entries"] == {}  # it can be written to as it is called
    assert "root" in found["local_aliases"]["entries"]
