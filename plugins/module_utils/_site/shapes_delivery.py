"""Shapes of what delivers to UNIX users: how each transfer agent starts it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site

_MAILDROP = "/usr/bin/maildrop"
_FROM_ROOT = "maildrop -d $u"  # it becomes the user
# Postfix has become the user before. What procmail can't deliver waits, as with maildrop.
_COMMANDS = {"procmail": '/usr/bin/procmail -t -a "$EXTENSION"', "maildrop": _MAILDROP}


def mailbox_command(site: Site) -> dict[str, str]:
    """Return Postfix's parameter; none where it delivers itself."""
    return {"mailbox_command": _COMMANDS[site.delivery]} if site.delivery in _COMMANDS else {}


def local_mailer(site: Site) -> dict[str, Any]:
    """Return Sendmail's feature: where nothing is asked for it takes procmail too."""
    if site.delivery == "maildrop":
        return {"name": "local_procmail", "arguments": [_MAILDROP, _FROM_ROOT]}
    return {"name": "local_procmail"}


def store_program(site: Site) -> dict[str, str]:
    """Return what differs in Sendmail's mailer for the mailboxes of popa3d, which is procmail."""
    if site.delivery == "maildrop":
        return {"path": _MAILDROP, "arguments": _FROM_ROOT}
    return {}
