"""Everything of Courier that stands in files, and which service has to start anew for which."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible_collections.postern.mail.plugins.module_utils._accounts.passwd import Credential
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan

from .model import Courier
from .render import (
    MAILDIR,
    NO_TLS,
    render_delivery,
    render_drop_in,
    render_settings,
    render_userdb,
)
from .shared import FOLDER, render_index, render_rights

ETC = "/etc/courier"
USERDB = f"{ETC}/userdb"
DELIVERY = f"{ETC}/postern-delivery"
SHARED_INDEX = f"{ETC}/postern-shared"
AUTHDAEMON_UNIT, IMAP_UNIT, POP_UNIT = (
    "courier-authdaemon.service",
    "courier-imap.service",
    "courier-pop.service",
)
_DROP_IN = "/etc/systemd/system/{}.d/postern.conf"

# Which files each service reads at its start alone.
READ_AT_START = {
    AUTHDAEMON_UNIT: {f"{ETC}/authdaemonrc"},
    IMAP_UNIT: {f"{ETC}/imapd", f"{ETC}/imapd-ssl"},
    POP_UNIT: {f"{ETC}/pop3d", f"{ETC}/pop3d-ssl"},
}
DROP_INS = {unit: _DROP_IN.format(unit) for unit in READ_AT_START}

Files = Mapping[str, "File | None"]


def wanted_files(courier: Courier, credentials: Mapping[str, Credential]) -> dict[str, File | None]:
    """Return root's files that shall stand."""
    tree = courier.tree
    files: dict[str, File | None] = {
        f"{ETC}/authdaemonrc": _settings(courier.authdaemon, "courier"),
        f"{ETC}/imapd": _settings(courier.imap),
        f"{ETC}/pop3d": _settings(courier.pop3),
        # maildrop takes instructions of the user's own alone.
        DELIVERY: File(render_delivery().encode(), 0o400, tree.owner, tree.owner),
        USERDB: userdb_file(render_userdb(tree, courier.mailboxes, credentials)),
        SHARED_INDEX: File(render_index(courier.shared, tree.folder, tree.owner_id).encode()),
    }
    files |= {f"{ETC}/{name}": _settings(settings) for name, settings in NO_TLS.items()}
    for unit, path in DROP_INS.items():
        files[path] = File(render_drop_in(private=unit != AUTHDAEMON_UNIT).encode())
    return files


def userdb_file(text: str) -> File:
    """Return the list of logins as a file."""
    return File(text.encode(), 0o600, secret=True)


def wanted_rights(
    courier: Courier, folders_within: Mapping[str, Sequence[str]]
) -> dict[str, File | None]:
    """Return the lists of rights in shared Maildirs; folders that people made there have them too.

    They lie among what is the owner's, so that root does not write them.
    """
    tree = courier.tree
    files: dict[str, File | None] = {}
    for one in courier.shared:
        rights = File(render_rights(one).encode(), 0o600, tree.owner, tree.owner)
        top = f"{tree.folder}/{FOLDER}/{one.name}/{MAILDIR}"
        for folder in (top, *(f"{top}/{name}" for name in folders_within.get(one.name, ()))):
            files[f"{folder}/courierimapacl"] = rights
    return files


def _settings(settings: Mapping[str, str], group: str = "root") -> File:
    return File(
        render_settings(settings).encode(), 0o640 if group != "root" else 0o644, group=group
    )


def to_restart(plan: Plan) -> set[str]:
    """Return the services that have to start anew for the new files."""
    return {
        unit for unit, paths in READ_AT_START.items() if plan.paths & (paths | {DROP_INS[unit]})
    }
