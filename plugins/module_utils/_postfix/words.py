"""The words of Postfix's SMTP access restrictions, for checking lists of them."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RESTRICTION_LISTS = frozenset(
    f"smtpd_{stage}_restrictions"
    for stage in (
        "client", "helo", "sender", "relay", "recipient", "data", "end_of_data", "etrn",
    )
)  # fmt: skip

# Words that stand alone.
RESTRICTIONS = _words(
    """
    defer defer_if_permit defer_if_reject permit reject
    defer_unauth_destination permit_auth_destination permit_inet_interfaces permit_mx_backup
    permit_mynetworks permit_naked_ip_address permit_sasl_authenticated permit_tls_all_clientcerts
    permit_tls_clientcerts reject_invalid_helo_hostname reject_invalid_hostname
    reject_multi_recipient_bounce reject_non_fqdn_helo_hostname reject_non_fqdn_hostname
    reject_non_fqdn_recipient reject_non_fqdn_sender reject_plaintext_session
    reject_authenticated_sender_login_mismatch reject_known_sender_login_mismatch
    reject_sender_login_mismatch reject_unauth_destination reject_unauth_pipelining
    reject_unauthenticated_sender_login_mismatch reject_unknown_address reject_unknown_client
    reject_unknown_client_hostname reject_unknown_forward_client_hostname
    reject_unknown_helo_hostname reject_unknown_hostname reject_unknown_recipient_domain
    reject_unknown_reverse_client_hostname reject_unknown_sender_domain reject_unlisted_recipient
    reject_unlisted_sender reject_unverified_recipient reject_unverified_sender warn_if_reject
    """
)

# Words that the next word belongs to: a table, a domain, seconds.
VALUED = _words(
    """
    check_ccert_access check_client_a_access check_client_access check_client_mx_access
    check_client_ns_access check_etrn_access check_helo_a_access check_helo_access
    check_helo_mx_access check_helo_ns_access check_policy_service check_recipient_a_access
    check_recipient_access check_recipient_mx_access check_recipient_ns_access
    check_reverse_client_hostname_a_access check_reverse_client_hostname_access
    check_reverse_client_hostname_mx_access check_reverse_client_hostname_ns_access
    check_sasl_access check_sender_a_access check_sender_access check_sender_mx_access
    check_sender_ns_access permit_dnswl_client permit_rhswl_client reject_maps_rbl reject_rbl_client
    reject_rhsbl_client reject_rhsbl_helo reject_rhsbl_recipient reject_rhsbl_reverse_client
    reject_rhsbl_sender sleep
    """
)
