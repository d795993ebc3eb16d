"""A filter over the site model shapes a good model and refuses a bad one as a whole."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_network import (
    certificate_names,
    openings,
)
from ansible_collections.postern.mail.plugins.plugin_utils.site_filters import shaped
from ansible_collections.postern.mail.tests.unit.site_models import good


def test_a_good_model_is_shaped_with_and_without_arguments() -> None:
    assert shaped(certificate_names)(good()) == ["mail.example.org"]
    assert shaped(openings)(good(), "smtp")[0]["port"] == 25
    assert shaped(openings)(good(mail_openings={}), "smtp", "imaps") == []


def test_a_bad_model_is_refused_with_all_problems() -> None:
    raw = good(mail_hostname="mail", mail_trusted_networks=["x"])
    with pytest.raises(AnsibleFilterError) as refused:
        shaped(certificate_names)(raw)
    assert "2 problems, nothing was changed" in str(refused.value)
    assert 'mail_trusted_networks[0]: "x" is not a network' in str(refused.value)


@pytest.mark.parametrize("raw", [None, "text", [], {"mail_accounts": [1]}, {"mail_relay": "x"}])
def test_what_is_no_site_model_is_refused(raw: object) -> None:
    with pytest.raises(AnsibleFilterError):
        shaped(certificate_names)(raw)


def test_an_unknown_service_is_refused_in_words() -> None:
    with pytest.raises(AnsibleFilterError, match='"smpt" is not a service'):
        shaped(openings)(good(), "smpt")
