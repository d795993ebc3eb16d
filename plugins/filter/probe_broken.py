"""Filter probe_broken: the promises that were broken, in sentences."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: probe_broken
short_description: The promises that were broken
version_added: 0.1.0
author: The postern.mail project (@postern-mail)
description:
  - A sentence for each promise that was broken, with its host and the reason.
  - When no promise was kept either, that is a sentence too; who proves nothing has not proven
    that all is well.
options:
  _input:
    description:
      - What M(postern.mail.mail_probe) returned, by the name of the host. A host may have a list
        of them. A single return value does as well.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Stop when a promise is broken
  ansible.builtin.assert:
    that: probe | postern.mail.probe_broken | length == 0
"""

RETURN = r"""
_value:
  description: The sentences.
  type: list
  elements: str
"""

from collections.abc import Callable

from ansible_collections.postern.mail.plugins.module_utils._probe.report import (
    Report,
    broken_sentences,
)
from ansible_collections.postern.mail.plugins.plugin_utils.probe_reports import reported


@reported
def probe_broken(report: Report) -> list[str]:
    """Return a sentence for each broken promise."""
    return broken_sentences(report)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        """Return the filters by name."""
        return {"probe_broken": probe_broken}
