"""Postfix asks the filter before it accepts, and goes back to asking behind its queue."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from dialogues import corpus
from dialogues.filtering import ALICE, CAROL, Filtered, plain
from dialogues.scenario import Scenario, changed

OWN_MILTER = "inet:127.0.0.1:8891"  # nobody is there


@pytest.fixture(scope="module")
def asked_before(
    scenario: Scenario, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Filtered]:
    """The host with Postfix, asking before it accepts, and refusing what is found."""
    folder: Path = tmp_path_factory.mktemp("before")
    own = {"socket": OWN_MILTER, "mail": ["smtpd"], "default_action": "accept"}
    other = changed(
        folder,
        "mail",
        amavis_before_queue=True,
        amavis_stopped="reject",
        postfix_milters=[own],
    )
    said = scenario.playbook(other, "--limit=mail", "--diff")
    assert said.rc == 0, said.text
    silent = scenario.playbook(other, "--limit=mail", "--diff")
    assert silent.changed == {"mail": 0}, silent.text
    yield Filtered(scenario, "mail")
    back = scenario.playbook("--limit=mail")
    assert back.rc == 0, back.text


def test_a_milter_of_ones_own_is_asked_first_and_does_not_replace_the_filters(
    scenario: Scenario, asked_before: Filtered
) -> None:
    said = scenario.shell("mail", "postconf -h smtpd_milters non_smtpd_milters")
    assert said.splitlines() == [
        f"{{ {OWN_MILTER}, default_action=accept }}, unix:run/filter/milter",
        "unix:run/filter/milter",
    ]
    # It is not there, and mail passes it; then the filter has it.
    virus = corpus.VIRUSES["plain"]()
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        asked_before.takes(virus)
    assert refused.value.smtp_code == 554
    log = scenario.shell("mail", "journalctl -t postfix/smtpd -o cat --since=-5min")
    assert f"connect to Milter service {OWN_MILTER}" in log


def test_a_virus_is_refused_while_its_sender_is_there(asked_before: Filtered) -> None:
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        asked_before.takes(corpus.VIRUSES["zipped"]())
    assert refused.value.smtp_code == 554
    with pytest.raises(smtplib.SMTPResponseException) as own:
        asked_before.submits(corpus.VIRUSES["plain"](), login=CAROL)
    assert own.value.smtp_code == 554


def test_clean_mail_passes_and_without_the_filter_it_is_put_off(asked_before: Filtered) -> None:
    host = asked_before
    host.delivers(ALICE, host.takes(plain("Asked before.")))
    host.scenario.shell("mail", "systemctl stop amavisd-milter amavis")
    try:
        with pytest.raises(smtplib.SMTPResponseException) as put_off:
            host.takes(plain("Nobody is there."))
        assert 400 <= put_off.value.smtp_code < 500
    finally:
        host.scenario.shell("mail", "systemctl start amavis amavisd-milter")


def test_back_behind_the_queue_nothing_of_the_milter_runs(
    scenario: Scenario, asked_before: Filtered
) -> None:
    said = scenario.playbook("--limit=mail")
    assert said.rc == 0, said.text
    assert scenario.run("mail", "pgrep", "-x", "amavisd-milter").rc == 1
    assert scenario.run("mail", "systemctl", "is-active", "amavisd-milter").rc != 0
    token = asked_before.takes(corpus.VIRUSES["zipped"]())
    asked_before.stops(token)
    asked_before.delivers(ALICE, asked_before.takes(plain("Behind the queue again.")))
