"""Shapes for Postfix: handing mail to the filter, and taking back what it has searched."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.milters import milter_parameters
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
)

HAND_OVER = "filter"
TAKE_BACK = "filtered"  # in the folder `public` of the queue, for the group postdrop
CLEAN_UP = "filtered-cleanup"
# What searches mail is reached by these: another value would lead past it, in silence. Each with
# what to do instead.
RESERVED = {
    "content_filter": "leave it out",
    "milter_default_action": "give each milter of your own a default_action in postfix_milters",
    "non_smtpd_milters": "give your own in postfix_milters",
    "receive_override_options": "leave it out",
    "smtpd_milters": "give your own in postfix_milters",
}
# Its size was judged when it came in; with the headers that searching adds it may be larger.
_ANY_SIZE = {"message_size_limit": "0"}

# What comes back was judged, counted and rewritten when it came in, or is written by the filter.
_TAKE_BACK = {
    "syslog_name": "postfix/filtered",
    "content_filter": "",
    "smtpd_milters": "",
    "receive_override_options": "no_header_body_checks, no_unknown_recipient_checks, no_milters",
    "smtpd_authorized_xforward_hosts": "127.0.0.0/8",
    "smtpd_tls_security_level": "none",
    "smtpd_client_restrictions": "",
    "smtpd_helo_restrictions": "",
    "smtpd_sender_restrictions": "",
    "smtpd_relay_restrictions": "permit_mynetworks, reject",
    "smtpd_recipient_restrictions": "permit_mynetworks, reject",
    "smtpd_data_restrictions": "",
    "smtpd_end_of_data_restrictions": "",
    "mynetworks": "127.0.0.0/8",
    "local_header_rewrite_clients": "",
    "smtpd_recipient_limit": "10000",
    "smtpd_client_connection_count_limit": "0",
    "smtpd_client_connection_rate_limit": "0",
    "smtpd_client_message_rate_limit": "0",
    "smtpd_client_recipient_rate_limit": "0",
    "smtpd_error_sleep_time": "0",
    "smtpd_soft_error_limit": "1001",
    "smtpd_hard_error_limit": "1000",
    "cleanup_service_name": CLEAN_UP,
    **_ANY_SIZE,
}


def filter_parameters(choices: Choices) -> dict[str, str]:
    """Return the parameters: addresses are rewritten, and copies made, when mail comes back."""
    way = choices.filter
    if way is None:
        return milter_parameters(choices.milters)
    if way.milter:
        milters = milter_parameters(choices.milters, f"unix:{way.milter}")
        # As long as the search of a large message may take, before it is accepted.
        return {**milters, "milter_default_action": "tempfail", "milter_content_timeout": "600s"}
    return {
        **milter_parameters(choices.milters),
        "content_filter": f"{HAND_OVER}:unix:{way.strangers}",
        "receive_override_options": "no_address_mappings",
        f"{HAND_OVER}_destination_concurrency_limit": str(way.concurrency),
        # One message comes back as one: in parts it would be copied and announced in parts.
        f"{HAND_OVER}_destination_recipient_limit": "1000",
    }


def filter_services(site: Site, choices: Choices) -> list[dict[str, Any]]:
    """Return the services that hand over and take back; no port leads past the filter."""
    way = choices.filter
    if way is None:
        return []
    back = {"name": TAKE_BACK, "type": "unix", "private": "n", "chroot": "y", "command": "smtpd"}
    # As Postfix's own service, which holds a message to the limit once more.
    clean = {**back, "name": CLEAN_UP, "maxproc": "0", "command": "cleanup"}
    services: list[dict[str, Any]] = [
        {**back, "options": dict(_TAKE_BACK)},
        {**clean, "options": {"syslog_name": "postfix/filtered", **_ANY_SIZE}},
    ]
    if way.milter:
        return services
    options = {
        "syslog_name": "postfix/filter",
        "lmtp_send_xforward_command": "yes",
        "lmtp_tls_security_level": "none",
        "lmtp_data_done_timeout": "900s",
        "lmtp_connection_cache_on_demand": "no",
    }
    over = {"name": HAND_OVER, "type": "unix", "chroot": "y", "command": "lmtp"}
    return [*services, {**over, "maxproc": str(way.concurrency), "options": options}]


def own_filter(choices: Choices) -> dict[str, str]:
    """Return the options of services at which people have logged in: the filter may tell them."""
    way = choices.filter
    if way is None or way.milter:
        return {}
    return {"content_filter": f"{HAND_OVER}:unix:{way.own}"}
