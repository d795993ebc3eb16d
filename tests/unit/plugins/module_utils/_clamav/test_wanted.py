"""Which files shall stand, which leave, and which are another's."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._clamav import wanted as subject
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, make_plan
from ansible_collections.postern.mail.tests.unit.clamavs import told

LOCAL = subject.signature_path("local.ndb")
OLD = subject.signature_path("old.hdb")


def test_the_same_model_asks_for_nothing() -> None:
    files = subject.wanted_files(told(), [])
    assert not make_plan(subject.wanted_files(told(), files), files).changed


def test_a_signature_that_left_the_list_leaves_and_freshclams_stay() -> None:
    files = subject.wanted_files(told(), [LOCAL, OLD, "/var/lib/clamav/daily.cvd"])
    assert files[OLD] is None
    assert files[LOCAL] == File(b"Local.One:0:*:6576696c2d776f726d\n")
    assert "/var/lib/clamav/daily.cvd" not in files


def test_without_freshclam_it_is_masked_and_nothing_waits_for_it() -> None:
    files = subject.wanted_files(told(signatures_source="none"), [])
    assert files[subject.FRESHCLAM_UNIT] == File(b"")
    assert files[subject.PATH_UNIT] is None
    fetching = subject.wanted_files(told(), [])
    assert fetching[subject.FRESHCLAM_UNIT] is None
    assert fetching[subject.PATH_UNIT] is not None


def test_a_password_is_nobodys_to_read_and_not_shown() -> None:
    proxy = {"host": "p.example", "port": 1, "username": "u"}
    file = subject.wanted_files(told(proxy=proxy, proxy_password="x"), [])[subject.FRESHCLAM_CONF]
    assert file is not None
    assert (file.mode, file.secret) == (0o600, True)
    plain = subject.wanted_files(told(), [])[subject.FRESHCLAM_CONF]
    assert plain is not None
    assert (plain.mode, plain.secret) == (0o644, False)


def test_what_is_taken_back_is_ours_and_a_clamav_set_up_by_hand_is_not() -> None:
    present: subject.Files = {subject.SERVICE_DROP_IN: File(b"x"), OLD: File(b"y")}
    gone = subject.unwanted_files({**present, subject.CLAMD_CONF: File(b"z")})
    assert gone == dict.fromkeys([OLD, *subject.UNIT_FILES])
    assert subject.unwanted_files({OLD: File(b"y")}) == {}


def test_a_link_in_the_daemons_folder_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "DATABASES", str(tmp_path))
    secret = tmp_path / "secret"
    secret.write_text("root's", encoding="utf-8")
    (tmp_path / "postern-a.ndb").symlink_to(secret)
    (tmp_path / "postern-b.ndb").write_text("b", encoding="utf-8")
    os.mkfifo(tmp_path / "postern-c.ndb")
    read = subject.read_files()
    assert read[f"{tmp_path}/postern-a.ndb"] is None
    assert read[f"{tmp_path}/postern-c.ndb"] is None
    assert read[f"{tmp_path}/postern-b.ndb"] is not None
