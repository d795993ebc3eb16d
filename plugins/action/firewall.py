"""The firewall task seen from the controller: new rules stay only if it can connect anew."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import difflib
import time
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.plugins.connection import ConnectionBase
from ansible.utils.display import Display

MODULE = "postern.mail.firewall"
KEPT = "kept"
# After the rollback is due, the host gets this long to become reachable again.
PATIENCE_SECONDS = 60
PAUSE_SECONDS = 1

display = Display()


class ActionModule(ActionBase):
    """Run the module; where it puts rules on trial, ask for a new connection and confirm."""

    _supports_check_mode = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the module's result, as a failure where the host had to take rules back."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        result.update(self._execute_module(module_name=MODULE, task_vars=task_vars))
        trial = result.pop("trial", None)
        if trial is None or result.get("failed"):
            return result
        seconds = int(self._task.args.get("rollback_seconds", 30))
        end = self._confirm(trial, seconds + PATIENCE_SECONDS, task_vars)
        if end.get("verdict") == KEPT:
            return {**result, "verdict": KEPT}
        return {**result, **failure(end, seconds, changed_lines(result.get("diff") or []))}

    def _confirm(
        self, trial: Mapping[str, Any], limit_seconds: int, task_vars: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Ask the host over new connections until it answers how the trial ended."""
        deadline = time.monotonic() + limit_seconds
        args = {**self._task.args, "confirm": dict(trial)}
        last = ""
        while time.monotonic() < deadline:
            try:
                self._drop_connection()
                return dict(
                    self._execute_module(module_name=MODULE, module_args=args, task_vars=task_vars)
                )
            except AnsibleError as error:
                last = str(error)
                display.vv(f"No new connection yet: {last}")
                time.sleep(PAUSE_SECONDS)
        return {"verdict": "unreachable", "msg": last}

    def _drop_connection(self) -> None:
        """Give up the connection, a shared SSH master too: established ones outlive any rule."""
        if type(self._connection).reset is not ConnectionBase.reset:
            self._connection.reset()


def changed_lines(diff: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the lines that a diff adds and removes: Ansible shows no diff of a failed task."""
    return [
        line.expandtabs(2).strip()
        for part in diff
        for line in list(
            difflib.unified_diff(part["before"].splitlines(), part["after"].splitlines(), n=0)
        )[2:]
        if not line.startswith("@@")
    ]


def failure(end: Mapping[str, Any], seconds: int, change: list[str]) -> dict[str, Any]:
    """Say how the trial ended, what holds on the host now, and where to look."""
    verdict = end.get("verdict")
    if verdict == "rolled_back":
        now = "The previous rules are in force again (compared with the live table)."
        if not end.get("restored"):
            now = "The live table is NOT what it was before: look at the host's journal now."
        text = (
            "The new firewall rules cut the controller off: it could not make a new connection, "
            f"so the host took them back by itself after {seconds} seconds. {now}"
        )
    elif verdict == "lost":
        text = (
            "The host forgot that new firewall rules were on trial, as it does when it restarts. "
            "The rules of its last confirmed run are in force."
        )
    elif verdict == "unreachable":
        text = (
            "The host answers no new connection since the new firewall rules were tried, although "
            f"it was to take them back after {seconds} seconds. Last error: {end.get('msg')}"
        )
    else:
        return {"failed": True, "msg": end.get("msg", "the trial ended without a word")}
    hint = (
        "Look at firewall_extra_rules, firewall_ssh_ports and firewall_ssh_sources in the "
        "inventory, and at the host's own tables (nft list ruleset). The change was:"
    )
    lines = "\n".join([text, hint, *(f"  {line}" for line in change)])
    return {"failed": True, "changed": False, "verdict": verdict, "msg": lines}
