"""The module's documentation, its arguments and its dialogues speak of the same things."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postern.mail.plugins.module_utils._probe.arguments import ARGUMENTS
from ansible_collections.postern.mail.plugins.modules import mail_probe
from ansible_collections.postern.mail.tests.unit.mail_servers import Behaviour, Smtp, running


def described(options: dict[str, Any]) -> dict[str, Any]:
    """Return documented options in the form of an argument spec."""
    found: dict[str, Any] = {}
    for name, option in options.items():
        rule = {key: value for key, value in option.items() if key != "description"}
        if "suboptions" in rule:
            rule["options"] = described(rule.pop("suboptions"))
        found[name] = rule
    return found


def without_logging(options: dict[str, Any]) -> dict[str, Any]:
    """Return an argument spec without what documentation doesn't tell."""
    found: dict[str, Any] = {}
    for name, option in options.items():
        rule = {key: value for key, value in option.items() if key != "no_log"}
        if "options" in rule:
            rule["options"] = without_logging(rule["options"])
        found[name] = rule
    return found


def test_documentation_and_arguments_agree() -> None:
    documented = yaml.safe_load(mail_probe.DOCUMENTATION)["options"]
    assert described(documented) == without_logging(ARGUMENTS)


def run(capsys: pytest.CaptureFixture[str], **arguments: Any) -> dict[str, Any]:
    with patch_module_args(arguments), pytest.raises(SystemExit):
        mail_probe.main()
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_a_broken_promise_is_a_result_and_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    with running(Smtp, Behaviour(greeting="mail.example.org Postfix (Debian/GNU)")) as port:
        answer = run(
            capsys,
            server="mail.example.org",
            address="127.0.0.1",
            ports={"smtp": port},
            promises=[{"promise": "banner", "services": ["smtp"]}],
        )
    assert not answer.get("failed")
    assert not answer["changed"]
    assert answer["broken"] == ["banner:smtp"]
    assert answer["summary"] == {"kept": 0, "broken": 1, "skipped": 0}
    assert answer["results"][0]["ok"] is False


def test_arguments_that_make_no_sense_are_problems(capsys: pytest.CaptureFixture[str]) -> None:
    answer = run(capsys, server="x", promises=[{"promise": "mx"}, {"promise": "banner"}])
    assert answer["failed"]
    assert "promises[0].domain: missing for mx" in answer["msg"]
    assert "promises[1].services: missing for banner" in answer["msg"]


def test_check_mode_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    box = {"service": "maildir", "path": "/nowhere"}
    promise = {"promise": "delivery", "recipient": "alice@example.org", "mailboxes": [box]}
    answer = run(capsys, server="127.0.0.1", promises=[promise], _ansible_check_mode=True)
    assert answer["summary"] == {"kept": 0, "broken": 0, "skipped": 3}
