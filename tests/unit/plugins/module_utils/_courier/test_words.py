"""The names of settings: what both daemons share, and what is one's own."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._courier import words


def test_both_daemons_listen_and_each_has_its_own() -> None:
    assert {"PORT", "MAXPERIP"} <= words.IMAP & words.POP3
    assert "IMAP_ACL" in words.IMAP - words.POP3
    assert "POP3AUTH" in words.POP3 - words.IMAP
    assert "daemons" in words.AUTHDAEMON
