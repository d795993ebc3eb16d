"""Checks of what popa3d can do of what the site asks: POP3, and mailboxes of UNIX users."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Findings,
    problem,
    warning,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site

_USER = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")
# Users that every Debian has; others of the system are seen on the host alone.
_SYSTEM = (
    *("_apt", "backup", "bin", "daemon", "games", "irc", "list", "lp", "mail", "man", "messagebus"),
    *("news", "nobody", "popa3d", "postfix", "proxy", "root", "saslauth", "sshd", "stunnel4"),
    *("sync", "sys", "systemd-network", "uucp", "www-data"),
)
_FEW = 200  # each session has a mount for every mailbox


def _speaks(site: Site) -> Findings:
    if site.store != "popa3d":
        return
    for name in ("imap", "imaps", "sieve"):
        if opening := site.opening(name):
            what = "popa3d speaks POP3 alone"
            hint = "leave it out and open pop3s, or set mail_store: courier or cyrus"
            yield problem(opening.where, what, hint)
    if site.local_users == "maildir":
        what = "maildir is where popa3d finds no mail: it reads /var/mail/NAME alone"
        yield problem("mail_local_users", what, "write mbox, or set mail_store: courier")


def _quotas(site: Site) -> Findings:
    for account in site.accounts if site.store == "popa3d" else ():
        if account.quota_kib is not None:
            what = "popa3d keeps no quotas"
            hint = "leave it out, or set mail_store: courier or cyrus"
            yield problem(f"{account.where}.quota", what, hint)


def _renamed(site: Site) -> Findings:
    """Refuse a new name: whose mailbox it is follows from the UNIX user's, which nobody changes."""
    for account in site.accounts if site.store == "popa3d" else ():
        if account.formerly and account.formerly.rpartition("@")[0] != account.name:
            what = f'"{account.formerly}" is another UNIX user, whose mailbox stays its own'
            hint = "rename user and mailbox on the host, with usermod and mv, and leave this out"
            yield problem(f"{account.where}.formerly", what, hint)


def _users(site: Site) -> Findings:
    """Refuse who can't be a UNIX user of this host, each with a mailbox of their own."""
    if site.store != "popa3d":
        return
    first: dict[str, tuple[str, str]] = {}
    for account in site.accounts:
        where = f"{account.where}.name"
        if not _USER.fullmatch(account.name):
            hint = "letters, digits, dots, - and _, a letter first, at most 32"
            yield problem(where, f'"{account.name}" can\'t be a UNIX user', hint)
        if account.name in _SYSTEM:
            what = f'"{account.name}" is a user of the system, whose mail popa3d does not open'
            yield problem(where, what, "give the account another name, and this one as an alias")
        address, place = first.setdefault(account.name, (account.address, where))
        if address != account.address:
            what = f'"{account.name}" is the UNIX user of {address} already'
            hint = f"first at {place}; one of them needs another name"
            yield problem(where, what, hint)
    if len(site.accounts) > _FEW:
        what = f"popa3d is for a few people, not for {len(site.accounts)}"
        yield warning("mail_store", what, "set mail_store: cyrus")


POPA3D_CHECKS = [_speaks, _quotas, _renamed, _users]
