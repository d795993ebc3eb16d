"""The filter certificate_reasons takes what the role hands it, and refuses an unknown wish."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.filter import certificate_reasons

FILTER = certificate_reasons.FilterModule().filters()["certificate_reasons"]


def test_a_missing_certificate_is_a_reason() -> None:
    assert FILTER("", {"renew_days": 30}, {}) == ["there is no whole pair of key and certificate"]


def test_a_given_certificate_that_is_there_may_stay() -> None:
    assert FILTER("leaf\n", {"pems": ["leaf"]}, {}) == []


def test_an_unknown_wish_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="colour"):
        FILTER("leaf", {"colour": "blue"}, {})
