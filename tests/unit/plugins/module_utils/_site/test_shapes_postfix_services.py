"""Services of master.cf: nothing is open undeclared, and who submits logs in over TLS."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_services import (
    postfix_services,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of


def services(raw: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {service["name"]: service for service in postfix_services(site_of(raw))}


def test_a_send_only_host_has_debian_services_alone() -> None:
    assert services(send_only()) == {}


@pytest.mark.parametrize(("name", "wrapped"), [("submission", None), ("submissions", "yes")])
def test_who_submits_logs_in_over_tls_and_sends_as_himself(name: str, wrapped: str | None) -> None:
    options = services(good(mail_openings={"smtp": "everyone", name: "everyone"}))[name]["options"]
    assert options["smtpd_tls_security_level"] == "encrypt"
    assert options["smtpd_sasl_auth_enable"] == "yes"
    assert options["smtpd_relay_restrictions"] == "permit_sasl_authenticated, reject"
    assert options["smtpd_sender_restrictions"].endswith(", reject_sender_login_mismatch")
    assert options.get("smtpd_tls_wrappermode") == wrapped


def test_smtp_without_an_opening_answers_the_host_alone() -> None:
    found = services(good(mail_openings={"submission": "everyone"}))
    assert found["smtp"]["enabled"] is False
    assert "127.0.0.1:smtp" in found
    assert "submissions" not in found


def test_mail_for_cyrus_leaves_the_chroot_and_waits_for_a_mailbox_that_is_not_made_yet() -> None:
    lmtp = services(good())["lmtp"]
    assert lmtp["chroot"] == "n"
    assert lmtp["options"] == {"soft_bounce": "yes"}


def test_who_guesses_passwords_is_slowed_down() -> None:
    options = services(good(mail_openings={"submission": "everyone"}))["submission"]["options"]
    assert options["smtpd_client_auth_rate_limit"] == "30"


def test_postscreen_and_new_transports_come_with_what_asks_for_them() -> None:
    relay = {"host": "smart.example.com", "port": 465}
    raw = good(mail_relay=relay, mail_openings={"smtp": "everyone"})
    found = postfix_services(site_of(raw), ({"postscreen": {"enabled": True}},))
    assert {"wrapped", "postscreen", "dnsblog"} <= {
        name for one in found for name in (one["name"], one.get("command"))
    }


def test_a_message_is_counted_once_where_logins_have_a_limit() -> None:
    raw = good(mail_openings={"submission": "everyone"})
    [submission] = [
        one
        for one in postfix_services(site_of(raw), ({"limits_submission": True},))
        if one["name"] == "submission"
    ]
    assert submission["options"]["smtpd_data_restrictions"].endswith("submission-limit")
