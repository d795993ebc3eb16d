"""A template that fails is a problem at its own place, and its neighbours are still read."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleUndefinedVariable
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
    return raw


def test_only_the_parts_that_fail_are_unread() -> None:
    problems: list[Problem] = []
    raw = {"a": [{"b": "gone"}, "fine"], "c": "sealed", "d": {"e": "broken"}, "f": 1}
    assert templated(template, raw, "top", problems) == {
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
