"""The files around nullmailer: what shall stand, what stands, and the plan between them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Plan, make_plan
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .model import Nullmailer
from .render import AUTHORITIES, render

FOLDER = "/etc/nullmailer"
MAILNAME = "/etc/mailname"
REMOTES = f"{FOLDER}/remotes"
MASTER_COPY = "/etc/nullmailer/postern-remotes"
DROP_IN = "/etc/systemd/system/nullmailer.service.d/postern.conf"
TRUSTED_BY_HOST = "/etc/ssl/certs/ca-certificates.crt"

# Files that nullmailer reads too, and that are not in the model. Debian ignores "me".
_UNUSED = ("me", "bounceto", "doublebounceto", "bouncelines")

# An upgrade of Debian's package writes remotes anew from its own reading of it, which breaks a
# password with a colon, a bracket or a backslash in two, and starts the daemon after that.
# And after a first bounce, whose helpers' ends it takes for the sender's, nullmailer-send has no
# time-out any more: a smarthost that falls silent would hold up the queue until the next start.
_DROP_IN = f"""# Written by postern.mail, which mends what is changed here by hand.
[Service]
ExecStartPre=+/usr/bin/install --owner=mail --group=mail --mode=0600 {MASTER_COPY} {REMOTES}
RuntimeMaxSec=6h
"""

Files = Mapping[str, "File | None"]


def path_of(name: str) -> str:
    """Return where a control file is; the host's name is in a file that Debian shares."""
    return MAILNAME if name == "mailname" else f"{FOLDER}/{name}"


def wanted_files(wanted: Nullmailer, authorities: bytes) -> dict[str, File | None]:
    """Return every file that this collection owns around nullmailer."""
    texts = render(wanted)
    files: dict[str, File | None] = {path_of(name): None for name in _UNUSED}
    files |= {path_of(name): File(text.encode()) for name, text in texts.items()}
    remotes = File(texts["remotes"].encode(), 0o600, secret=True)
    files[REMOTES] = replace(remotes, owner="mail", group="mail")
    files[MASTER_COPY] = remotes
    files[AUTHORITIES] = File(authorities)
    files[DROP_IN] = File(_DROP_IN.encode())
    return files


def authorities_of(present: Files, paths: tuple[str, ...]) -> tuple[bytes, list[Problem]]:
    """Return the certificates of those files as one, and a problem for each that is not there."""
    parts = []
    problems = []
    for path in dict.fromkeys(paths):
        file = present.get(path)
        if file is None or b"-----BEGIN CERTIFICATE-----" not in file.content:
            hint = "smarthosts are verified with it"
            problems.append(Problem("ca_file", f"{path} holds no certificate", hint))
        else:
            parts.append(file.content.rstrip(b"\n") + b"\n")
    return b"".join(parts), problems


def plan_files(files: Files, present: Files) -> Plan:
    """Compare the files with the host's."""
    return make_plan(files, present)


def diff(plan: Plan) -> list[dict[str, str]]:
    """Return the plan's diff; of authorities it says how many there are."""
    changes = tuple(
        replace(change, before=_counted(change.before), after=_counted(change.after))
        if change.path == AUTHORITIES
        else change
        for change in plan.changes
    )
    return Plan(changes).diff()


def _counted(file: File | None) -> File | None:
    if file is None:
        return None
    count = file.content.count(b"-----BEGIN CERTIFICATE-----")
    return replace(file, content=f"({count} certificates)\n".encode())
