"""Checks of what delivers to UNIX users: only where UNIX users have mailboxes."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.findings import Findings, problem
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site

_ENDING = re.compile(r"[a-z0-9_-]{1,16}")
_LEAST_FIELD_BYTES = 1024
_MOST_ENDINGS = 200  # procmail reads lines of 2,048 bytes


def _mailboxes(site: Site) -> Findings:
    if site.delivery == "direct":
        return
    what = f"{site.delivery} delivers to UNIX users"
    if site.store in ("cyrus", "courier"):
        hint = f"leave it out: {site.store} alone writes to its mailboxes"
        yield problem("mail_delivery", f"{what}, and the mailboxes are those of {site.store}", hint)
    elif site.store == "none" and site.local_users == "none":
        hint = "set mail_local_users, or mail_store: popa3d, or leave it out"
        yield problem("mail_delivery", f"{what}, and none has a mailbox here", hint)


DELIVERY_CHECKS = [_mailboxes]


def check_delivery(site: Site, variables: Mapping[str, Any]) -> Findings:
    """Yield what is wrong with variables of the role procmail, and with those that it replaces."""
    if site.delivery != "direct" and variables.get("postfix_mailbox_command"):
        what = f"is not asked where mail_delivery is {site.delivery}"
        yield problem("postfix_mailbox_command", what, "leave one of them out")
    endings = variables.get("procmail_sanitize_endings", [])
    for number, ending in enumerate(endings):
        if not _ENDING.fullmatch(ending):
            hint = "small letters and digits, without the dot, such as exe"
            where = f"procmail_sanitize_endings[{number}]"
            yield problem(where, f'"{ending}" is no ending of a name', hint)
    if len(endings) > _MOST_ENDINGS:
        what = f"has {len(endings)} endings, at most {_MOST_ENDINGS}"
        yield problem("procmail_sanitize_endings", what, "leave out what nobody sends")
    given = variables.get("procmail_sanitize_field_bytes", _LEAST_FIELD_BYTES)
    if given < _LEAST_FIELD_BYTES:
        what = f"{given} would cut ordinary fields"
        yield problem("procmail_sanitize_field_bytes", what, f"{_LEAST_FIELD_BYTES} or more")
