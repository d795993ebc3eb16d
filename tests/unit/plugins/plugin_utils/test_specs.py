"""The collection's own argument specs are found and read."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.plugin_utils.specs import (
    ROOT,
    role_options,
    site_options,
    verify_options,
)


def test_every_option_of_the_site_is_described() -> None:
    for name, option in site_options().items():
        assert name.startswith("mail_")
        assert option["description"]
        assert option.get("required") or "default" in option


def test_defaults_and_described_options_of_every_role_are_known() -> None:
    found = role_options()
    assert sorted(found) == sorted(path.name for path in (ROOT / "roles").glob("*/"))
    for role, options in found.items():
        assert all(name.startswith(f"{role}_") for name in options), role


def test_every_option_of_verify_is_described() -> None:
    for name, option in verify_options().items():
        assert name.startswith("verify_")
        assert option["description"]
