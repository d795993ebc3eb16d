"""What belongs to each transfer agent: package, units, programs, spools, and traces left behind."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from .._sendmail.units import OWNED, TMPFILES_PATH, logs_of


@dataclass(frozen=True)
class Agent:
    """A transfer agent whose queue can be handed over.

    package: whose presence says that the agent is installed. units: globs, in the order in which
    they stop. programs: what its processes run, as the beginning of a path, or as the name by which
    they call themselves. submitters: what runs while somebody hands in a message. spools: folders
    whose files are mail. traces: what is left beside its packages' own files. companions: units
    that serve it alone, and stop after it. outlived: files of its packages that others have written
    anew, and still need.
    """

    name: str
    package: str
    units: tuple[str, ...]
    programs: tuple[str, ...]
    submitters: tuple[str, ...]
    spools: tuple[str, ...]
    traces: tuple[str, ...]
    companions: tuple[str, ...] = ()
    outlived: tuple[str, ...] = ()


# What counts submitted messages; the role of Postfix brings it.
_LIMIT = ("postern-submission-limit.socket", "postern-submission-limit.service")
POSTFIX = Agent(
    name="postfix",
    package="postfix",
    units=("postfix.service", "postfix@*.service"),
    programs=("/usr/lib/postfix/", "smtp", "lmtp", "local", "virtual", "pipe", "cleanup", "qmgr"),
    submitters=("/usr/sbin/postdrop", "/usr/sbin/sendmail", "postdrop", "sendmail"),
    spools=tuple(
        f"/var/spool/postfix/{queue}"
        for queue in ("maildrop", "incoming", "active", "deferred", "hold", "corrupt")
    ),
    traces=(
        "/etc/systemd/system/postfix.service.d",
        "/etc/systemd/system/postfix@.service.d",
        "/etc/systemd/system/postfix@-.service.d",
        *(f"/etc/systemd/system/{unit}" for unit in _LIMIT),
        "/usr/local/sbin/postern-submission-limit",
        "/var/spool/postfix/run",
    ),
    companions=_LIMIT,
)
SENDMAIL = Agent(
    name="sendmail",
    package="sendmail-bin",
    units=(
        "postern-sendmail-handover.socket",
        "postern-sendmail.service",
        "postern-sendmail-log.timer",
        "postern-sendmail-queue.service",
        "postern-sendmail-submit.service",
        "sendmail.service",
    ),
    programs=("/usr/libexec/sendmail/", "/usr/lib/sm.bin/", "sendmail"),
    submitters=(),
    spools=("/var/spool/mqueue", "/var/spool/mqueue-client"),
    # The unit that is masked for the packaged one's sake, and what Debian's scripts generate.
    traces=(
        *OWNED,
        "/etc/systemd/system/sendmail.service",
        "/etc/mail",
        "/etc/sasl2/Sendmail.conf",
        "/etc/pam.d/smtp.dpkg-dist",
        "/run/sendmail",
    ),
    # By it saslauthd knows whom to let in; without it, system users would be.
    outlived=("/etc/pam.d/smtp",),
)
NULLMAILER = Agent(
    name="nullmailer",
    package="nullmailer",
    units=("nullmailer.service",),
    programs=("/usr/sbin/nullmailer-send", "nullmailer-send"),
    submitters=(
        "/usr/sbin/nullmailer-queue",
        "/usr/bin/nullmailer-inject",
        "/usr/sbin/sendmail",
        "nullmailer-queue",
        "nullmailer-inject",
        "sendmail",
    ),
    spools=("/var/spool/nullmailer/queue", "/var/spool/nullmailer/failed"),
    traces=("/etc/nullmailer", "/etc/systemd/system/nullmailer.service.d"),
)


def logs(agent: Agent) -> tuple[str, ...]:
    """Return an agent's logs of dialogues, as long as its other traces say which they are."""
    if agent.name == "sendmail":
        with contextlib.suppress(FileNotFoundError):
            return logs_of(Path(TMPFILES_PATH).read_bytes())
    return ()


AGENTS = {agent.name: agent for agent in (POSTFIX, SENDMAIL, NULLMAILER)}

# Agents that may have come with Debian: package, its unit, and the folder whose files are mail.
# Their queues are not handed over; an empty one is none.
FOREIGN = {
    "courier-mta": ("courier.service", "/var/lib/courier/msgs"),
    "dma": ("", "/var/spool/dma"),
    "esmtp-run": ("", ""),
    "exim4-daemon-heavy": ("exim4.service", "/var/spool/exim4/input"),
    "exim4-daemon-light": ("exim4.service", "/var/spool/exim4/input"),
    "msmtp-mta": ("", ""),
    "opensmtpd": ("opensmtpd.service", "/var/spool/smtpd/queue"),
    "ssmtp": ("", ""),
}
