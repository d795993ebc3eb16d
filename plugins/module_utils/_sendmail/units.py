"""Render what systemd needs around Sendmail: the hand-over, the runners, the daemon, the log."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File

SENDMAIL = "/usr/sbin/sendmail"
PACKAGED_UNIT = "sendmail.service"

HANDOVER = "postern-sendmail-handover.socket"
HANDOVER_INSTANCE = "postern-sendmail-handover@.service"
DAEMON = "postern-sendmail.service"
QUEUE = "postern-sendmail-queue.service"
SUBMIT = "postern-sendmail-submit.service"
LOG = "postern-sendmail-log.service"
LOG_TIMER = "postern-sendmail-log.timer"
# In the order in which they start; what is only started by others is not among them.
UNITS = (LOG_TIMER, HANDOVER, DAEMON, QUEUE, SUBMIT)

# Where the submission client hands mail over: `FILE PATH` in the arguments of its relay mailer.
HANDOVER_PATH = "/run/postern-sendmail/handover"
TMPFILES_PATH = "/etc/tmpfiles.d/postern-sendmail.conf"
# What Debian's own scripts read: nothing is theirs to start, by hand, at boot or from cron.
DEBIAN_PATH = "/etc/mail/sendmail.conf"
CRON_PATH = "/etc/cron.d/sendmail"

_FILES = (*UNITS, HANDOVER_INSTANCE, LOG)
_FOLDER = "/etc/systemd/system"
_HEADER = "# Written by postern.mail's module sendmail; what is changed here by hand is mended."
_INTERVAL = re.compile(r"(?:\d+[wdhms])+\Z")
_CLIENT_INTERVAL = "5m"


def unit_path(unit: str) -> str:
    """Return where a unit's file lies."""
    return f"{_FOLDER}/{unit}"


UNIT_PATHS = frozenset(unit_path(unit) for unit in _FILES)
OWNED = (*sorted(UNIT_PATHS), TMPFILES_PATH, DEBIAN_PATH, CRON_PATH)


@dataclass(frozen=True)
class TransactionLog:
    """A raw log of every SMTP dialogue: where, and how large it grows before it is turned over."""

    path: str
    size_mib: int


@dataclass(frozen=True)
class Services:
    """What runs: `queue` (nothing listens) or `daemon`, how often, and whether all is logged."""

    mode: str = "queue"
    queue_interval: str = "1h"
    log: TransactionLog | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """Return the units that run, in the order in which they start."""
        unwanted = {DAEMON} if self.mode == "queue" else set()
        unwanted |= set() if self.log else {LOG_TIMER}
        return tuple(unit for unit in UNITS if unit not in unwanted)


def logs_of(tmpfiles: bytes) -> tuple[str, ...]:
    """Return the logs that a host has by such a file, which `_tmpfiles` has rendered."""
    lines = tmpfiles.decode("utf-8", "surrogateescape").splitlines()
    paths = [line.split(" ")[1] for line in lines if line.startswith("f ")]
    return tuple(name for path in paths for name in (path, f"{path}.1"))


def is_interval(text: str) -> bool:
    """Say whether Sendmail reads this as a time: numbers with w, d, h, m or s."""
    return bool(_INTERVAL.match(text)) and any(digit in "123456789" for digit in text)


def render_units(services: Services) -> dict[str, File | None]:
    """Return every file around Sendmail that is owned; None where it shall be absent."""
    files: dict[str, File | None] = dict.fromkeys(OWNED)
    texts = {HANDOVER: _HANDOVER, HANDOVER_INSTANCE: _instance(services.log)}
    texts |= {QUEUE: _queue(services), SUBMIT: _SUBMIT}
    if services.mode == "daemon":
        texts[DAEMON] = _daemon(services.log)
    if services.log:
        texts |= {LOG: _turn_over(services.log), LOG_TIMER: _LOG_TIMER}
        files[TMPFILES_PATH] = _file(_tmpfiles(services.log))
    files |= {unit_path(unit): _file(text) for unit, text in texts.items()}
    files[DEBIAN_PATH] = _file(_DEBIAN)
    return files


def _file(text: str) -> File:
    return File(f"{_HEADER}\n{text}".encode())


def _unit(description: str, sections: str, bounds: Iterable[str] = (), wanted_by: str = "") -> str:
    install = f"\n[Install]\nWantedBy={wanted_by}\n" if wanted_by else ""
    lines = "".join(f"{line}\n" for line in bounds)
    return f"[Unit]\nDescription={description} (Sendmail)\n{sections}{lines}{install}"


# Delivery becomes each recipient in turn, binds no port below 1024 but the daemon's own, and
# writes below people's homes, wherever these are. Programs of people's .forward and .procmailrc run
# inside the same bounds, so what they may need stays: memory to compile into, all of /home.
_BOUNDS = (
    "NoNewPrivileges=yes",
    "LockPersonality=yes",
    "PrivateDevices=yes",
    "PrivateTmp=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectSystem=full",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "SystemCallArchitectures=native",
    "SystemCallErrorNumber=EPERM",
    "SystemCallFilter=@system-service",
)
_DELIVERS = (
    "CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_KILL"
    " CAP_NET_BIND_SERVICE CAP_SETGID CAP_SETUID",
    "UMask=0022",
    *_BOUNDS,
)
_HANDS_OVER = (
    "CapabilityBoundingSet=",
    "MemoryDenyWriteExecute=yes",
    "ProtectHome=yes",
    "UMask=0022",
    *_BOUNDS,
)

# Who is in the middle of a delivery finishes it, or the message would go out twice.
_ENDS = "KillMode=process\nRestart=on-failure\nRestartSec=5s\n"

# Sendmail calls a socket unsafe that others than root own or may replace. The default trigger
# limit, 200 calls in two seconds, would close the socket for good under a burst of mail.
_HANDOVER = _unit(
    "Take what local people send",
    f"""
[Socket]
ListenStream={HANDOVER_PATH}
SocketUser=root
SocketGroup=smmsp
SocketMode=0660
DirectoryMode=0755
RemoveOnStop=yes
Accept=yes
MaxConnections=256
Backlog=512
TriggerLimitIntervalSec=0
""",
    wanted_by="sockets.target",
)


def _instance(log: TransactionLog | None) -> str:
    """Return the unit of one session; it lasts until what it took is delivered or queued."""
    return _unit(
        "Take a message from local people",
        f"""CollectMode=inactive-or-failed

[Service]
ExitType=cgroup
ExecStart=-{SENDMAIL} -Am -bs{_logged(log)}
StandardInput=socket
StandardOutput=socket
StandardError=journal
""",
        _DELIVERS,
    )


def _daemon(log: TransactionLog | None) -> str:
    folder = "postern-sendmail-daemon"
    return _unit(
        "Receive mail",
        f"""After=network-online.target nss-lookup.target
Wants=network-online.target

[Service]
RuntimeDirectory={folder}
ExecStart={SENDMAIL} -Am -L sm-mta -bD -OPidFile=/run/{folder}/sendmail.pid{_logged(log)}
ExecReload=/bin/kill -HUP $MAINPID
{_ENDS}""",
        _DELIVERS,
        "multi-user.target",
    )


def _queue(services: Services) -> str:
    arguments = f"-Am -L sm-queue -q{services.queue_interval}{_logged(services.log)}"
    service = _runner("postern-sendmail-queue", arguments)
    after = "After=network-online.target nss-lookup.target\nWants=network-online.target\n"
    return _unit("Run the queue", f"{after}{service}", _DELIVERS, "multi-user.target")


def _runner(folder: str, arguments: str) -> str:
    pid_file = f"/run/{folder}/sendmail.pid"
    return f"""
[Service]
Type=forking
RuntimeDirectory={folder}
PIDFile={pid_file}
ExecStart={SENDMAIL} {arguments} -OPidFile={pid_file}
{_ENDS}"""


# What could not be handed over at once waits a few minutes, whatever the queue's own interval.
_SUBMIT = _unit(
    "Hand over what could not be handed over at once",
    _runner("postern-sendmail-submit", f"-Ac -L sm-msp-queue -q{_CLIENT_INTERVAL}")
    + "User=smmsp\nGroup=smmsp\n",
    _HANDS_OVER,
    "multi-user.target",
)


def _logged(log: TransactionLog | None) -> str:
    return f" -X {log.path}" if log else ""


def _turn_over(log: TransactionLog) -> str:
    """Return the unit that keeps one older log; Sendmail appends, so the file is emptied."""
    size = log.size_mib * 1048576
    steps = f'[ "$$(stat -c %%s {log.path})" -lt {size} ] || {{ cp -p {log.path} {log.path}.1'
    steps += f" && truncate -s 0 {log.path}; }}"
    start = f"\n[Service]\nType=oneshot\nExecStart=/bin/sh -c '{steps}'\n"
    return _unit("Bound the log of SMTP dialogues", start, (*_BOUNDS, "UMask=0077"))


_LOG_TIMER = _unit(
    "Bound the log of SMTP dialogues every minute",
    f"""
[Timer]
OnBootSec=1min
OnActiveSec=1min
OnUnitActiveSec=1min
AccuracySec=10s
Unit={LOG}
""",
    wanted_by="timers.target",
)


def _tmpfiles(log: TransactionLog) -> str:
    """Return what makes the log's file before Sendmail opens it, for root alone.

    The colons leave a folder as it is that is there already.
    """
    folder = log.path.rpartition("/")[0]
    return f"d {folder} :0750 :root :adm -\nf {log.path} 0600 root root -\n"


_DEBIAN = """DAEMON_MODE="None";
QUEUE_MODE="None";
MSP_MODE="None";
HANDS_OFF="Yes";
"""
