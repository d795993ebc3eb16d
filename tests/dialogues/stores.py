"""Holding the dialogues of stores_cases with a server, and judging every answer."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dialogues.scenario import Scenario
from dialogues.stores_cases import CASES
from dialogues.stores_script import MESSAGES, Case

TALK = Path(__file__).with_name("stores_talk.py")
SWEPT = ("grace@example.org", "frank@example.org", "erin@example.net")
CLIENTS = {"stranger": 200, "trusted": 210}
OVER = re.compile(r"over (\w+)(?: as (\S+))?(?: from (\w+))?")
EXPECT = re.compile(r"S(?: (\w+))?: (not )?(.*)")
MESSAGE = re.compile(r"\s*\[\[(.+)\]\]$")


@dataclass(frozen=True)
class Expected:
    """A line that an answer has to have, or must not; `...` stands for anything."""

    text: str
    wanted: bool = True
    store: str = ""

    def holds(self, answer: Sequence[str], prefix: str, separator: str) -> bool:
        """Say whether the answer is so, on a server that names folders like this."""
        name = re.sub(r"~([^\s)]+)", lambda found: _folder(found[1], prefix, separator), self.text)
        text = ".*".join(re.escape(piece) for piece in _bare(name).split("..."))
        pattern = re.compile(text, re.IGNORECASE | re.DOTALL)
        return any(pattern.match(_bare(line)) for line in answer) is self.wanted


@dataclass(frozen=True)
class Turn:
    """What the client does, as stores_talk takes it, and what the server has to answer."""

    what: dict[str, str]
    expected: list[Expected] = field(default_factory=list)


def turns(case: Case, store: str) -> list[Turn]:
    """Read a dialogue as it stands for one store."""
    found: list[Turn] = []
    for line in case.script.strip().splitlines():
        text = line.strip()
        if opens := OVER.fullmatch(text):
            service, login, client = opens.groups()
            found.append(
                Turn({"over": service, "login": login or "", "client": client or "stranger"})
            )
        elif text.startswith("C: "):
            literal = MESSAGE.search(text)
            said = text[3:] if literal is None else text[3 : literal.start()]
            found.append(Turn({"line": said, "literal": MESSAGES[literal[1]] if literal else ""}))
        elif expects := EXPECT.fullmatch(text):
            if (expects[1] or store) == store:
                found[-1].expected.append(Expected(expects[3], not expects[2], expects[1] or ""))
        else:
            raise ValueError(f"{case.what}: {text}")
    return found


def differs(case: Case) -> bool:
    """Say whether the stores may answer a case in different ways."""
    return any(line.strip().startswith("S c") for line in case.script.splitlines())


def hold(scenario: Scenario, host: str) -> dict[str, list[list[str]]]:
    """Hold all dialogues with a host; return its answers by the case."""
    lanes: dict[str, list[Case]] = {}
    for case in CASES:
        first = turns(case, "")[0].what
        lanes.setdefault(first["login"] or case.what, []).append(case)
    spelled = [[_spelled(scenario, host, case) for case in lane] for lane in lanes.values()]
    order = {
        "server": scenario.address(host),
        "name": f"{host}.example.org",
        "password": scenario.secret("alice"),
        "sweep": SWEPT,
        "lanes": spelled,
    }
    code = TALK.read_text(encoding="utf-8")
    said = scenario.run("outside", "python3", "-c", code, stdin=json.dumps(order))
    assert said.rc == 0, said.text
    answers = json.loads(said.text)
    return {
        case.what: answer
        for lane, spoken in zip(lanes.values(), answers, strict=True)
        for case, answer in zip(lane, spoken, strict=True)
    }


def _spelled(scenario: Scenario, host: str, case: Case) -> list[dict[str, Any]]:
    network = scenario.address(host).rpartition(".")[0]
    password = scenario.secret("alice")
    found = []
    for turn in turns(case, ""):
        what = {key: text.replace("{password}", password) for key, text in turn.what.items()}
        if "over" in what:
            what["client"] = f"{network}.{CLIENTS[what['client']]}"
        found.append(what)
    return found


def wrong(case: Case, store: str, answers: list[list[str]]) -> Iterator[str]:
    """Yield what a dialogue should have been and was not, each with the answer in question."""
    prefix, separator = "", "/"
    for turn, answer in zip(turns(case, store), answers, strict=True):
        if turn.what.get("login"):
            prefix, separator = answer[-1].rsplit(" ", 1)
        for expected in turn.expected:
            if not expected.holds(answer, prefix, separator):
                word = "" if expected.wanted else "not "
                what = turn.what.get("line") or f"over {turn.what['over']}"
                yield f"{what!r}: expected {word}{expected.text!r}, got {answer}"
        if "over" in turn.what and not turn.expected and answer[0].startswith("("):
            yield f"{turn.what}: {answer}"


def _folder(name: str, prefix: str, separator: str) -> str:
    return prefix + name.replace("/", separator)


def _bare(text: str) -> str:
    return text.replace('"', "")
