"""Everything of accounts that stands in files: one map of path to file, and its diff."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.postern.mail.plugins.module_utils._core.plan import (
    MASK,
    MASK_CHANGED,
    File,
    Plan,
)

from .model import Accounts
from .passwd import Credential, parse_passwd, render_passwd, show_passwd
from .render import (
    PAM_FOLDER,
    PAM_SERVICES,
    PASSWD,
    UNIT,
    Saslauthd,
    render_pam,
    render_unit,
)

Files = Mapping[str, "File | None"]


@dataclass(frozen=True)
class Wanted:
    """What shall be: the plan that brings it, the seals to keep, and who may log in then."""

    plan: Plan
    seals: Plan
    enabled: frozenset[str]


def paths(accounts: Accounts) -> list[str]:
    """Return every path that the module owns."""
    pam = [f"{PAM_FOLDER}/{service}" for service in PAM_SERVICES]
    secrets = [machine.secret_file for machine in accounts.machine_accounts]
    return [PASSWD, UNIT, *pam, *secrets]


def text_of(present: Files, path: str) -> str:
    """Return a present file's text, empty where there is none."""
    file = present.get(path)
    return file.content.decode("utf-8", "surrogateescape") if file else ""


def wanted_files(
    accounts: Accounts,
    secrets: Mapping[str, str],
    credentials: Mapping[str, Credential],
    saslauthd: Saslauthd,
) -> dict[str, File | None]:
    """Return the files that shall stand."""
    files: dict[str, File | None] = {
        PASSWD: File(render_passwd(credentials).encode(), 0o600, secret=True),
        UNIT: File(render_unit(saslauthd).encode()),
    }
    for service in PAM_SERVICES:
        files[f"{PAM_FOLDER}/{service}"] = File(render_pam().encode())
    for machine in accounts.machine_accounts:
        secret = f"{secrets[machine.name]}\n".encode()
        files[machine.secret_file] = File(secret, 0o600, secret=True)
    return files


def diff(plan: Plan) -> list[dict[str, str]]:
    """Return the plan's diff, in which the credentials are names and never hashes."""
    return [
        _show_passwd(plan, entry) if entry["after_header"] == PASSWD else entry
        for entry in plan.diff()
    ]


def _show_passwd(plan: Plan, entry: dict[str, str]) -> dict[str, str]:
    change = next(change for change in plan.changes if change.path == PASSWD)
    before = parse_passwd(text_of({PASSWD: change.before}, PASSWD))
    after = parse_passwd(text_of({PASSWD: change.after}, PASSWD))
    if before == after:
        return entry
    new = show_passwd(after, before, "new password")
    return {
        **entry,
        "before": entry["before"].replace(MASK, show_passwd(before, after, "old password")),
        "after": entry["after"].replace(MASK, new).replace(MASK_CHANGED, new),
    }
