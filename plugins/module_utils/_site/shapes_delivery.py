"""Shapes of what delivers to UNIX users: how each transfer agent starts it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site

_MAILDROP = "/usr/bin/maildrop"
_PROCMAIL = "/usr/bin/procmail"
# Sendmail starts them as root, and they become the user. `-t`: what procmail can't deliver waits,
# as with maildrop; without it such mail goes back to the sender.
_FROM_ROOT = {
    _PROCMAIL: "procmail -t -Y -a $h -d $u",
    _MAILDROP: "maildrop -d $u",
}
# Postfix has become the user before.
_COMMANDS = {"procmail": f'{_PROCMAIL} -t -a "$EXTENSION"', "maildrop": _MAILDROP}


def mailbox_command(site: Site) -> dict[str, str]:
    """Return Postfix's parameter; none where it delivers itself."""
    return {"mailbox_command": _COMMANDS[site.delivery]} if site.delivery in _COMMANDS else {}


def local_mailer(site: Site) -> dict[str, Any]:
    """Return Sendmail's feature: where nothing is asked for it takes procmail too."""
    program = store_program(site)
    return {"name": "local_procmail", "arguments": [program["path"], program["arguments"]]}


def store_program(site: Site) -> dict[str, str]:
    """Return what Sendmail's mailers for mailboxes of UNIX users start."""
    path = _MAILDROP if site.delivery == "maildrop" else _PROCMAIL
    return {"path": path, "arguments": _FROM_ROOT[path]}
