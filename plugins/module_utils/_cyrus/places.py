"""Where the messages of a mailbox lie, and of all that belongs to it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.postern.mail.plugins.module_utils._core.commands import run

from .imap import Refusal
from .names import Names, encoded, folder_of, inbox

_MBPATH = "/usr/lib/cyrus/bin/mbpath"


def places_of(name: str, names: Names) -> dict[str, str]:
    """Return what belongs to a mailbox or shared folder, by how people call it."""
    if name in names.people:
        own = {folder: folder_of(name, folder) for folder in names.people[name]}
        return {"INBOX": inbox(name), **own}
    path, _at, domain = name.rpartition("@")
    below = {one for one in names.shared if one.startswith(f"{path}/")}
    return {one.rpartition("@")[0]: one for one in {name, *below} if one.endswith(f"@{domain}")}


def locate(places: Mapping[str, str]) -> dict[str, str]:
    """Ask Cyrus where the messages of mailboxes lie; return their folders under the same keys."""
    outcome = run([_MBPATH, "-7", *(encoded(place) for place in places.values())])
    folders = outcome.out.splitlines()
    if not outcome.ok or len(folders) != len(places):
        raise Refusal(f"mbpath: {outcome.words}")
    return dict(zip(places, folders, strict=True))
