"""Shapes for Postfix: the services of master.cf that follow from the site."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_access import (
    ODD_SENDERS,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
    choices_of,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_filter import (
    filter_services,
    own_filter,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_maildirs import (
    maildir_services,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_routes import (
    route_services,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_screen import (
    screen_services,
)

_SERVER = {"type": "inet", "private": "n", "chroot": "y", "command": "smtpd"}

# Who submits logs in first, only over TLS, and sends under an address that is the login's own.
_SUBMISSION = {
    "smtpd_tls_security_level": "encrypt",
    "smtpd_sasl_auth_enable": "yes",
    "smtpd_client_restrictions": "permit_sasl_authenticated, reject",
    "smtpd_helo_restrictions": "",
    "smtpd_sender_restrictions": f"{ODD_SENDERS}, reject_sender_login_mismatch",
    "smtpd_relay_restrictions": "permit_sasl_authenticated, reject",
    "smtpd_client_auth_rate_limit": "30",  # a minute; who guesses keeps nobody else out
    "milter_macro_daemon_name": "ORIGINATING",
}

# Asked once for each message, when all its recipients are known.
LIMITED = "reject_unauth_pipelining, check_policy_service unix:run/postern/submission-limit"


def postfix_services(site: Site, arguments: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
    """Return what differs from Debian's master.cf on this host."""
    choices = choices_of(arguments, site.domain)
    submits = [name for name in ("submission", "submissions") if site.opening(name)]
    services = [_submission(name, choices) for name in submits]
    if submits and not site.opening("smtp"):
        services.append({"name": "smtp", "type": "inet", "enabled": False})
        services.append({"name": "127.0.0.1:smtp", **_SERVER})
    if site.store == "cyrus":
        # Cyrus' socket is outside the chroot. Postfix alone judges who has a mailbox: what it
        # accepted waits, and is not returned, until Cyrus has that mailbox too.
        options = {"soft_bounce": "yes"}
        services.append({"name": "lmtp", "type": "unix", "chroot": "n", "options": options})
    if site.store == "popa3d":
        # As above: it waits for the UNIX user to be made.
        services.append({"name": "local", "type": "unix", "options": {"soft_bounce": "yes"}})
    return [
        *services,
        *maildir_services(site, choices),
        *route_services(site, choices),
        *screen_services(site, choices),
        *filter_services(site, choices),
    ]


def _submission(name: str, choices: Choices) -> dict[str, Any]:
    options = {"syslog_name": f"postfix/{name}", **_SUBMISSION, **own_filter(choices)}
    if choices.limits_submission:
        options["smtpd_data_restrictions"] = LIMITED
    if name == "submissions":
        options["smtpd_tls_wrappermode"] = "yes"
    return {"name": name, **_SERVER, "options": options}
