"""Rules in libwrap's own words: masks, brackets, and a last line that refuses."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers.model import parse_openings
from ansible_collections.postern.mail.plugins.module_utils._tcp_wrappers.render import render


def test_networks_have_masks_and_ipv6_has_brackets() -> None:
    openings = [
        {"name": "imaps", "sources": ["10.20.0.0/16", "192.0.2.7", "2001:db8::/32", "2001:db8::7"]},
        {"name": "sendmail", "sources": "everyone"},
    ]
    rules, problems = parse_openings(openings, ["198.51.100.1"])
    assert not problems
    assert render(rules) == (
        "# BEGIN postern.mail: what is changed in here is undone\n"
        "imaps: 127.0.0.0/255.0.0.0\n"
        "imaps: [::1]\n"
        "imaps: 198.51.100.1\n"
        "imaps: 10.20.0.0/255.255.0.0\n"
        "imaps: 192.0.2.7\n"
        "imaps: [2001:db8::]/32\n"
        "imaps: [2001:db8::7]\n"
        "imaps: ALL: DENY\n"
        "sendmail: ALL\n"
        "# END postern.mail\n"
    )


def test_without_rules_nothing_is_written() -> None:
    assert render(()) == ""
