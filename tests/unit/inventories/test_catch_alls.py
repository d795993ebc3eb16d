"""What the site check lets through, no catch-all swallows, however the inventory is ordered.

The inventory is drawn, judged, shuffled and shaped into Postfix's table, which is then asked as
Postfix asks it; what comes out is held against what the inventory says.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_maps import (
    postfix_maps,
)
from ansible_collections.postern.mail.plugins.module_utils._site.ways import (
    all_ways,
    declarations,
    ends_of,
)
from ansible_collections.postern.mail.tests.unit.site_models import problems_of, site_of
from hypothesis import given, settings
from hypothesis import strategies as st

DOMAINS = ["a.example", "b.example", "c.example"]
NAMES = [f"n{number}" for number in range(14)]
OUTSIDE = "friend@elsewhere.example"


def virtual_aliases(site: Site) -> dict[str, str]:
    entries = next(t["entries"] for t in postfix_maps(site) if t["name"] == "virtual_aliases")
    return dict(entries)


def asked(entries: dict[str, str], address: str) -> set[str]:
    """Look up the address, then its domain, and again for each result, as Postfix does."""
    ends, ahead, seen = set(), [address], set()
    while ahead:
        name = ahead.pop()
        found = entries.get(name) or entries.get(f"@{name.partition('@')[2]}") or name
        for target in found.split(", "):
            if target == name:
                ends.add(name)
            elif target not in seen:
                seen.add(target)
                ahead.append(target)
    return ends


@st.composite
def inventories(draw: st.DrawFn) -> dict[str, Any]:
    """Return a model that holds: every name once, targets that were declared before."""
    domains = draw(st.lists(st.sampled_from(DOMAINS), unique=True, min_size=1))
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=4))
    cut = draw(st.integers(1, len(names) - 1))
    accounts: list[dict[str, Any]] = [
        {"name": name, "domain": draw(st.sampled_from(domains)), "password": "x"}
        for name in names[:cut]
    ]
    addresses = [f"{account['name']}@{account['domain']}" for account in accounts]
    known = [*addresses, OUTSIDE]
    aliases: dict[str, Any] = {}
    for name in names[cut:]:
        domain = draw(st.sampled_from(domains))
        kind = draw(st.sampled_from(["bare", "full", "own"]))
        if kind == "own":
            draw(st.sampled_from(accounts)).setdefault("aliases", []).append(f"{name}@{domain}")
        else:
            targets = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
            aliases[name if kind == "bare" else f"{name}@{domain}"] = targets
        known.append(f"{name}@{domain}")
    required = {name: draw(st.sampled_from(addresses)) for name in ("root", "postmaster", "abuse")}
    if draw(st.booleans()):
        accounts[0]["backup"] = True
    catch_all = st.none() | st.sampled_from(known)
    entries = [{"name": name, "catch_all": draw(catch_all)} for name in domains]
    everything = [*aliases.items(), *required.items()]
    return {
        "mail_domain": domains[0],
        "mail_hostname": "mail.host.example",
        "mail_domains": draw(st.permutations(entries)),
        "mail_accounts": draw(st.permutations(accounts)),
        "mail_aliases": dict(draw(st.permutations(everything))),
        "mail_backup": "archive@elsewhere.example",
        "mail_local_users": draw(st.sampled_from(["none", "mbox"])),
        "mail_openings": {"smtp": "everyone"},
    }


@given(inventories())
@settings(max_examples=300, deadline=None)
def test_no_catch_all_swallows_an_account_an_alias_or_a_required_address(
    raw: dict[str, Any],
) -> None:
    assert problems_of(raw) == []
    site = site_of(raw)
    entries, ways = virtual_aliases(site), all_ways(site)
    for account in site.accounts:
        assert asked(entries, account.address) == {account.address}
    for address, _where in declarations(site):
        assert asked(entries, address) == ends_of(address, ways)
    for domain in site.domains:
        for name in ("postmaster", "abuse"):
            reader = raw["mail_aliases"][name]
            assert asked(entries, f"{name}@{domain.name}") == {reader}
        stranger = f"nobody@{domain.name}"
        caught = ends_of(domain.catch_all, ways) if domain.catch_all else {stranger}
        assert asked(entries, stranger) == caught


@given(inventories(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_table_is_the_same_however_the_inventory_is_ordered(
    raw: dict[str, Any], random: Any
) -> None:
    shuffled: dict[str, Any] = {}
    for name, value in random.sample(sorted(raw.items()), len(raw)):
        if isinstance(value, list):
            shuffled[name] = random.sample(value, len(value))
        elif isinstance(value, dict):
            shuffled[name] = dict(random.sample(sorted(value.items()), len(value)))
        else:
            shuffled[name] = value
    assert virtual_aliases(site_of(shuffled)) == virtual_aliases(site_of(raw))
