"""Long tables in files of the controller: bring them to the host, and say there where they are."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action.normal import ActionModule as Normal
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child

SOURCES = "sources"
ENTRIES = "entries"  # may be long, and has no sources in it
Found = Iterator[tuple[str, Mapping[str, Any]]]


class TableFilesAction(Normal):
    """Runs the module of its name; each `file` of a table's sources is on the host by then.

    A task without such files is run as Ansible runs any module.
    """

    TRANSFERS_FILES = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the module's result; what was brought to the host goes with Ansible's own."""
        args = self._task.args
        found = [(where, source) for where, source in sources_in(args) if source.get("file")]
        if not found:
            return self._as_usual(tmp, task_vars)
        local, problems = self._local(found)
        if problems:
            return {"failed": True, "changed": False, "msg": report(problems)}
        try:
            self._task.args = with_paths(args, self._transferred(local))
            return self._as_usual(tmp, task_vars)
        finally:
            self._task.args = args

    def _as_usual(self, tmp: str | None, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)  # type: ignore[no-untyped-call]
        return result

    def _local(
        self, found: list[tuple[str, Mapping[str, Any]]]
    ) -> tuple[dict[str, str], list[Problem]]:
        """Return where each file is on the controller; a relative one is looked for as by copy."""
        paths: dict[str, str] = {}
        problems = []
        for where, source in found:
            name = str(source["file"])
            if source.get("path"):
                problems.append(Problem(where, "has both file and path", "keep one of them"))
                continue
            try:
                found_at = self._find_needle("files", name)  # type: ignore[no-untyped-call]
                paths[name] = self._loader.get_real_file(found_at)
            except AnsibleError as error:
                reason = str(error).partition("\n")[0]
                problems.append(Problem(child(where, "file"), f"can't be read: {reason}"))
        return paths, problems

    def _transferred(self, local: Mapping[str, str]) -> dict[str, str]:
        """Bring the files into Ansible's temporary folder of this task."""
        folder = self._connection._shell.tmpdir or self._make_tmp_path()
        remote = {
            name: self._connection._shell.join_path(folder, f"table-{number}")
            for number, name in enumerate(local)
        }
        for name, path in local.items():
            self._transfer_file(path, remote[name])  # type: ignore[no-untyped-call]
            self._loader.cleanup_tmp_file(path)
        self._fixup_perms2((folder, *remote.values()))  # type: ignore[no-untyped-call]
        return remote


def sources_in(args: object, where: str = "") -> Found:
    """Yield (place, source) for each entry of each list called `sources`."""
    if isinstance(args, Mapping):
        for key, value in args.items():
            if key == SOURCES and isinstance(value, (list, tuple)):
                for number, source in enumerate(value):
                    if isinstance(source, Mapping):
                        yield child(child(where, key), number), source
            elif key != ENTRIES and isinstance(value, (Mapping, list, tuple)):
                yield from sources_in(value, child(where, str(key)))
    elif isinstance(args, (list, tuple)):
        for number, value in enumerate(args):
            if isinstance(value, (Mapping, list, tuple)):
                yield from sources_in(value, child(where, number))


def with_paths(args: Any, paths: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Return arguments in which each source with a `file` has the host's `path` beside it."""
    if isinstance(args, Mapping):
        return {
            key: [_with_path(source, paths) for source in value]
            if key == SOURCES and isinstance(value, (list, tuple))
            else value
            if key == ENTRIES
            else with_paths(value, paths)
            for key, value in args.items()
        }
    if isinstance(args, (list, tuple)):
        return [with_paths(value, paths) for value in args]
    return args


def _with_path(source: Any, paths: Mapping[str, str]) -> Any:  # noqa: ANN401
    if isinstance(source, Mapping) and source.get("file"):
        return {**source, "path": paths[str(source["file"])]}
    return source
