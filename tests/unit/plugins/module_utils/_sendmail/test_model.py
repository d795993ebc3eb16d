"""The model finds its own tables."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._sendmail.model import (
    Configuration,
    Mc,
    Table,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.units import Services


def test_a_table_is_found_by_its_name() -> None:
    access = Table("access", (b"From:x REJECT",))
    wanted = Configuration(Services(), Mc("a"), Mc("b"), tables=(access,))
    assert wanted.table("access") == access
    assert wanted.table("mailertable") is None


def test_entries_are_not_shown_by_accident() -> None:
    assert "hidden" not in repr(Table("authinfo", (b"x hidden",)))
