"""Models for tests: a site that holds, to be changed in one place by each test."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.spec import check
from ansible_collections.postern.mail.plugins.module_utils._site.judge import judge_host
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.parse import parse_site
from ansible_collections.postern.mail.plugins.plugin_utils.specs import site_options

SHA512 = "$6$rounds=20000$" + "a" * 16 + "$" + "b" * 86
_GOOD: dict[str, Any] = {
    "mail_domain": "example.org",
    "mail_hostname": "mail.example.org",
    "mail_domains": [{"name": "example.org"}, {"name": "example.net", "catch_all": "carol"}],
    "mail_accounts": [
        {"name": "alice", "password": "fake-alice", "quota": "2GiB", "aliases": ["sales"]},
        {"name": "carol", "password_hash": SHA512},
        {"name": "dave", "domain": "example.net", "password": "fake-dave", "locked": True},
    ],
    "mail_aliases": {"root": "alice", "postmaster": "alice", "abuse": ["alice", "carol"]},
    "mail_trusted_networks": ["10.20.0.0/16"],
    "mail_openings": {"smtp": "everyone", "submission": "everyone", "imaps": "everyone"},
}
_SEND_ONLY: dict[str, Any] = {
    "mail_domain": "example.org",
    "mail_hostname": "web.example.org",
    "mail_store": "none",
    "mail_relay": {"host": "mail.example.org", "username": "alice@example.org", "password": "fake"},
}


def good(**changes: Any) -> dict[str, Any]:
    """Return a model that holds, with these variables in place of its own."""
    return {**copy.deepcopy(_GOOD), **changes}


def send_only(**changes: Any) -> dict[str, Any]:
    """Return the model of a host where no mail ends, with these variables in place of its own."""
    return {**copy.deepcopy(_SEND_ONLY), **changes}


def site_of(raw: dict[str, Any]) -> Site:
    """Return the site that these values say, which must have no problems."""
    model, problems = check(site_options(), raw)
    site, unread = parse_site(model)
    assert site is not None, unread
    assert not (problems + unread)
    return site


def problems_of(raw: dict[str, Any]) -> list[str]:
    """Return the problems of a model as text."""
    return sorted(str(problem) for problem in judge_host(site_options(), raw).problems)


def warnings_of(raw: dict[str, Any]) -> list[str]:
    """Return the warnings about a model as text."""
    verdict = judge_host(site_options(), raw)
    assert not verdict.problems
    return sorted(str(problem) for problem in verdict.warnings)
