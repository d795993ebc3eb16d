"""Shapes for logins and mailboxes: who may log in, and which mailboxes there are."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site


def account_entries(site: Site) -> list[dict[str, Any]]:
    """Return the logins of this host, each with its password or hash; secret."""
    return [
        {
            "name": account.address,
            **({"password": account.password} if account.password is not None else {}),
            **({"password_hash": account.password_hash} if account.password_hash else {}),
            "locked": account.locked,
        }
        for account in site.mailboxes
    ]


def courier_mailboxes(site: Site) -> list[dict[str, Any]]:
    """Return the Maildirs of this host with their quotas."""
    return cyrus_mailboxes(site)


def cyrus_mailboxes(site: Site) -> list[dict[str, Any]]:
    """Return the mailboxes of this host with their quotas, and what they were called before."""
    return [
        {
            "name": account.address,
            "quota_kib": account.quota_kib,
            **({"renamed_from": account.formerly} if account.formerly else {}),
        }
        for account in site.mailboxes
    ]
