"""Filter probe_account: an account of the site that a probe can log in with."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: probe_account
short_description: An account that a probe can log in with
version_added: 0.1.0
author: The postern.mail project (@postern-mail)
description:
  - Returns login and password of the first account that isn't locked and whose password stands in
    the model in plain text, or nothing.
options:
  _input:
    description: The site's model, as P(postern.mail.site#lookup) returns it.
    type: dict
    required: true
  login:
    description: Take the account with this login.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Probe as an account of the site
  postern.mail.mail_probe:
    server: "{{ mail_hostname }}"
    account: "{{ lookup('postern.mail.site') | postern.mail.probe_account }}"
    promises:
      - promise: login
        services: [imaps]
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: A dictionary with login and password, or none.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._probe.promises import (
    probe_account as account_of,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.plugin_utils.site_filters import shaped


def probe_account(raw: object, login: str = "") -> dict[str, Any] | None:
    """Return an account of the site, or None."""

    def shape(site: Site) -> dict[str, Any] | None:
        return account_of(site, login)

    account: dict[str, Any] | None = shaped(shape)(raw)
    return account


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"probe_account": probe_account}
