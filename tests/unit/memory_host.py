"""A host in memory for module tests: files that are read and applied without touching any."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan


class MemoryHost:
    """Files by path, and what was asked of daemons."""

    def __init__(self) -> None:
        self.files: dict[str, File | None] = {}
        self.calls: list[str] = []

    def read_present(self, paths: Iterable[str]) -> dict[str, File | None]:
        return {path: self.files.get(path) for path in paths}

    def apply(
        self,
        plan: Plan,
        accept: Callable[[], None] | None = None,
        undo: Callable[[], None] | None = None,
    ) -> None:
        before = dict(self.files)
        self.files.update({change.path: change.after for change in plan.changes})
        try:
            if accept is not None:
                accept()
        except BaseException:
            self.files = before
            if undo is not None:
                undo()
            raise

    def into(self, monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
        """Let a module that owns files and group members find this host."""
        monkeypatch.setattr(module, "read_present", self.read_present)
        monkeypatch.setattr(module, "apply", self.apply)
        monkeypatch.setattr(module, "plan_members", lambda _group, _users: Plan())
        monkeypatch.setattr(module, "add_members", lambda _group, _users: None)


def run_module(
    module: ModuleType, capsys: pytest.CaptureFixture[str], check: bool = False, **options: Any
) -> dict[str, Any]:
    """Run a module's main and return what it said."""
    with (
        patch_module_args({**options, "_ansible_check_mode": check}),
        pytest.raises(SystemExit),
    ):
        module.main()
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer
