"""The filter probe_account finds an account whose password the model knows."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.filter import probe_account
from ansible_collections.postern.mail.plugins.module_utils._core.spec import check
from ansible_collections.postern.mail.plugins.plugin_utils.specs import site_options
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only

FILTER = probe_account.FilterModule().filters()["probe_account"]


def test_the_first_account_with_a_password_is_returned() -> None:
    model = check(site_options(), good())[0]
    assert FILTER(model) == {"login": "alice@example.org", "password": "fake-alice"}


def test_a_host_without_accounts_has_none() -> None:
    assert FILTER(check(site_options(), send_only())[0]) is None
