"""How many messages a host can search at a time, by its processors and its memory."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

# ClamAV with its own signatures, the agent and the store; a process of amavis with SpamAssassin.
_REST_MIB = 2048
_PROCESS_MIB = 160
_MOST = 30


def filter_concurrency(wanted: Mapping[str, Any], facts: Mapping[str, Any]) -> int:
    """Return the number for a host, 0 where mail is not searched.

    wanted: mail_filter; facts: processor_nproc, memtotal_mb (MiB). Raises ValueError for a number
    that the host's memory does not hold.
    """
    policy = (wanted.get("attachments") or {}).get("policy") or "allow_all"
    if not (wanted.get("virus") or wanted.get("spam") or policy != "allow_all"):
        return 0
    memory = int(facts.get("memtotal_mb") or 0)
    held = max(1, min(_MOST, (memory - _REST_MIB) // _PROCESS_MIB)) if memory else _MOST
    asked = int(wanted.get("concurrency") or 0)
    if asked > held:
        hint = f"at most {held} with its {memory} MiB"
        what = f"{asked} is more than this host holds"
        raise ValueError(str(Problem("mail_filter.concurrency", what, hint)))
    return asked or min(held, 2 * int(facts.get("processor_nproc") or 1))
