"""Closing an agent to mail from outside and opening it again; local programs still hand in mail."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import must
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._postfix.master import read_again

POSTFIX_SWITCH = "master_service_disable"
SENDMAIL_DAEMON = "postern-sendmail.service"


def is_open(agent: str) -> bool:
    """Whether anybody can hand in mail over the network, as far as the agent has a way to."""
    if agent == "postfix":
        return not run(["postconf", "-h", POSTFIX_SWITCH]).out.strip()
    if agent == "sendmail":
        return any(_enabled(unit) or _active(unit) for unit in _sendmail_daemons())
    return False


def close(agent: str) -> None:
    """Stop listening, also after a restart of the host; sessions that are underway end first."""
    if agent == "postfix":
        must(run(["postconf", "-e", f"{POSTFIX_SWITCH} = inet"]))
        _reload_postfix()
    if agent == "sendmail":
        for unit in _sendmail_daemons():
            must(run(["systemctl", "disable", "--quiet", "--now", unit]))


def reopen(agent: str) -> bool:
    """Listen again where `close` has stopped it; say whether there was anything to do."""
    if agent == "postfix" and not is_open(agent):
        must(run(["postconf", "-X", POSTFIX_SWITCH]))
        _reload_postfix()
        return True
    if agent == "sendmail" and not is_open(agent) and (daemons := _sendmail_daemons()):
        must(run(["systemctl", "enable", "--quiet", "--now", daemons[0]]))
        return True
    return False


def _sendmail_daemons() -> list[str]:
    """Return the unit that listens: this collection's own, or the packaged one."""
    own = Path("/etc/systemd/system", SENDMAIL_DAEMON)
    if own.exists():
        return [SENDMAIL_DAEMON]
    owned = Path("/etc/systemd/system/postern-sendmail-queue.service").exists()
    return [] if owned else ["sendmail.service"]


def _reload_postfix() -> None:
    if _active("postfix.service"):
        must(read_again())


def _active(unit: str) -> bool:
    return run(["systemctl", "is-active", "--quiet", unit]).ok


def _enabled(unit: str) -> bool:
    return run(["systemctl", "is-enabled", "--quiet", unit]).ok
