"""The lookup returns how a host is to be verified, with the documented defaults."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.postern.mail.plugins.lookup.verify import LookupModule


def looked_up(**variables: Any) -> dict[str, Any]:
    templar = Templar(loader=DataLoader(), variables=variables)
    (found,) = LookupModule(loader=DataLoader(), templar=templar).run([], variables)
    return found


def test_every_name_is_there_with_its_default() -> None:
    found = looked_up(mail_domain="example.org")
    assert (found["from"], found["days_left"], found["wait_seconds"]) == ("localhost", 14, 60.0)
    assert (found["account"], found["outside"], found["ca_file"]) == (None, None, None)
    assert "mail_domain" not in found


def test_what_is_given_wins_and_is_templated() -> None:
    found = looked_up(verify_from=trust_as_template("{{ place }}"), place="outside")
    assert found["from"] == "outside"


def test_flags_and_numbers_may_come_from_the_command_line() -> None:
    found = looked_up(verify_resolve_mx="false", verify_days_left="7")
    assert (found["resolve_mx"], found["days_left"]) == (False, 7)


def test_a_relative_path_starts_in_the_folder_of_the_inventory() -> None:
    assert looked_up(verify_ca_file="ca.pem", inventory_dir="/i")["ca_file"] == "/i/ca.pem"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"verify_adress": "x"}, r'verify_adress: no such key; did you mean "verify_address"'),
        ({"verify_days_left": "soon"}, 'verify_days_left: "soon" is not a number'),
        ({"verify_account": {"login": "a"}}, r"verify_account\.password: is missing"),
        ({"verify_resolve_mx": "perhaps"}, "verify_resolve_mx: .* write true or false"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(variables: dict[str, Any], words: str) -> None:
    with pytest.raises(AnsibleError, match=words):
        looked_up(**variables)


def test_it_takes_no_terms() -> None:
    templar = Templar(loader=DataLoader(), variables={})
    with pytest.raises(AnsibleError, match="takes no terms"):
        LookupModule(loader=DataLoader(), templar=templar).run(["verify_from"], {})
