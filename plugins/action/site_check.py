"""Action behind postern.mail.site_check: judge all hosts' variables on the controller."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._site.checks_together import (
    judge_together,
)
from ansible_collections.postern.mail.plugins.module_utils._site.judge import (
    Verdict,
    gather,
    joined_names,
    judge_beside,
    judge_host,
    judge_roles,
    masked,
    secrets_of,
    unknown_names,
)
from ansible_collections.postern.mail.plugins.plugin_utils.list_files import ListFiles, read_lists
from ansible_collections.postern.mail.plugins.plugin_utils.origins import origin
from ansible_collections.postern.mail.plugins.plugin_utils.paths import (
    absolute_paths,
    inventory_folder,
)
from ansible_collections.postern.mail.plugins.plugin_utils.specs import role_options, site_options
from ansible_collections.postern.mail.plugins.plugin_utils.templates import templated

display = Display()
Variables = Mapping[str, Any]
Said = dict[str, list[Problem]]


class ActionModule(ActionBase):
    """Reads variables, says problems; has no connection and changes nothing."""

    BYPASS_HOST_LOOP = True  # one run judges all hosts of the play
    TRANSFERS_FILES = False
    _requires_connection = False
    _VALID_ARGS = frozenset(("asked", "joined"))

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Judge every host of the play, and fail with all problems at once."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        raw = self._raw_variables(task_vars or {})
        secrets: set[str] = set()
        files = ListFiles()
        verdicts = {host: self._judge(mine, secrets, files) for host, mine in raw.items()}
        problems: Said = {host: list(verdict.problems) for host, verdict in verdicts.items()}
        sites = {host: verdict.site for host, verdict in verdicts.items() if verdict.site}
        warnings: Said = {host: list(verdict.warnings) for host, verdict in verdicts.items()}
        for host, finding in judge_together(sites):
            (problems if finding.fatal else warnings)[host].append(finding.problem)
        for host, variables in raw.items():
            problems[host] += joined_names(self._task.args.get("joined", ()), variables)
        for warning in _one_list(warnings, raw, secrets):
            display.warning(str(warning))
        if any(problems.values()):
            return {**result, "failed": True, "msg": report(_one_list(problems, raw, secrets))}
        count = "1 host" if len(raw) == 1 else f"{len(raw)} hosts"
        return {**result, "changed": False, "msg": f"The model of {count} holds."}

    def _raw_variables(self, task_vars: Variables) -> dict[str, dict[str, Any]]:
        """Return each host's variables as written, with those of the play and the command line."""
        manager, play = self._task.get_variable_manager(), self._task.get_play()
        inventory = task_vars["hostvars"]._inventory
        return {
            name: manager.get_vars(play=play, host=inventory.get_host(name))
            for name in task_vars["ansible_play_hosts_all"]
        }

    def _judge(self, variables: dict[str, Any], secrets: set[str], files: ListFiles) -> Verdict:
        options, roles = site_options(), role_options()
        template = self._templar.copy_with_new_env(available_variables=variables).template
        unread: list[Problem] = []
        given = {
            name: templated(template, variables, variables[name], name, unread)
            for name in sorted(options.keys() & variables.keys())
        }
        of_roles: dict[str, Any] = {}
        for name in {name for role in roles.values() for name in role} & variables.keys():
            # What needs facts can't be read yet; the role itself checks it later.
            later: list[Problem] = []
            value = templated(template, variables, variables[name], name, later)
            if not later:
                of_roles[name] = value
        for rules, values in ((options, given), *((rules, of_roles) for rules in roles.values())):
            secrets.update(secrets_of(rules, values))
        given = absolute_paths(options, given, inventory_folder(variables))
        verdict = judge_host(options, given, unread, partial(read_lists, files=files))
        names = [name for name in variables if name not in self._task.args.get("asked", ())]
        others = [*unknown_names(options, roles, names), *judge_roles(roles, of_roles)]
        warnings = list(verdict.warnings)
        if verdict.site:
            problems, more = judge_beside(verdict.site, roles, of_roles)
            others, warnings = others + problems, warnings + more
        return Verdict((*verdict.problems, *others), tuple(warnings), verdict.site)


def _one_list(
    said: Mapping[str, Iterable[Problem]], raw: Mapping[str, Variables], secrets: set[str]
) -> list[Problem]:
    found = gather(said, lambda host, path: origin(raw[host], path))
    return [Problem(p.where, masked(p.what, secrets), masked(p.hint, secrets)) for p in found]
