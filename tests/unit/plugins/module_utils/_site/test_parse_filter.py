"""What mail is searched for is read as it is written."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.model import Exemption, Filter
from ansible_collections.postern.mail.plugins.module_utils._site.parse import parse_site
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of


def read(**wanted: Any) -> Filter:
    return site_of(good(mail_filter=wanted)).filter


def test_without_a_word_nothing_is_searched() -> None:
    assert read() == Filter()
    assert not read().searches


@pytest.mark.parametrize(
    "wanted", [{"virus": True}, {"spam": True}, {"attachments": {"policy": "block"}}]
)
def test_one_word_is_enough_for_a_search(wanted: dict[str, Any]) -> None:
    assert read(**wanted).searches


def test_everything_that_is_said_is_kept() -> None:
    kept = read(
        virus=True,
        spam=True,
        attachments={"policy": "allow_only", "types": ["PDF", "txt"], "locked_archives": "pass"},
        when_broken="pass",
        warn_recipients=False,
        warn_senders="nobody",
    )
    assert kept == Filter(
        virus=True,
        spam=True,
        policy="allow_only",
        types=("pdf", "txt"),
        locked_archives="pass",
        when_broken="pass",
        warn_recipients=False,
        warn_senders="nobody",
    )


def test_an_exemption_is_for_an_address_or_a_domain() -> None:
    exemptions = [
        {"recipient": "Alice", "found": ["attachments", "virus"]},
        {"recipient": "info@Example.net", "found": ["spam"]},
        {"recipient": "Example.net", "found": ["spam"]},
    ]
    where = "mail_filter.exemptions"
    assert read(exemptions=exemptions).exemptions == (
        Exemption("alice@example.org", ("virus", "attachments"), f"{where}[0]"),
        Exemption("info@example.net", ("spam",), f"{where}[1]"),
        Exemption("example.net", ("spam",), f"{where}[2]"),
    )


def test_what_can_not_be_read_is_named_with_its_place() -> None:
    wanted = {
        "attachments": {"policy": "block", "types": ["exe", ".exe", "tar.gz", ""]},
        "exemptions": [
            {"recipient": "a b", "found": ["spam"]},
            {"recipient": "alice", "found": []},
        ],
    }
    _site, problems = parse_site(good(mail_filter=wanted))
    hint = "write it without the dot, like pdf"
    assert [str(problem) for problem in problems] == [
        f'mail_filter.attachments.types[1]: ".exe" is no ending of a file name; {hint}',
        f'mail_filter.attachments.types[2]: "tar.gz" is no ending of a file name; {hint}',
        f'mail_filter.attachments.types[3]: "" is no ending of a file name; {hint}',
        'mail_filter.exemptions[0].recipient: "a b" is not the name of an address;'
        " write it like alice or a@b.example",
        "mail_filter.exemptions[1].found: is empty, so it exempts from nothing;"
        " some of: virus, spam, attachments",
    ]
