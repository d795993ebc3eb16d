"""What a module call says becomes a model, with passwords at their smarthosts."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.tests.unit.nullmailers import SECRET, told


def test_a_password_goes_to_the_smarthost_of_its_key() -> None:
    assert [smarthost.password for smarthost in told().smarthosts] == [SECRET, ""]


def test_a_model_shows_no_password() -> None:
    assert SECRET not in repr(told())


def test_names_follow_from_the_hosts_own() -> None:
    wanted = told(default_host=None, default_domain=None)
    assert (wanted.default_host, wanted.default_domain) == ("desk.example.org", "example.org")
