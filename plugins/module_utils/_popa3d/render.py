"""Writing popa3d's units, PAM service and people of a session: equal models, equal files."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from .model import Popa3d

OWNED = "# Written by postern.mail; changes made here are undone.\n"
SPOOL = "/var/mail"
CHROOT = "/var/lib/popa3d"
PASSWD = "/etc/postern/accounts.passwd"  # noqa: S105 (a path)
PEOPLE = "/etc/postern/popa3d.people"
PROGRAM = "/usr/sbin/popa3d"

_GROUP = 65534  # nogroup: a mailbox is opened by its owner

# It begins as root, to become the reader; the connection is there already.
_SANDBOX = """\
CapabilityBoundingSet=CAP_SETGID CAP_SETUID CAP_SYS_CHROOT
LockPersonality=yes
MemoryDenyWriteExecute=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateNetwork=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectSystem=strict
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service chroot
SystemCallFilter=~@resources
TasksMax=4
"""


def render_socket(wanted: Popa3d) -> str:
    """Write the socket unit, which is where the limits are.

    Without a limit on triggers: a flood of connections would end the service for everybody.
    """
    listen = "".join(f"ListenStream={place}\n" for place in wanted.listen)
    return f"""{OWNED}[Unit]
Description=POP3 for mailboxes of UNIX users

[Socket]
{listen}Accept=yes
FreeBind=yes
KeepAlive=yes
MaxConnections={wanted.max_connections}
MaxConnectionsPerSource={wanted.max_connections_per_source}
TriggerLimitIntervalSec=0

[Install]
WantedBy=sockets.target
"""


def render_service(wanted: Popa3d) -> str:
    """Write the unit of one session.

    popa3d asks for a UNIX user with the name of the login, and opens the mailbox of that name. So
    a session sees user@domain as the name of each person, and nobody else, nor another mailbox.
    """
    binds = "".join(
        f"BindPaths=-{SPOOL}/{one.user}:{SPOOL}/{one.login}\n" for one in sorted(wanted.readers)
    )
    return f"""{OWNED}[Unit]
Description=POP3 session
Documentation=man:popa3d(8)
CollectMode=inactive-or-failed

[Service]
ExecStart={PROGRAM}
StandardInput=socket
StandardError=journal
# A login that failed.
SuccessExitStatus=1
BindReadOnlyPaths={PEOPLE}:/etc/passwd
TemporaryFileSystem={SPOOL}:ro
{binds}{_SANDBOX}"""


def render_people(wanted: Popa3d) -> str:
    """Write the users that a session knows: popa3d's own, and who may log in."""
    lines = []
    if wanted.server is not None:
        ids = f"{wanted.server.uid}:{wanted.server.gid}"
        lines.append(f"popa3d:x:{ids}::{CHROOT}:/usr/sbin/nologin")
    lines += [
        f"{one.login}:x:{one.uid}:{_GROUP}::/nonexistent:/usr/sbin/nologin"
        for one in sorted(wanted.readers)
    ]
    return "".join(f"{line}\n" for line in lines)


def render_pam() -> str:
    """Write the PAM service, in which the credentials decide and no password of UNIX does.

    A wrong password costs its session some seconds, and nobody else: each has a process.
    """
    return (
        f"{OWNED}"
        f"auth required pam_pwdfile.so pwdfile={PASSWD}\n"
        "account required pam_permit.so\n"
        "password required pam_deny.so\n"
        "session required pam_deny.so\n"
    )
