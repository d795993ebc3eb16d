"""A template that fails is a problem at its own place, and its neighbours are still read."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleUndefinedVariable
from ansible.template import trust_as_template
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem
from ansible_collections.postern.mail.plugins.module_utils._core.spec import UNREAD
from ansible_collections.postern.mail.plugins.plugin_utils.templates import templated


def template(raw: Any) -> Any:
    """Fail on anything that holds one of the words below, as a templar does."""
    if "gone" in str(raw):
        raise AnsibleUndefinedVariable("'gone' is undefined.")
    if "sealed" in str(raw):
        raise ValueError("Decryption failed: hidden")
    if "broken" in str(raw):
        raise ZeroDivisionError("hidden")
    return [f"templated {part}" for part in raw if part != "{omitted}"]


def test_only_the_parts_that_fail_are_unread() -> None:
    problems: list[Problem] = []
    raw = {"a": [{"b": "{gone}"}, "fine"], "c": "{sealed}", "d": {"e": "{broken}"}, "f": 1}
    assert templated(template, {}, raw, "top", problems) == {
        "a": [{"b": UNREAD}, "fine"],
        "c": UNREAD,
        "d": {"e": UNREAD},
        "f": 1,
    }
    assert [str(problem) for problem in problems] == [
        "top.a[0].b: can't be read: 'gone' is undefined",
        "top.c: can't be decrypted with the vault passwords given",
        "top.d.e: can't be read: the template in it fails",
    ]


def test_without_a_list_for_problems_what_fails_raises() -> None:
    with pytest.raises(AnsibleUndefinedVariable):
        templated(template, {}, ["{gone}"], "top")


def test_a_name_of_plain_text_is_resolved_and_anything_else_is_templated() -> None:
    variables = {"plain": "text", "deep": "{{ plain }}", "listed": ["{{ plain }}"]}

    def resolved(text: str) -> object:
        return templated(template, variables, trust_as_template(text), "top")

    assert resolved("{{ plain }}") == "text"
    assert resolved("{{ deep }}") == "templated {{ deep }}"
    assert resolved("{{ plain }}!") == "templated {{ plain }}!"
    assert resolved("{{ unknown }}") == "templated {{ unknown }}"
    assert templated(template, variables, trust_as_template("{{ listed }}"), "top") == [
        "templated {{ plain }}"  # not trusted, so not ours to resolve
    ]


def test_what_is_omitted_is_left_out() -> None:
    raw = {"a": "{omitted}", "b": ["{omitted}", "c"]}
    assert templated(template, {}, raw, "top") == {"b": ["c"]}


def test_a_variable_that_names_itself_is_left_to_ansible() -> None:
    variables: dict[str, Any] = {}
    variables["loop"] = [trust_as_template("{{ loop }}")]
    assert templated(template, variables, variables["loop"], "top") == ["templated {{ loop }}"]
