"""Filter probe_json: what probes found, as JSON."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: probe_json
short_description: Write what probes found as JSON
version_added: 0.1.0
author: The postern.mail project (@postern-mail)
description:
  - The whole report with its figures, for programs.
options:
  _input:
    description:
      - What M(postern.mail.mail_probe) returned, by the name of the host. A host may have a list
        of them. A single return value does as well.
    type: dict
    required: true
  made_at:
    description: When the probe was held, for the reader.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Keep the report
  ansible.builtin.copy:
    content: "{{ {'mail': probe} | postern.mail.probe_json }}"
    dest: report/verify.json
    mode: "0644"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The JSON text.
  type: str
"""

from collections.abc import Callable

from ansible_collections.postern.mail.plugins.module_utils._probe.report import Report
from ansible_collections.postern.mail.plugins.module_utils._probe.report_text import as_json
from ansible_collections.postern.mail.plugins.plugin_utils.probe_reports import reported


@reported
def probe_json(report: Report, made_at: str = "") -> str:
    """Return the JSON text."""
    return as_json(report, made_at=made_at)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return the filters by name."""
        return {"probe_json": probe_json}
