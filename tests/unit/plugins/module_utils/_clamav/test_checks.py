"""What ClamAV can't be told is refused with its place, all of it at once."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._clamav.checks import check
from ansible_collections.postern.mail.tests.unit.clamavs import LOCAL, options, told

KNOWN = {
    "settings": frozenset({"MaxThreads", "SelfCheck"}),
    "freshclam_settings": frozenset({"Checks", "ConnectTimeout"}),
}


def said(known: dict[str, frozenset[str]] | None = None, **changes: Any) -> list[str]:
    found = check(options(**changes), told(**changes), KNOWN if known is None else known)
    return [str(problem) for problem in found]


def test_the_defaults_are_fine() -> None:
    assert said() == []
    assert said(settings={"SelfCheck": "300"}, freshclam_settings={"ConnectTimeout": "9"}) == []


def test_a_setting_that_the_version_does_not_know_gets_the_nearest() -> None:
    assert said(settings={"SelfChek": "1"}, freshclam_settings={"Checks": "2"}) == [
        'settings.SelfChek: ClamAV has no such setting; did you mean "SelfCheck"?',
        "freshclam_settings.Checks: is set by this module; use the option that it has for it",
    ]


def test_before_the_installation_nobody_knows_the_names() -> None:
    assert said({}, settings={"Whatever": "1"}) == []


def test_numbers_that_scan_nothing_are_refused() -> None:
    assert said(threads=0, checks_per_day=51, stream_max_mib=500, scan_max_mib=400) == [
        "threads: 0 is too small; 1 or more",
        "checks_per_day: 51 is more than freshclam does; at most 50",
        "stream_max_mib: 500 is more than scan_max_mib, 400; no such file could be scanned whole",
    ]
    assert said(scan_max_mib=4096) == ["scan_max_mib: 4096 is more than ClamAV scans; at most 2047"]


def test_signatures_that_can_not_be_files_are_refused() -> None:
    bad = [
        LOCAL,
        LOCAL,
        {"name": "../etc/x.ndb", "content": "x"},
        {"name": "daily.cvd", "content": "x"},
        {"name": "empty.hdb", "content": " \n"},
    ]
    found = said(local_signatures=bad)
    assert found[:2] == [
        'local_signatures[1].name: "local.ndb" stands at local_signatures[0] already',
        'local_signatures[2].name: "../etc/x.ndb" is no name; write it like local.ndb',
    ]
    assert found[2].startswith('local_signatures[3].name: ".cvd" is no kind of signatures; choose')
    assert found[3:] == ["local_signatures[4].content: is empty"]


def test_a_value_stays_on_its_line() -> None:
    found = said(settings={"SelfCheck": "300\nUser root"})
    hint = "one line that begins with neither a blank nor a quote"
    assert found == [f"clamd.conf: SelfCheck: can't hold this value; {hint}"]


def test_a_login_at_a_proxy_is_whole() -> None:
    proxy = {"host": "p.example", "port": 3128, "username": "u"}
    incomplete = ["proxy: is incomplete; a login has a host, a username and a password"]
    assert said(proxy=proxy) == incomplete
    assert said(proxy_password="x") == incomplete
    assert said(proxy=proxy, proxy_password="x") == []


def test_freshclam_needs_a_server_and_members_have_names() -> None:
    assert said(mirrors=[], client_users=["a:b"], file_groups=["Mail group"]) == [
        'client_users[0]: "a:b" is no name of a UNIX user or group',
        'file_groups[0]: "Mail group" is no name of a UNIX user or group',
        "mirrors: is empty; name where signatures come from",
    ]
    assert said(mirrors=[], signatures_source="none") == []
