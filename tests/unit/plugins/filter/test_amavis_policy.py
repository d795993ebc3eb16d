"""The filter reads the site model, and refuses what is none."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.filter.amavis_policy import FilterModule
from ansible_collections.postern.mail.tests.unit.site_models import good

amavis_policy = FilterModule().filters()["amavis_policy"]


def test_a_site_that_wants_mail_searched_has_a_policy() -> None:
    assert amavis_policy(good(mail_filter={"spam": True}))["spam"] is True
    assert amavis_policy(good()) == {}


def test_what_is_no_site_model_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="is not a site model"):
        amavis_policy([])


def test_problems_of_the_filter_come_with_their_places() -> None:
    wanted = {"attachments": {"policy": "block", "types": [".exe"]}}
    with pytest.raises(AnsibleFilterError, match=r"mail_filter\.attachments\.types\[0\]"):
        amavis_policy(good(mail_filter=wanted))
