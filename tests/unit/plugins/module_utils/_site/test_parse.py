"""Raw values become a model, or problems at their places, and nothing else."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.spec import check
from ansible_collections.postern.mail.plugins.module_utils._site.parse import parse_site
from ansible_collections.postern.mail.plugins.plugin_utils.specs import site_options
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of
from hypothesis import given
from hypothesis import strategies as st


def said(raw: dict[str, Any]) -> list[str]:
    return [str(problem) for problem in parse_site(raw)[1]]


def test_a_good_model_is_read_as_it_is_written() -> None:
    site = site_of(good())
    alice, _carol, dave = site.accounts
    assert (alice.address, alice.quota_kib, alice.aliases) == (
        "alice@example.org",
        2 * 1024**2,
        ("sales@example.org",),
    )
    assert (dave.address, dave.locked, dave.quota_kib) == ("dave@example.net", True, None)
    assert [domain.catch_all for domain in site.domains] == [None, "carol@example.org"]
    assert site.complete


def test_every_place_that_cannot_be_read_is_named() -> None:
    raw = good(
        mail_trusted_networks=["10.0.0.1/8", "10.0.0.0/8"],
        mail_tls={"names": ["webmail", "imap.example.org"]},
        mail_openings={"smtp": ["here"], "imaps": None, "pop3s": []},
        mail_relay={"host": "smart", "port": 0, "username": "a:b", "password": ""},
        mail_access=[{"client": "10.0.0.1/8", "action": "reject"}],
    )
    assert said(raw) == [
        'mail_trusted_networks[0]: "10.0.0.1/8" has host bits set; write it as 10.0.0.0/8',
        'mail_access[0].client: "10.0.0.1/8" has host bits set; write it as 10.0.0.0/8',
        'mail_relay.host: "smart" is not a full domain; write it like example.org',
        "mail_relay.port: 0 is not a port; give a number from 1 to 65535",
        "mail_relay.username: is empty or has a colon in it",
        "mail_relay.password: is empty",
        'mail_openings.smtp[0]: "here" is not a network; write it like 10.20.0.0/16',
        "mail_openings.imaps: is empty, not an opening; write everyone or a list of networks",
        "mail_openings.pop3s: is open to nobody; write everyone, networks, or leave it out",
        'mail_tls.names[0]: "webmail" is not a full domain; write it like example.org',
    ]


def test_a_lost_name_makes_the_model_incomplete() -> None:
    site, _problems = parse_site(good(mail_aliases={"no good": "alice"}))
    assert site is not None
    assert not site.complete


def test_without_its_names_there_is_no_model() -> None:
    site, problems = parse_site(good(mail_domain="nowhere"))
    assert site is None
    assert problems[0].where == "mail_domain"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*"abc", "name", "host", "domain", "client"]), inner)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(site_options())), ANYTHING))
def test_whatever_is_given_becomes_problems_and_never_an_exception(raw: dict[str, Any]) -> None:
    model, structural = check(site_options(), raw)
    site, problems = parse_site(model)
    assert site is not None or structural or problems
