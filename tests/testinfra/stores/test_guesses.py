"""Wrong passwords from one address: slow, logged, and nobody else is kept out by them."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dialogues
import pytest
from dialogues.everywhere import HOSTS
from dialogues.extent import IS_FULL
from dialogues.mail import new_token
from dialogues.scenario import Scenario
from dialogues.stores_person import Person, message, submit

GUESSES = 1000 if IS_FULL else 36
AT_ONCE = 60
LOGIN_SECONDS = 8
GUESSES_PER_SECOND = 40
GUESS = Path(dialogues.__file__).with_name("stores_guess.py")


# One host after the other: those of the lab share the cores that a server has for itself.
@pytest.mark.parametrize("host", HOSTS)
def test_who_guesses_is_slowed_and_keeps_nobody_out(
    scenario: Scenario, show: Callable[[str], None], host: str
) -> None:
    right = Person(scenario, host, "carol@example.org")
    guesser = f"{scenario.address(host).rpartition('.')[0]}.220"
    order = {"server": scenario.address(host), "client": guesser, "login": right.login,
             "guesses": GUESSES, "at_once": AT_ONCE}  # fmt: skip
    waited = []
    since = scenario.shell(host, "date +%s").strip()
    with ThreadPoolExecutor(1) as background:
        running = background.submit(
            scenario.run, "outside", "python3", "-c", GUESS.read_text(encoding="utf-8"),
            stdin=json.dumps(order),
        )  # fmt: skip
        while not running.done():
            # Postfix counts logins by the address, the right person's as well.
            waited.append(reads(right) if len(waited) % 4 else sends(right))
            time.sleep(1)
    said = running.result()
    assert said.rc == 0, said.text
    came = json.loads(said.text)
    assert came["let_in"] == 0
    assert came["refused"] == GUESSES
    logged = int(scenario.shell(host, f"journalctl -q --no-pager --since=@{since} | "
                                f"grep -icE '(badlogin|auth.*fail|login failed).*{guesser}"
                                f"|{guesser}.*(auth.*fail|login failed)' || true"))  # fmt: skip
    show(f"{host}: {GUESSES} guesses, {AT_ONCE} at once, took {came['seconds']:.0f} s, "
         f"{came['cut']} connections cut, {logged} lines in the log; meanwhile {len(waited)} "
         f"logins of the right person, the slowest in {max(waited):.1f} s")  # fmt: skip
    assert logged >= GUESSES / 2
    assert GUESSES / came["seconds"] < GUESSES_PER_SECOND
    assert max(waited) < LOGIN_SECONDS


def reads(one: Person) -> float:
    """Log in as a person elsewhere does to read; return how long it took."""
    begin = time.monotonic()
    with one.imap() as imap:
        assert imap.noop()[0] == "OK"
    return time.monotonic() - begin


def sends(one: Person) -> float:
    """Log in as a person elsewhere does to send; return how long it took."""
    begin = time.monotonic()
    submit(one, message(new_token(), sender=one.login))
    return time.monotonic() - begin
