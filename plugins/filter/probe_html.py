"""Filter probe_html: what probes found, as a page."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: probe_html
short_description: Write what probes found as a web page
version_added: 0.1.0
author: The postern.mail project (@postern-mail)
description:
  - One self-contained page, for light and dark screens and for paper, without scripts.
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
  title:
    description: Title of the page.
    type: str
    default: Mail, proven from outside
"""

EXAMPLES = r"""
- name: Keep the report
  ansible.builtin.copy:
    content: "{{ {'mail': probe} | postern.mail.probe_html }}"
    dest: report/verify.html
    mode: "0644"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The page.
  type: str
"""

from collections.abc import Callable

from ansible_collections.postern.mail.plugins.module_utils._probe.report import Report
from ansible_collections.postern.mail.plugins.module_utils._probe.report_html import page
from ansible_collections.postern.mail.plugins.plugin_utils.probe_reports import reported


@reported
def probe_html(report: Report, made_at: str = "", title: str = "Mail, proven from outside") -> str:
    """Return the page."""
    return page(report, made_at=made_at, title=title)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return the filters by name."""
        return {"probe_html": probe_html}
