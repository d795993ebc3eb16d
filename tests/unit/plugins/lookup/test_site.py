"""The lookup returns the site as a host sees it, with the documented defaults."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.postern.mail.plugins.lookup.site import LookupModule
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only


def looked_up(variables: dict[str, Any]) -> dict[str, Any]:
    templar = Templar(loader=DataLoader(), variables=variables)
    found = LookupModule(loader=DataLoader(), templar=templar).run([], variables)
    assert len(found) == 1
    return found[0]


def test_defaults_are_filled_in_and_what_is_given_stays() -> None:
    model = looked_up({**send_only(), "other": 1})
    assert model["mail_relay"] == {
        "host": "mail.example.org",
        "port": 587,
        "username": "alice@example.org",
        "password": "fake",
        "tls": "verify",
    }
    assert (model["mail_store"], model["mail_transfer_agent"]) == ("none", "postfix")
    assert model["mail_tls"] == {"source": "own_ca", "names": []}
    assert "other" not in model


def test_values_are_templated_for_the_host() -> None:
    raw = good(mail_hostname=trust_as_template("{{ me }}.example.org"), me="mx")
    assert looked_up(raw)["mail_hostname"] == "mx.example.org"


def test_paths_start_in_the_folder_of_the_inventory() -> None:
    raw = good(mail_alias_files=[trust_as_template("lists/{{ me }}.txt")], me="mx")
    assert looked_up({**raw, "inventory_dir": "/inventory"})["mail_alias_files"] == [
        "/inventory/lists/mx.txt"
    ]


def test_a_model_with_a_wrong_structure_is_refused_with_all_its_problems() -> None:
    with pytest.raises(AnsibleError) as refused:
        looked_up({"mail_hostname": 5, "mail_relay": "smart"})
    assert str(refused.value).splitlines() == [
        "3 problems, nothing was changed:",
        "  mail_domain: is missing",
        "  mail_hostname: 5 is not text; put it in quotes",
        "  mail_relay: is text, not a mapping",
    ]


def test_what_a_template_names_is_read_anew_when_it_has_changed() -> None:
    raw = good(mail_hostname=trust_as_template("{{ me }}.example.org"))
    assert looked_up({**raw, "me": "mx"})["mail_hostname"] == "mx.example.org"
    assert looked_up({**raw, "me": "mx"})["mail_hostname"] == "mx.example.org"
    assert looked_up({**raw, "me": "mail"})["mail_hostname"] == "mail.example.org"
    assert looked_up({**raw, "me": "mail", "mail_store": "none"})["mail_store"] == "none"


def test_the_same_variables_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = good()
    found = looked_up(raw)
    monkeypatch.setattr(LookupModule, "_read", lambda *_: pytest.fail("read again"))
    assert looked_up(dict(raw)) == found
