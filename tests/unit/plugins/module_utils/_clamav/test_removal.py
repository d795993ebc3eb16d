"""What was set up is taken back once; what somebody else has set up is not touched."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._clamav import removal as subject
from ansible_collections.postern.mail.plugins.module_utils._clamav.wanted import (
    CLAMD_CONF,
    PATH_UNIT,
    SERVICE_DROP_IN,
    signature_path,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.tests.unit.memory_host import MemoryHost


def test_units_stop_and_own_files_go_once(monkeypatch: pytest.MonkeyPatch) -> None:
    host = MemoryHost()
    paths = (SERVICE_DROP_IN, PATH_UNIT, CLAMD_CONF, signature_path("a.ndb"))
    host.files = {path: File(b"x") for path in paths}
    monkeypatch.setattr(subject, "read_files", lambda: dict(host.files))
    monkeypatch.setattr(subject, "apply", host.apply)
    monkeypatch.setattr(subject.service, "stop", lambda name: host.calls.append(f"stop {name}"))
    monkeypatch.setattr(subject.service, "read_units", lambda: host.calls.append("read"))
    subject.make_removal().apply()
    assert [path for path in paths if host.files[path]] == [CLAMD_CONF]
    # A masked unit can't be disabled: the masks go first. Our own unit goes with its file.
    assert host.calls[:2] == [f"stop {subject.service.PATH}", "read"]
    assert host.calls[2:] == [f"stop {name}" for name in subject.service.PACKAGED]
    again = subject.make_removal()
    assert not again.changed
    assert again.diff() == []


def test_a_clamav_set_up_by_hand_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "read_files", lambda: {CLAMD_CONF: File(b"by hand")})
    monkeypatch.delattr(subject, "apply")
    subject.make_removal().apply()
