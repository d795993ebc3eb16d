"""What m4 makes has to be what the model says."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.commands import Outcome
from ansible_collections.postern.mail.plugins.module_utils._sendmail import building
from ansible_collections.postern.mail.plugins.module_utils._sendmail.model import Configuration, Mc
from ansible_collections.postern.mail.plugins.module_utils._sendmail.units import Services
from ansible_collections.postern.mail.plugins.module_utils._sendmail.wanted_mc import (
    mail_mc,
    submit_mc,
)
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._sendmail.fake import (
    KNOWN,
    FakeSendmail,
    made,
)

MC = mail_mc({"defines": {"confMAX_MESSAGE_SIZE": 5, "confPRIVACY_FLAGS": ""}}, ())
WANTED = Configuration(Services(), MC, submit_mc({}))
LINES = "O DaemonPortOptions=Name=NoMTA, Family=inet, Addr=127.0.0.1, M=E\nO PrivacyOptions\n"


def test_both_files_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeSendmail()
    monkeypatch.setattr(building, "run", fake.run)
    wanted = Configuration(Services(), mail_mc({}, ()), submit_mc({}))
    texts, problems = building.build(wanted, KNOWN)
    assert problems == []
    assert [*texts] == ["/etc/mail/sendmail.cf", "/etc/mail/submit.cf"]


@pytest.mark.parametrize(
    ("rc", "err", "said"),
    [
        (0, "*** ERROR: FEATURE() should be before MAILER()\n", "*** ERROR: FEATURE() should be"),
        (1, "", "nothing, but ends with 1"),
    ],
)
def test_whatever_m4_says_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, rc: int, err: str, said: str
) -> None:
    def run(argv: list[str], **_more: Any) -> Outcome:
        return Outcome(tuple(argv), rc, "", err)

    monkeypatch.setattr(building, "run", run)
    _texts, problems = building.build(WANTED, KNOWN)
    assert [problem.where for problem in problems] == ["mc", "submit"]
    assert f"m4 says: {said}" in str(problems[0])


def test_a_value_that_comes_out_as_it_went_in_is_no_problem() -> None:
    cf = f"{LINES}O MaxMessageSize=5\n"
    assert list(building.unfaithful(cf, MC, "mc", KNOWN.options)) == []


def test_a_value_that_comes_out_otherwise_is_named_with_what_became_of_it() -> None:
    cf = f"{LINES}O MaxMessageSize=0\n"
    found = [str(one) for one in building.unfaithful(cf, MC, "mc", KNOWN.options)]
    assert found == [
        'mc.defines.confMAX_MESSAGE_SIZE: m4 makes something else of "5"; '
        'it makes "O MaxMessageSize=0"'
    ]


def test_a_line_that_is_lost_is_named() -> None:
    mc = Mc("debian-mta", local_rulesets=("SFoo", "R$*\t$: $1"))
    found = [str(one) for one in building.unfaithful("SFoo\n", mc, "mc", {})]
    assert len(found) == 1
    assert "m4 makes something else of" in found[0]


def test_the_played_macros_write_what_is_expected() -> None:
    assert made("define(`confTO_IDENT', `0')dnl\n") == "O Timeout.ident=0\n"
