"""Behaviour of the written files: deterministic, complete, nothing of yesterday."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import (
    Layout,
    parse_cyrus,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.render import (
    OWNED,
    render_drop_in,
    render_layout,
    render_settings,
)
from ansible_collections.postern.mail.tests.unit.cyrus_samples import arguments


def test_options_are_sorted() -> None:
    assert render_settings({"b": "2", "a": "1"}) == f"{OWNED}a: 1\nb: 2\n"


def test_a_section_without_entries_is_left_out() -> None:
    assert render_layout(Layout()) == OWNED


def test_a_whole_layout_reads_as_cyrus_wants_it() -> None:
    text = render_layout(parse_cyrus(arguments())[0].layout)
    assert text == (
        f"{OWNED}START {{\n"
        '  recover cmd="/usr/sbin/cyrus ctl_cyrusdb -r"\n'
        "}\n"
        "SERVICES {\n"
        '  admin cmd="imapd -U 30" listen="/run/admin"\n'
        '  imaps cmd="imapd -U 30" listen="192.0.2.10:943" maxchild="200"\n'
        '  lmtpunix cmd="lmtpd" listen="/run/lmtp"\n'
        '  pop3 cmd="pop3d -U 30" listen="110" maxchild="200"\n'
        "}\n"
        "EVENTS {\n"
        '  checkpoint cmd="ctl_cyrusdb -c" period="30"\n'
        "}\n"
    )


def test_cyrus_waits_for_the_hosts_addresses_at_boot() -> None:
    assert "After=network-online.target\n" in render_drop_in()
