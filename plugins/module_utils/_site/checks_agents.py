"""Checks of what each transfer agent can do of what the site asks."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Finding,
    Findings,
    problem,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail_routes import (
    wrapped_ports,
)

_ONLY_SENDS = "nullmailer, which only sends"
_OTHER = "or set mail_transfer_agent: postfix"


def _nullmailer(site: Site) -> Findings:
    """Nullmailer hands everything to a smarthost: nothing arrives, and nothing ends there."""
    if site.transfer_agent != "nullmailer":
        return
    if site.relay is None and not site.send_only:
        what = f"is missing beside {_ONLY_SENDS}"
        yield problem("mail_relay", what, "name the host that takes its mail")
    if site.relay is not None and site.relay.tls == "opportunistic":
        # Where the server offers no TLS it gives mail up for good, in place of sending it anyway.
        what = "opportunistic is more than nullmailer can try"
        yield problem("mail_relay.tls", what, f"write verify or require, {_OTHER}")
    if site.store != "none":
        what = f"{site.store} gets no mail from {_ONLY_SENDS}"
        yield problem("mail_store", what, f"set mail_store: none, {_OTHER}")
    for name, domains in (
        ("mail_domains", site.domains),
        ("mail_relay_domains", site.relay_domains),
    ):
        if domains:
            yield problem(name, f"get no mail from {_ONLY_SENDS}", f"leave it out, {_OTHER}")
    for opening in site.openings:
        yield problem(
            opening.where, f"nothing answers there with {_ONLY_SENDS}", f"remove it, {_OTHER}"
        )
    if site.local_users != "none":
        what = f"{site.local_users} gets no mail from {_ONLY_SENDS}"
        yield problem("mail_local_users", what, f"leave it out, {_OTHER}")


def _journal(site: Site) -> Findings:
    if site.journal and site.transfer_agent != "postfix":
        what = f"{site.transfer_agent} can't keep a copy of every message"
        yield problem("mail_journal", what, f"leave it out, {_OTHER}")


def _wrapped(site: Site) -> Findings:
    if site.transfer_agent == "sendmail":
        for found in wrapped_ports(site):
            yield Finding(found, fatal=True)


AGENT_CHECKS = [_nullmailer, _journal, _wrapped]
