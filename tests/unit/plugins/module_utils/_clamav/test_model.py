"""What is not scanned whole is no clean message, and a login at a proxy is complete."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._clamav.model import replaced
from ansible_collections.postern.mail.tests.unit.clamavs import told


def test_what_exceeds_a_limit_is_a_finding() -> None:
    settings = dict(told(scan_max_mib=7, scan_max_seconds=3).clamd)
    assert settings["AlertExceedsMax"] == "yes"
    assert settings["MaxScanTime"] == "3000"
    # Were the limit of a file lower, one in a ZIP would be cut off and called clean.
    assert (settings["MaxScanSize"], settings["MaxFileSize"]) == ("7M", "7M")


def test_only_the_group_may_ask() -> None:
    settings = dict(told().clamd)
    assert (settings["LocalSocketGroup"], settings["LocalSocketMode"]) == ("clamav", "660")


def test_each_mirror_has_its_line_and_a_proxy_its_login() -> None:
    proxy = {"host": "proxy.example", "port": 3128, "username": "u"}
    settings = told(mirrors=["a.example", "b.example"], proxy=proxy, proxy_password="p").freshclam
    assert [value for name, value in settings if name == "DatabaseMirror"] == [
        "a.example",
        "b.example",
    ]
    assert settings[-4:] == (
        ("HTTPProxyServer", "proxy.example"),
        ("HTTPProxyPort", "3128"),
        ("HTTPProxyUsername", "u"),
        ("HTTPProxyPassword", "p"),
    )


def test_a_value_is_replaced_or_added_once() -> None:
    settings = replaced((("A", "1"), ("B", "2"), ("A", "3")), A="4", C="5")
    assert settings == (("B", "2"), ("A", "4"), ("C", "5"))
