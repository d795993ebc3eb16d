"""The files that let saslauthd answer from the credentials alone: PAM services and its unit."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass

OWNED = "# Written by postern.mail; changes made here are undone.\n"
PAM_FOLDER = "/etc/pam.d"
# Whatever a mail daemon calls itself: a service without a file would fall to system users.
PAM_SERVICES = ("csync", "http", "imap", "lmtp", "mupdate", "nntp", "pop", "sieve", "smtp")
PASSWD = "/etc/postern/accounts.passwd"  # noqa: S105 (a path)
UNIT = "/etc/systemd/system/saslauthd.service"
GROUP = "sasl"


@dataclass(frozen=True)
class Saslauthd:
    """How saslauthd runs: the folder of its socket, and how many ask at a time."""

    directory: str
    workers: int

    @property
    def socket(self) -> str:
        """Return the path of its socket."""
        return f"{self.directory}/mux"


def render_pam(passwd: str = PASSWD) -> str:
    """Write a PAM service in which the credentials decide and no system user is looked at.

    Without `nodelay` PAM would sleep inside saslauthd's few workers, and a stranger who guesses
    would keep everybody out; Postfix limits how often a client may try.
    """
    return (
        f"{OWNED}"
        f"auth required pam_pwdfile.so pwdfile={passwd} nodelay\n"
        "account required pam_permit.so\n"
        "password required pam_deny.so\n"
        "session required pam_deny.so\n"
    )


def render_unit(saslauthd: Saslauthd) -> str:
    """Write saslauthd's unit; the same on every release, it shadows the package's own.

    `-r` asks PAM for user@domain. There is no cache (`-c`): who is locked can't log in again.
    """
    folder = saslauthd.directory
    return f"""{OWNED}[Unit]
Description=SASL authentication daemon
Documentation=man:saslauthd(8)

[Service]
Type=forking
PIDFile={folder}/saslauthd.pid
ExecStartPre=/usr/bin/install -d -o root -g {GROUP} -m 0710 {folder}
ExecStart=/usr/sbin/saslauthd -a pam -r -m {folder} -n {saslauthd.workers}
Restart=on-failure
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=full
RestrictAddressFamilies=AF_UNIX

[Install]
WantedBy=multi-user.target
"""
