"""The count of submitted messages: by login, within an hour, and no longer than that."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).parents[4] / "roles" / "postfix" / "files" / "submission_limit.py"


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("submission_limit", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


limit = _loaded()


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 10_000.0

    def __call__(self) -> float:
        return self.now


def message(login: str = "alice@example.org", recipients: int = 1) -> dict[str, str]:
    return {"sasl_username": login, "recipient_count": str(recipients)}


def test_a_login_beyond_its_messages_waits_and_others_do_not() -> None:
    limiter = limit.Limiter(2, 0)
    assert [limiter.action(message()) for _time in range(2)] == ["DUNNO", "DUNNO"]
    assert limiter.action(message()).startswith("450 4.7.1 2 messages within an hour")
    assert limiter.action(message("Alice@Example.ORG")).startswith("450")
    assert limiter.action(message("bob@example.org")) == "DUNNO"


def test_recipients_are_counted_together() -> None:
    limiter = limit.Limiter(0, 10)
    assert limiter.action(message(recipients=8)) == "DUNNO"
    assert limiter.action(message(recipients=3)).startswith("450 4.7.1 10 recipients")
    assert limiter.action(message(recipients=2)) == "DUNNO"


def test_an_hour_later_it_is_forgotten() -> None:
    clock = Clock()
    limiter = limit.Limiter(1, 0, clock)
    limiter.action(message())
    clock.now += 3599
    assert limiter.action(message()).startswith("450")
    clock.now += 1
    assert limiter.action(message()) == "DUNNO"
    clock.now += 3600
    limiter.action({})
    limiter.action(message("bob"))
    assert list(limiter._sent) == ["bob"]


def test_what_was_refused_does_not_count() -> None:
    clock = Clock()
    limiter = limit.Limiter(1, 0, clock)
    limiter.action(message())
    for _time in range(5):
        limiter.action(message())
    clock.now += 3600
    assert limiter.action(message()) == "DUNNO"


@pytest.mark.parametrize("count", ["", "-5", "x", "٣"])
def test_a_number_that_is_none_is_one_recipient(count: str) -> None:
    limiter = limit.Limiter(0, 1)
    assert limiter.action({"sasl_username": "a", "recipient_count": count}) == "DUNNO"
    assert limiter.action(message("a")).startswith("450")


def test_without_a_login_nothing_is_counted() -> None:
    limiter = limit.Limiter(1, 1)
    assert {limiter.action({"recipient_count": "9"}) for _time in range(3)} == {"DUNNO"}


def read(text: bytes) -> dict[str, str] | None:
    async def run() -> dict[str, str] | None:
        reader = asyncio.StreamReader()
        reader.feed_data(text)
        reader.feed_eof()
        found: dict[str, str] | None = await limit.read_request(reader)
        return found

    return asyncio.run(run())


def test_a_request_is_read_to_its_empty_line() -> None:
    assert read(b"request=smtpd_access_policy\nsender=a=b\n\nrest") == {
        "request": "smtpd_access_policy",
        "sender": "a=b",
    }


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"request=smtpd_access_policy\n",
        b"request=other\n\n",
        b"\n",
        b"x=" + b"y" * 100_000 + b"\n\n",
        b"request=smtpd_access_policy\n" + b"a=b\n" * 300 + b"\n",
    ],
)
def test_what_postfix_never_says_ends_the_connection(text: bytes) -> None:
    assert read(text) is None
