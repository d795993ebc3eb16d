"""Shapes for Postfix: delivery into Maildirs, with or without a quota."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.maildirs import NAME
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
)

# virtual(8), which is twice as fast, knows no quotas of Maildirs.
WITH_QUOTA = "maildir"


def maildir_parameters(site: Site, choices: Choices) -> dict[str, str]:
    """Return whose Maildirs are, and where."""
    maildirs = choices.maildirs
    if maildirs is None:
        return {}
    return {
        "virtual_mailbox_base": maildirs.folder,
        "virtual_uid_maps": f"static:{maildirs.owner_id}",
        "virtual_gid_maps": f"static:{maildirs.owner_id}",
        "virtual_minimum_uid": str(maildirs.owner_id),
        **({f"{WITH_QUOTA}_destination_recipient_limit": "1"} if _limited(site) else {}),
    }


def maildir_services(site: Site, choices: Choices) -> list[dict[str, Any]]:
    """Return the service for mailboxes with a quota; a full one is tried again, as exit 75 says."""
    maildirs = choices.maildirs
    if maildirs is None or not _limited(site):
        return []
    program, *rest = maildirs.command
    words = [
        "flags=DORXhu",
        f"user={maildirs.owner}:{maildirs.owner}",
        f"argv={program}",
        *rest,
        f"{maildirs.folder}/$domain/$user/{NAME}",
    ]
    columns = {"private": "-", "unpriv": "n", "chroot": "n"}
    return [{"name": WITH_QUOTA, "type": "unix", **columns, "command": "pipe", "arguments": words}]


def quota_transports(site: Site, choices: Choices) -> dict[str, str]:
    """Return the mailboxes that virtual(8) can't deliver to: no other name reaches the command."""
    if choices.maildirs is None:
        return {}
    return dict.fromkeys(_limited(site), f"{WITH_QUOTA}:")


def _limited(site: Site) -> list[str]:
    return sorted(a.address for a in site.mailboxes if a.quota_kib is not None)
