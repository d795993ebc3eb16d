"""The filter probe_promises turns the model and a verifier's wishes into promises."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import fields

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.filter import probe_promises
from ansible_collections.postern.mail.plugins.module_utils._core.spec import check
from ansible_collections.postern.mail.plugins.module_utils._probe.wishes import Wishes
from ansible_collections.postern.mail.plugins.plugin_utils.specs import site_options
from ansible_collections.postern.mail.tests.unit.site_models import good

FILTER = probe_promises.FilterModule().filters()["probe_promises"]
MODEL = check(site_options(), good())[0]


def test_promises_follow_from_the_model() -> None:
    kinds = {promise["promise"] for promise in FILTER(MODEL, login="alice@example.org")}
    assert {"delivery", "relay_refused", "certificate", "ports", "banner"} <= kinds


def test_an_unknown_wish_or_address_is_an_error_of_the_filter() -> None:
    for wish in ({"logon": "alice"}, {"seen_as": "here"}):
        with pytest.raises(AnsibleFilterError, match=r"logon|here"):
            FILTER(MODEL, **wish)


def test_every_wish_is_documented() -> None:
    options = yaml.safe_load(probe_promises.DOCUMENTATION)["options"]
    assert set(options) - {"_input"} == {field.name for field in fields(Wishes)}
