"""The page stands alone, is well formed, and runs nothing that a server said."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from html.parser import HTMLParser

from ansible_collections.postern.mail.plugins.module_utils._probe.report import read_report
from ansible_collections.postern.mail.plugins.module_utils._probe.report_html import page
from ansible_collections.postern.mail.tests.unit.probe_samples import probes, result
from hypothesis import given
from hypothesis import strategies as st

VOID = {"meta", "input", "br"}


class Checker(HTMLParser):
    """Collects tags, text, and whether tags are closed in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def checked(html: str) -> Checker:
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []
    return checker


def test_the_page_needs_nothing_from_elsewhere() -> None:
    html = page(read_report(probes()), made_at="2026-11-23T05:00:00Z")
    found = checked(html)
    assert not {"script", "link", "img", "iframe"} & set(found.tags)
    assert all(address.startswith("#") for address in found.addresses)
    assert not re.search(r"https?://|url\(|@import", html)


def test_broken_promises_stand_at_the_top_and_lead_to_their_evidence() -> None:
    html = page(read_report(probes()))
    found = checked(html)
    (address,) = found.addresses
    assert f'id="{address[1:]}" open' in html
    assert "1 of 5 promises is broken" in found.text
    assert "accepted: 250 Ok" in found.text


@given(st.text(max_size=200))
def test_what_a_server_said_is_only_text(said: str) -> None:
    evil = f"<script>alert(1)</script>\"'&{said}"
    raw = result("banner:<b>", promise=evil, detail=evil, evidence=[evil], server=evil)
    found = checked(page(read_report({evil: {"results": [raw]}}), title=evil, made_at=evil))
    assert "script" not in found.tags
    assert "<script>alert(1)</script>" in found.text
