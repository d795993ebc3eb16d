"""The drop-ins bring a killed master back, each on the release whose unit runs it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._postfix.units import (
    DROP_IN_PATHS,
    PACKAGED_FOLDER,
    drop_ins,
)

OUTER = "/etc/systemd/system/postfix.service.d/postern.conf"
INSTANCE = "/etc/systemd/system/postfix@-.service.d/postern.conf"


def test_the_packaged_units_start_postfix_again() -> None:
    files = drop_ins(PACKAGED_FOLDER)
    assert set(files) == DROP_IN_PATHS == {OUTER, INSTANCE}
    assert all(b"Restart=on-failure" in file.content for file in files.values())


def test_only_the_instance_is_told_its_main_process() -> None:
    files = drop_ins(PACKAGED_FOLDER)
    assert b"PIDFile=" in files[INSTANCE].content
    assert b"PIDFile=" not in files[OUTER].content  # on Debian 12 nothing runs there


def test_another_instance_has_units_of_its_own() -> None:
    assert drop_ins("/etc/postfix-out") == {}
