"""What amavis is told follows from the site, and fits its module."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._amavis.model import amavis_of
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_amavis import amavis_policy
from ansible_collections.postern.mail.plugins.modules.amavis import SPEC
from ansible_collections.postern.mail.tests.unit.amavises import options
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of

BRANCH = {"name": "branch.example", "host": "mail.branch.example"}


def policy(**changes: Any) -> dict[str, Any]:
    return amavis_policy(site_of(good(**changes)))


def test_without_a_search_there_is_no_policy() -> None:
    assert policy() == {}
    assert policy(mail_filter={"warn_senders": "nobody"}) == {}


def test_the_sites_words_become_the_modules_options() -> None:
    found = policy(
        mail_relay_domains=[BRANCH],
        mail_filter={
            "virus": True,
            "spam": True,
            "attachments": {"policy": "allow_only", "types": ["pdf"]},
            "when_broken": "pass",
            "warn_recipients": False,
            "exemptions": [
                {"recipient": "carol", "found": ["virus", "spam"]},
                {"recipient": "example.net", "found": ["spam"]},
            ],
        },
    )
    assert found == {
        "hostname": "mail.example.org",
        "domain": "example.org",
        "domains": ["branch.example", "example.net", "example.org", "mail.example.org"],
        "networks": ["10.20.0.0/16"],
        "virusalert": "virusalert@example.org",
        "spam": True,
        "attachments": {"policy": "allow_only", "types": ["pdf"], "locked_archives": "stop"},
        "when_broken": "pass",
        "warn_recipients": False,
        "warn_senders": "own",
        "exempt": {
            "virus": ["carol@example.org"],
            "attachments": [],
            "spam": ["carol@example.org", "example.net"],
        },
    }
    assert {*found} <= {*SPEC}
    assert amavis_of(options(**found))[1] == []


def test_notices_are_written_in_the_name_of_a_domain_that_is_here() -> None:
    wanted = {"mail_filter": {"virus": True}}
    found = policy(mail_domain="example.com", mail_domains=[{"name": "example.net"}], **wanted)
    assert found["domain"] == "example.net"
    assert found["virusalert"] == "virusalert@example.net"
    assert amavis_policy(site_of(send_only(**wanted)))["domain"] == "example.org"
