"""A filter over what probes found gets a report, or says under its own name what it was given."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.module_utils._probe.report import Report
from ansible_collections.postern.mail.plugins.plugin_utils.probe_reports import reported
from ansible_collections.postern.mail.tests.unit.probe_samples import probes


@reported
def hosts(report: Report, join: str = " ", limit: int = 10) -> str:
    """Return the names of the hosts."""
    if limit < 1:
        raise ValueError(f'"{limit}" is no number of hosts')
    return join.join(section.host for section in report.sections[:limit])


def test_the_shape_gets_a_report_and_its_arguments_by_place_or_name() -> None:
    everyone = hosts(probes()).split(" ")
    assert everyone
    assert hosts(probes(), ",") == ",".join(everyone)
    assert hosts(probes(), limit=1) == everyone[0]


@pytest.mark.parametrize("bad", [None, "text", [], {"mail": {"results": [{}]}}])
def test_what_is_no_report_is_an_error_of_the_filter(bad: object) -> None:
    with pytest.raises(AnsibleFilterError, match=r"^hosts: "):
        hosts(bad)


def test_what_the_shape_refuses_is_an_error_of_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match=r'^hosts: "0" is no number of hosts'):
        hosts(probes(), limit=0)
