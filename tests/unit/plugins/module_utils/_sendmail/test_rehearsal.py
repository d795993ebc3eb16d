"""What Sendmail says of the staged copy, each thing at the place in the inventory it is about."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._sendmail import rehearsal, staging
from ansible_collections.postern.mail.plugins.module_utils._sendmail.model import (
    Configuration,
    Table,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.units import Services
from ansible_collections.postern.mail.plugins.module_utils._sendmail.wanted_mc import (
    mail_mc,
    submit_mc,
)
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._sendmail.fake import (
    FakeSendmail,
)

OPTIONS = {"confTO_IDENT": "Timeout.ident"}
MC = mail_mc(
    {
        "local_rulesets": ["SFoo", "R$*\t$@ $9"],
        "own_mailers": [{"name": "store", "flags": "l", "arguments": "FILE /x"}],
        "milters": [{"name": "spam", "socket": "unix:/x"}],
    },
    (),
)
CF = ["V10", "O Timeout.ident=x", "R$*\t$@ $9", "Mstore, P=[IPC], F=l, A=FILE /x", "Xspam, S=y"]
TABLES = (Table("mailertable", (b"x.example stoer:y",)),)
TEXTS = {"/etc/mail/sendmail.cf": "\n".join(CF), "/etc/mail/submit.cf": "V10"}


def wanted(**more: Any) -> Configuration:
    return Configuration(Services(), MC, submit_mc({}), **more)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (1, "mc"),
        (2, "mc.defines.confTO_IDENT"),
        (3, "mc.local_rulesets[1]"),
        (4, "mc.own_mailers[0]"),
        (5, "mc.milters[0]"),
        (9, "mc"),
    ],
)
def test_an_objection_is_told_at_its_place(line: int, where: str) -> None:
    words = f"/etc/mail/sendmail.cf: line {line}: no good"
    found = rehearsal.objection(words, CF, MC, "mc", OPTIONS)
    assert found.where == where
    assert "Sendmail says: " in found.what
    assert "no good" in found.what


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeSendmail:
    found = FakeSendmail()
    found.into(monkeypatch)
    return found


def rehearse(folder: Path, stale: tuple[Table, ...] = (), **more: Any) -> list[str]:
    _compiled, problems = rehearsal.rehearse(wanted(**more), TEXTS, stale, OPTIONS, str(folder))
    return [str(problem) for problem in problems]


def test_a_silent_sendmail_has_no_objection(fake: FakeSendmail, tmp_path: Path) -> None:
    assert rehearse(tmp_path) == []
    asked = [words.partition(" -C ")[0] for words in fake.asked]
    assert asked == [staging.SENDMAIL] * 4


def test_a_mailer_that_is_not_there_comes_with_its_nearest(
    fake: FakeSendmail, tmp_path: Path
) -> None:
    assert fake is not None
    found = rehearse(tmp_path, tables=TABLES)
    assert found == [
        'tables.mailertable.entries["x.example"]: there is no mailer "stoer"; did you mean "store"?'
    ]


def test_a_postmaster_who_is_nobody_is_told(fake: FakeSendmail, tmp_path: Path) -> None:
    fake.says["-bv"] = "postmaster... User unknown"
    assert rehearse(tmp_path) == [
        "aliases: postmaster leads nowhere; Sendmail says: postmaster... User unknown"
    ]


def test_a_table_that_cannot_be_asked_is_told(
    fake: FakeSendmail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = (
        '> hash map "mailertable": missing map file /etc/mail/mailertable.db: No such file\n'
        "map_lookup: mailertable (postern) no match (75)\n"
    )

    def run(argv: list[str], stdin: str = "", **_more: Any) -> Outcome:
        fake.asked.append(stdin)
        return Outcome(tuple(argv), 0, said if stdin else "", "")

    monkeypatch.setattr(rehearsal, "run", run)
    found = rehearse(tmp_path, tables=(Table("mailertable"),))
    assert found == [
        'tables.mailertable: Sendmail says: hash map "mailertable": missing map file '
        "/etc/mail/mailertable.db: No such file"
    ]


def test_what_sendmail_always_says_is_no_objection() -> None:
    said = "ADDRESS TEST MODE (ruleset 3)\nEnter <ruleset> <address>\n> \nreal words\nreal words\n"
    assert rehearsal._words(said) == ["real words"]


def test_milters_are_left_out_of_the_dialogue(tmp_path: Path) -> None:
    cf = tmp_path / "x.cf"
    cf.write_text("O InputMailFilters=a,b\nXa, S=unix:/x\n", encoding="utf-8")
    rehearsal._without_milters(str(cf))
    assert cf.read_text(encoding="utf-8").startswith("O InputMailFilters=\n")


def test_of_the_log_only_complaints_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    log = "6AN8ZfIU002534: file /x unsafe: Group readable file\nstarting daemon\n"

    def run(argv: list[str], **_more: Any) -> Outcome:
        return Outcome(tuple(argv), 0, log if "-t" in argv else "", "")

    monkeypatch.setattr(rehearsal, "run", run)
    assert rehearsal.log_words(0, "x") == ["file /x unsafe: Group readable file"]
