"""Files of long tables: found in arguments, brought to the host once, gone after."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.action.normal import ActionModule as Normal
from ansible_collections.postern.mail.plugins.plugin_utils.table_files import (
    TableFilesAction,
    sources_in,
    with_paths,
)

ARGS: dict[str, Any] = {
    "parameters": {"myhostname": "a"},
    "maps": [
        {"name": "a", "entries": {"sources": [{"file": "no"}]}},
        {"name": "b", "sources": [{"file": "one", "form": "keys"}, {"path": "/x", "form": "keys"}]},
    ],
    "tables": {"access": {"sources": [{"file": "two"}, "odd"]}},
}


class Action(TableFilesAction):
    """The action with a connection and a module that only note what they are asked."""

    def __init__(self, args: dict[str, Any], folder: Path) -> None:
        shell = SimpleNamespace(tmpdir=None, join_path=lambda *parts: "/".join(parts))
        self._connection = SimpleNamespace(_shell=shell)
        self._task = SimpleNamespace(args=args, async_val=0)
        self._loader = DataLoader()
        self.folder = folder
        self.sent: list[tuple[str, str]] = []
        self.opened: list[tuple[str, ...]] = []

    def _find_needle(self, dirname: str, needle: str) -> str:
        assert dirname == "files"
        path = self.folder / needle
        if not path.exists():
            raise AnsibleError(f"Could not find or access '{needle}'\nSearched in: many places")
        return str(path)

    def _make_tmp_path(self, remote_user: str | None = None) -> str:
        self._connection._shell.tmpdir = "/remote"
        return "/remote"

    def _transfer_file(self, local_path: str, remote_path: str) -> str:
        self.sent.append((Path(local_path).name, remote_path))
        return remote_path

    def _fixup_perms2(self, remote_paths: Any, *_more: Any) -> Any:
        self.opened.append(tuple(remote_paths))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Note the arguments with which a module is run."""
    found: list[Any] = []

    def run(action: Any, _tmp: Any = None, _task_vars: Any = None) -> dict[str, Any]:
        found.append(copy.deepcopy(action._task.args))
        if action._task.args.get("parameters") == "fail":
            raise AnsibleError("lost")
        return {"changed": True}

    monkeypatch.setattr(Normal, "run", run)
    return found


def test_sources_are_found_at_their_places_and_entries_are_left_alone() -> None:
    assert [(where, dict(source)) for where, source in sources_in(ARGS)] == [
        ("maps[1].sources[0]", {"file": "one", "form": "keys"}),
        ("maps[1].sources[1]", {"path": "/x", "form": "keys"}),
        ("tables.access.sources[0]", {"file": "two"}),
    ]


def test_only_sources_with_a_file_are_told_where_it_is_on_the_host() -> None:
    before = copy.deepcopy(ARGS)
    found = with_paths(ARGS, {"one": "/r/1", "two": "/r/2"})
    assert found["maps"][1]["sources"] == [
        {"file": "one", "form": "keys", "path": "/r/1"},
        {"path": "/x", "form": "keys"},
    ]
    assert found["tables"]["access"]["sources"] == [{"file": "two", "path": "/r/2"}, "odd"]
    assert found["maps"][0] == before["maps"][0]
    assert before == ARGS


def test_a_task_without_files_is_run_as_any_other(tmp_path: Path, seen: list[Any]) -> None:
    args = {"maps": [{"name": "a", "sources": [{"path": "/x", "form": "keys"}]}]}
    action = Action(args, tmp_path)
    assert action.run() == {"changed": True}
    assert seen == [args]
    assert (action.sent, action._connection._shell.tmpdir) == ([], None)


def test_each_file_is_brought_once_and_the_tasks_own_arguments_stay(
    tmp_path: Path, seen: list[Any]
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text("x\n")
    args = {**ARGS, "more": {"sources": [{"file": "one"}]}}
    action = Action(args, tmp_path)
    assert action.run() == {"changed": True}
    assert action.sent == [("one", "/remote/table-0"), ("two", "/remote/table-1")]
    assert action.opened == [("/remote", "/remote/table-0", "/remote/table-1")]
    assert seen[0]["more"] == {"sources": [{"file": "one", "path": "/remote/table-0"}]}
    assert action._task.args is args


def test_the_arguments_return_also_where_the_module_is_lost(
    tmp_path: Path, seen: list[Any]
) -> None:
    (tmp_path / "one").write_text("x\n")
    args = {"parameters": "fail", "sources": [{"file": "one"}]}
    action = Action(args, tmp_path)
    with pytest.raises(AnsibleError, match="lost"):
        action.run()
    assert len(seen) == 1
    assert action._task.args is args


def test_files_that_are_not_there_are_told_together_before_the_host_is_asked(
    tmp_path: Path, seen: list[Any]
) -> None:
    (tmp_path / "folder").mkdir()
    sources = [{"file": "none"}, {"file": "folder"}, {"file": "x", "path": "/x"}]
    action = Action({"maps": [{"name": "a", "sources": sources}]}, tmp_path)
    answer = action.run()
    assert (answer["failed"], answer["changed"]) == (True, False)
    assert answer["msg"].splitlines() == [
        "3 problems, nothing was changed:",
        "  maps[0].sources[0].file: can't be read: Could not find or access 'none'",
        "  maps[0].sources[1].file: can't be read: "
        f"Could not find or access '{tmp_path}/folder' on the Ansible Controller.",
        "  maps[0].sources[2]: has both file and path; keep one of them",
    ]
    assert (seen, action.sent) == ([], [])
