"""The probe's own messages are known by their Message-ID, however old."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe.mailbox import (
    MARK,
    Maildir,
    is_stale,
    new_token,
)


def test_tokens_are_unique_and_bear_the_mark() -> None:
    tokens = {new_token() for _at in range(100)}
    assert len(tokens) == 100
    assert all(token.startswith(f"{MARK}.") for token in tokens)


def test_only_messages_of_a_probe_of_long_ago_are_stale() -> None:
    now = time.time()
    assert is_stale(f"Message-ID: <{new_token(now - 7200)}@x>", now)
    assert not is_stale(f"Message-ID: <{new_token(now - 60)}@x>", now)
    for other in ("<letter@x>", f"<{MARK}.nonsense@x>", "", MARK):
        assert not is_stale(other, now)


def test_a_folder_that_is_no_maildir_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no Maildir"):
        Maildir(tmp_path).find("x")


def test_a_token_in_the_body_is_not_the_probes_message(tmp_path: Path) -> None:
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1").write_text("Message-ID: <letter@x>\n\npostern-probe.1\n")
    assert Maildir(tmp_path).find("postern-probe.1") == []
