"""Load the collection's plugins once, before the first task, not once in each task's worker."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: preload
type: aggregate
short_description: Load this collection's plugins before the first task
description:
  - Ansible runs each task in a worker of its own, forked from the main process. Whatever plugin
    a worker needs it reads and compiles anew, unless the main process had loaded it before.
  - This callback has the main process load the filters, lookups and actions of postern.mail, and
    the description of the site model that they read.
    It prints nothing and changes nothing but the time that a run takes.
version_added: 0.1.0
author:
  - postern.mail contributors (@postern-mail)
requirements:
  - Name it in C(callbacks_enabled) of C(ansible.cfg).
"""

from pathlib import Path

from ansible.plugins.callback import CallbackBase
from ansible.plugins.loader import action_loader, filter_loader, lookup_loader
from ansible_collections.postern.mail.plugins.plugin_utils.specs import site_options

_PLUGINS = Path(__file__).resolve().parent.parent


class CallbackModule(CallbackBase):
    """Loads plugins when a playbook starts, and is silent from then on."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "postern.mail.preload"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook: object) -> None:
        """Load what the workers will find in place."""
        site_options()
        for name in _names("filter"):
            filter_loader.get(name)
        for loader, kind in ((lookup_loader, "lookup"), (action_loader, "action")):
            for name in _names(kind):
                loader.get(name, class_only=True)


def _names(kind: str) -> list[str]:
    return [f"postern.mail.{path.stem}" for path in sorted((_PLUGINS / kind).glob("[!_]*.py"))]
