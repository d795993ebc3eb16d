"""Writing what Courier reads: equal models give equal files."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ansible_collections.postern.mail.plugins.module_utils._accounts.passwd import Credential
from ansible_collections.postern.mail.plugins.module_utils._core.units import AFTER_NETWORK

from .mailboxes import Mailbox, home_of
from .model import Settings, Tree

OWNED = "# Written by postern.mail; changes made here are undone.\n"
MAILDIR = "Maildir"
_HASH = "systempw"
# What the start scripts read besides: TLS is the business of the wrapper in front.
NO_TLS = {
    "imapd-ssl": {"IMAPDSSLSTART": "NO", "IMAPDSTARTTLS": "NO", "IMAP_TLS_REQUIRED": "0"},
    "pop3d-ssl": {"POP3DSSLSTART": "NO", "POP3_STARTTLS": "NO", "POP3_TLS_REQUIRED": "0"},
}


def render_settings(settings: Settings) -> str:
    """Write a file of settings that a shell reads."""
    return OWNED + "".join(f'{name}="{value}"\n' for name, value in sorted(settings.items()))


def home(tree: Tree, name: str) -> str:
    """Return the folder of a mailbox, in which its Maildir is."""
    return f"{tree.folder}/{home_of(name)}"


def render_userdb(
    tree: Tree, mailboxes: Iterable[Mailbox], credentials: Mapping[str, Credential]
) -> str:
    """Write the logins with their hashes; who is locked has none, so that no password fits."""
    return "".join(
        _login(tree, mailbox.name, credentials.get(mailbox.name))
        for mailbox in sorted(mailboxes, key=lambda one: one.name)
    )


def _login(tree: Tree, name: str, credential: Credential | None) -> str:
    folder = home(tree, name)
    fields = {
        "uid": str(tree.owner_id),
        "gid": str(tree.owner_id),
        "home": folder,
        "mail": f"{folder}/{MAILDIR}",
    }
    return _line(name, fields, credential)


def _line(name: str, fields: Mapping[str, str], credential: Credential | None) -> str:
    known = {key: value for key, value in fields.items() if key != _HASH}
    if credential is not None and not credential.locked:
        known[_HASH] = credential.hash
    return f"{name}\t{'|'.join(f'{key}={value}' for key, value in known.items())}\n"


def with_hashes(
    present: Mapping[str, Mapping[str, str]],
    mailboxes: Iterable[Mailbox],
    credentials: Mapping[str, Credential],
) -> str:
    """Write the logins that stand already with the hashes of now, without those that shall go.

    Nobody is added, since a new mailbox may not be there yet.
    """
    wanted = {mailbox.name for mailbox in mailboxes}
    return "".join(
        _line(name, fields, credentials.get(name))
        for name, fields in present.items()
        if name in wanted
    )


def render_delivery() -> str:
    """Write maildrop's instructions: into the Maildir that it is told, or not at all.

    The dot makes maildrop refuse what is no Maildir, where it would make a file of that name.
    """
    return f'{OWNED}to "$1/."\n'


# systemd watches courierlogger, which goes on for as long as a session lives, and lets its daemon
# be a zombie until then: one that was killed would stay away for hours. So they end together.
# A session that has not logged in ignores SIGTERM.
_END_TOGETHER = (
    "TimeoutStopSec=5\n"
    "ExecStartPost=/bin/sh -c 'for i in $$(seq 50); do"
    ' daemon=$$(cut -d " " -f 1 /proc/$$MAINPID/task/$$MAINPID/children);'
    ' [ -z "$$daemon" ] || break; sleep 0.1; done; [ -n "$$daemon" ] || exit 0;'
    " { while grep -q . /proc/$$daemon/cmdline; do sleep 2; done; kill -KILL $$MAINPID; } &'\n"
)


def render_drop_in(*, private: bool) -> str:
    """Write what the packaged units lack: addresses at boot, and a new start after a crash.

    What a private one writes is its owner's alone; it is a daemon that keeps sessions.
    """
    return (f"{OWNED}{AFTER_NETWORK}\n[Service]\nRestart=always\nRestartSec=2\n") + (
        f"UMask=0077\n{_END_TOGETHER}" if private else ""
    )
