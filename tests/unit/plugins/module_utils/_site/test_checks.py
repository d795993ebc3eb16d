"""Checks of one host part what refuses from what only warns (test_judge.py has the cases)."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

from ansible_collections.postern.mail.plugins.module_utils._site.checks import check_site
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of


def test_problems_and_warnings_are_apart() -> None:
    raw = good(mail_trusted_networks=["0.0.0.0/0", "203.0.113.7"])
    problems, warnings = check_site(site_of(raw))
    assert [problem.where for problem in problems] == ["mail_trusted_networks[0]"]
    assert [warning.where for warning in warnings] == ["mail_trusted_networks[1]"]


def test_an_incomplete_model_is_not_judged_by_the_names_it_lacks() -> None:
    site = replace(site_of(good(mail_aliases={})), complete=False)
    assert check_site(site) == ([], [])


def test_people_are_not_judged_where_no_mail_ends() -> None:
    site = site_of(send_only(mail_aliases={"a": "b", "b": "a"}))
    assert check_site(site) == ([], [])
