"""The site's smarthost as nullmailer takes it, its password apart."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_nullmailer import (
    nullmailer_passwords,
    nullmailer_smarthosts,
)
from ansible_collections.postern.mail.tests.unit.site_models import (
    good,
    problems_of,
    send_only,
    site_of,
)

NAMED = {"host": "mail.example.org", "port": 25, "tls": "require"}


def test_a_login_is_told_with_its_password_apart() -> None:
    site = site_of(send_only())
    assert nullmailer_smarthosts(site) == [
        {"host": "mail.example.org", "port": 587, "tls": "verify", "username": "alice@example.org"}
    ]
    assert nullmailer_passwords(site) == {"mail.example.org:587": "fake"}


def test_a_server_that_trusts_the_host_needs_no_login() -> None:
    site = site_of(send_only(mail_relay=NAMED))
    assert nullmailer_smarthosts(site) == [NAMED]
    assert nullmailer_passwords(site) == {}


def test_a_site_without_a_smarthost_has_none() -> None:
    site = site_of(good())
    assert (nullmailer_smarthosts(site), nullmailer_passwords(site)) == ([], {})


def test_tls_that_is_only_tried_is_refused_by_check_and_shape() -> None:
    raw = send_only(mail_transfer_agent="nullmailer", mail_relay={**NAMED, "tls": "opportunistic"})
    assert [problem for problem in problems_of(raw) if "mail_relay.tls: opportunistic" in problem]
    with pytest.raises(ValueError, match="write require"):
        nullmailer_smarthosts(site_of(raw))
