"""Filter probe_table: what probes found, as a table for a terminal."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: probe_table
short_description: Show what probes found as a table
version_added: 0.1.0
author: The postern.mail project (@postern-mail)
description:
  - Kept promises of a kind share a line; a broken one says all that is known about it.
options:
  _input:
    description:
      - What M(postern.mail.mail_probe) returned, by the name of the host. A host may have a list
        of them. A single return value does as well.
    type: dict
    required: true
  width:
    description: Columns of the terminal.
    type: int
    default: 140
  every:
    description: Give every kept promise a line of its own.
    type: bool
    default: false
  ascii:
    description: Use nothing beyond ASCII.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show what was proven
  ansible.builtin.debug:
    msg: "{{ {'mail': probe} | postern.mail.probe_table(width=120) }}"
"""

RETURN = r"""
_value:
  description: The table.
  type: str
"""

from collections.abc import Callable

from ansible_collections.postern.mail.plugins.module_utils._probe.report import Report
from ansible_collections.postern.mail.plugins.module_utils._probe.report_text import table
from ansible_collections.postern.mail.plugins.plugin_utils.probe_reports import reported


@reported
def probe_table(report: Report, width: int = 140, every: bool = False, ascii: bool = False) -> str:
    """Return the table."""
    return table(report, width=int(width), every_line=every, ascii_only=ascii)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return the filters by name."""
        return {"probe_table": probe_table}
