"""Where a domain's mail goes is looked up, or the reason is told."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import dns.resolver
import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe import names
from ansible_collections.postern.mail.plugins.module_utils._probe.model import Promise, Target
from ansible_collections.postern.mail.plugins.module_utils._probe.transcript import Transcript

TARGET = Target("mail.example.org", "mail.example.org")


def answer(monkeypatch: pytest.MonkeyPatch, *entries: tuple[int, str]) -> None:
    def resolve(_domain: str, _kind: str) -> list[Any]:
        return [
            SimpleNamespace(preference=number, exchange=SimpleNamespace(to_text=lambda n=name: n))
            for number, name in entries
        ]

    monkeypatch.setattr(dns.resolver, "resolve", resolve)


def state() -> str:
    ((check,),) = names.mx(Promise("mx", domain="example.org"), TARGET)
    return check.step(Transcript()).state


def test_the_preferred_exchanger_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, (20, "b.example.org."), (10, "A.example.org."))
    assert names.mail_exchanger_names("example.org") == ["a.example.org", "b.example.org"]
    assert names.mail_exchangers("example.org", TARGET)[0].address == "a.example.org"


def test_mail_that_is_led_elsewhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, (10, "mail.example.org."))
    assert state() == "kept"
    answer(monkeypatch, (10, "mx.example.com."))
    assert state() == "broken"


def test_without_the_library_or_an_answer_there_is_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_domain: str, _kind: str) -> None:
        raise dns.resolver.NoAnswer

    monkeypatch.setattr(dns.resolver, "resolve", fail)
    with pytest.raises(names.NoSuchName, match=r"no MX of example\.org"):
        names.mail_exchanger_names("example.org")
    monkeypatch.setattr(names, "HAS_DNSPYTHON", False)
    with pytest.raises(names.NoSuchName, match="not installed"):
        names.mail_exchanger_names("example.org")
