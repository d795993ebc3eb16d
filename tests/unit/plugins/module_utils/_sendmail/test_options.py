"""Every table and list has its option, and secrets stand at the top."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._sendmail.options import (
    LISTS,
    OPTIONS,
    TABLES,
)


def test_tables_and_lists_have_their_options() -> None:
    assert tuple(OPTIONS["tables"]["options"]) == TABLES
    assert tuple(OPTIONS["lists"]["options"]) == LISTS
    assert "authinfo" not in OPTIONS["tables"]["options"]
    assert OPTIONS["authinfo"]["no_log"] is True
