"""The filter probe_junit takes what mail_probe returned, and refuses anything else."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.filter import probe_junit
from ansible_collections.postern.mail.tests.unit.probe_samples import probes

FILTER = probe_junit.FilterModule().filters()["probe_junit"]


def test_the_broken_promise_is_told() -> None:
    assert "promise of relay_refused:smtp:plain" in str(FILTER(probes()))


def test_something_else_is_an_error_of_the_filter() -> None:
    for bad in (None, "text", {"mail": {"results": [{}]}}):
        with pytest.raises(AnsibleFilterError, match="probe_junit"):
            FILTER(bad)


def test_it_is_documented_under_its_name() -> None:
    assert yaml.safe_load(probe_junit.DOCUMENTATION)["name"] == "probe_junit"
