"""Filter probe_promises: what must hold for a host, seen from outside, by the site's model."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: probe_promises
short_description: What must hold for a host, seen from outside
version_added: 0.1.0
author: The postern.mail project (@postern-mail)
description:
  - Derives from the site's model what a probe must find on this host, in the form that
    M(postern.mail.mail_probe) takes as its O(postern.mail.mail_probe#module:promises).
  - A host without openings promises nothing to the outside. A service that the probe cannot reach
    is left out, but its port must be closed.
  - The result may hold passwords of accounts in the model.
options:
  _input:
    description: The site's model, as P(postern.mail.site#lookup) returns it.
    type: dict
    required: true
  login:
    description: Account that logs in and sends. Without one, logins are not tried.
    type: str
    default: ""
  sender:
    description: Envelope sender of messages from outside. Empty is the null sender.
    type: str
    default: ""
  recipient:
    description: An address outside that the account sends to. Default is the account itself.
    type: str
    default: ""
  mailboxes:
    description: Where mail for O(recipient) is found.
    type: list
    elements: dict
    default: []
  store_mailboxes:
    description: Where mail for O(login) is found when this host keeps none.
    type: list
    elements: dict
    default: []
  journal_mailboxes:
    description: Where mail for the site's journal is found, when the model does not tell.
    type: list
    elements: dict
    default: []
  on_host:
    description: Return what is to be tried on the host itself instead.
    type: bool
    default: false
  local_user:
    description: A UNIX user of the host who may be sent a message, where such have mailboxes.
    type: str
    default: ""
  sendmail_mode:
    description: How Sendmail runs, V(queue) or V(daemon), when that does not follow from the site.
    type: str
    default: ""
  seen_as:
    description: Address that the probe comes from, to know which openings it may reach.
    type: str
    default: ""
  resolve_mx:
    description: Whether the MX is looked up, and mail sent to what it says.
    type: bool
    default: true
  days_left:
    description: How many days certificates must still be valid.
    type: int
    default: 14
  wait_seconds:
    description: How long a message may take.
    type: float
    default: 60
  closed:
    description: Ports that must be closed unless they are declared.
    type: list
    elements: str
    default: [well_known]
  ignored:
    description: Ports about which nothing is said.
    type: list
    elements: str
    default: ["22"]
"""

EXAMPLES = r"""
- name: Probe what the model promises
  postern.mail.mail_probe:
    server: "{{ mail_hostname }}"
    account: "{{ lookup('postern.mail.site') | postern.mail.probe_account }}"
    promises: >-
      {{ lookup('postern.mail.site') | postern.mail.probe_promises(login='alice@example.org') }}
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The promises.
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.module_utils._probe.promises import promises_of
from ansible_collections.postern.mail.plugins.module_utils._probe.wishes import Wishes
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.plugin_utils.site_filters import shaped


def probe_promises(raw: object, **wishes: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the promises of a host."""

    def shape(site: Site) -> list[dict[str, Any]]:
        return promises_of(site, Wishes(**wishes))

    try:
        promises: list[dict[str, Any]] = shaped(shape)(raw)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(f"probe_promises: {error}") from error
    return promises


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"probe_promises": probe_promises}
