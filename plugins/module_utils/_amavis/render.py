"""Writing amavis' configuration and the units around it: equal models, equal files."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence

from .model import Amavis
from .perl import render_settings
from .settings import CONTROL, WORK, settings_of

OWNED = "# Written by postern.mail; changes made here are undone.\n"
CONFIGURATION = "/etc/amavis/postern.conf"
PROGRAM = "/usr/sbin/amavisd"
MILTER_PROGRAM = "/usr/sbin/amavisd-milter"
MILTER = "milter"
QUARANTINE_PROGRAM = "/usr/local/sbin/postern-quarantine"

# What the filter opens comes from strangers: unpackers and all get nothing but the filter's own.
_SANDBOX = """LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
"""


def render_configuration(amavis: Amavis) -> str:
    """Write what amavis reads, and nothing else of what Debian ships."""
    return f"{OWNED}use strict;\nuse utf8;\n{render_settings(settings_of(amavis))}1;\n"


def render_drop_in(groups: Sequence[str]) -> str:
    """Write what differs from Debian's unit.

    Groups: whose sockets it uses. Its processes are ended soon: what they were busy with is still
    in the agent's queue.
    """
    return f"""{OWNED}[Service]
ExecStart=
ExecStart={PROGRAM} -c {CONFIGURATION} foreground
ExecReload=
ExecReload=/bin/kill -HUP $MAINPID
SupplementaryGroups={" ".join(sorted(groups))}
Restart=always
RestartSec=1
TimeoutStopSec=20
{_SANDBOX}"""


def render_folder(amavis: Amavis, group: str) -> str:
    """Write the folder of the sockets: what is made in it belongs to the agent's group."""
    return f"{OWNED}d {amavis.sockets} 2750 amavis {group} -\n"


def render_milter(amavis: Amavis) -> str:
    """Write the unit of the milter. Without amavis it tells the agent to try again later."""
    places = f"-s local:{amavis.sockets}/{MILTER} -S {CONTROL} -w {WORK}"
    # As many at a time as amavis has processes; who waits longer than two minutes comes again.
    limits = f"-m {amavis.concurrency} -M 120 -t 600 -T 600"
    return f"""{OWNED}[Unit]
Description=AMaViS as a milter
Documentation=man:amavisd-milter(8)
After=amavis.service
Requires=amavis.service

[Service]
User=amavis
Group=amavis
UMask=0007
ExecStart={MILTER_PROGRAM} -f {places} {limits}
Restart=always
RestartSec=1
CapabilityBoundingSet=
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=full
{_SANDBOX}
[Install]
WantedBy=multi-user.target
"""


def render_expiry(days: int) -> str:
    """Write the unit that removes from quarantine what has been there long enough."""
    return f"""{OWNED}[Unit]
Description=Remove from quarantine what is older than {days} days

[Service]
Type=oneshot
User=amavis
Group=amavis
ExecStart={QUARANTINE_PROGRAM} expire --days {days}
CapabilityBoundingSet=
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=full
{_SANDBOX}"""


def render_expiry_timer() -> str:
    """Write when that happens: once a day, also where the host was off at that time."""
    return f"""{OWNED}[Unit]
Description=Remove from quarantine what is old

[Timer]
OnCalendar=daily
RandomizedDelaySec=1h
Persistent=yes

[Install]
WantedBy=timers.target
"""


def render_filtered_socket(amavis: Amavis) -> str:
    """Write the socket that takes back what was searched, where the agent has none of its own."""
    return f"""{OWNED}[Unit]
Description=Take back mail that the filter has searched

[Socket]
ListenStream={amavis.filtered}
SocketUser=root
SocketGroup=amavis
SocketMode=0660
DirectoryMode=0755
RemoveOnStop=yes
Accept=yes
MaxConnections=256
TriggerLimitIntervalSec=0

[Install]
WantedBy=sockets.target
"""


def render_filtered_service(argv: Sequence[str]) -> str:
    """Write the unit of one message that comes back; it lasts until that is delivered or queued."""
    return f"""{OWNED}[Unit]
Description=Take back a message that the filter has searched
CollectMode=inactive-or-failed

[Service]
ExitType=cgroup
ExecStart=-{" ".join(argv)}
StandardInput=socket
StandardOutput=socket
StandardError=journal
PrivateTmp=yes
"""
