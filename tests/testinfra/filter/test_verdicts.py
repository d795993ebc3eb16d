"""What is stopped, who is told, and what passes: a stranger's mail and that of own people."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email
import email.policy

from dialogues import corpus
from dialogues.clean_mail import clean
from dialogues.filtering import (
    ALICE,
    CAROL,
    ERIN,
    KEEPER,
    QUARANTINE,
    Filtered,
    header_of,
    plain,
    strangers_mail,
)
from dialogues.messages import on_the_wire
from dialogues.scenario import Scenario, wait_for

# SpamAssassin's own rules: a date of last year, and hundreds of recipients by the alphabet.
LIKE_SPAM = ("many recipients",)


def test_each_disguise_of_the_virus_is_stopped(host: Filtered) -> None:
    tokens = {one.name: host.takes(one.message) for one in corpus.viruses()}
    names = {name: host.stops(token) for name, token in tokens.items()}
    # A double ending is stopped for what it is called, too; the rest for what it is.
    assert {name for name, file in names.items() if not file.startswith("virus-")} == set(), names
    assert not [name for name, token in tokens.items() if host.of(ALICE, token)]


def test_what_is_stopped_for_its_form_goes_into_quarantine(host: Filtered) -> None:
    tokens = {one.name: host.takes(one.message) for one in corpus.hostile()}
    for token in tokens.values():
        host.stops(token)
    assert not [name for name, token in tokens.items() if host.of(ALICE, token)]


def test_recipient_and_virusalert_are_told(host: Filtered) -> None:
    token = host.takes(corpus.VIRUSES["zipped"]())
    host.stops(token)
    for person in (ALICE, KEEPER):
        wait_for(f"a notice to {person}", lambda person=person: host.about(person, token))
        (notice,) = host.about(person, token)
        assert header_of(notice, "From") == ['"Mail filter" <postmaster@example.org>']
        assert b"Site.Eicar" in notice


def test_a_notice_is_in_the_sites_language(host: Filtered) -> None:
    token = host.takes(corpus.VIRUSES["plain"]())
    host.stops(token)
    wait_for("a notice to alice", lambda: host.about(ALICE, token))
    (content,) = host.about(ALICE, token)
    notice = email.message_from_bytes(content, policy=email.policy.default)
    assert notice["Subject"] == "Eine Nachricht an Sie wurde zurückgehalten"
    words = notice.get_content().replace("\r\n", "\n")
    assert "schrieb Ihnen über »" in words
    assert "« [100% geprüft]:\nSite.Eicar" in words


def test_an_own_sender_is_told_what_became_of_the_message(host: Filtered) -> None:
    message = corpus.VIRUSES["plain"]().replace(b"carol@outside.example", CAROL.encode())
    token = host.submits(message, "bob@example.com", login=CAROL)
    host.stops(token)
    wait_for("a notice to carol", lambda: host.about(CAROL, token))


def test_who_is_exempt_gets_attachments_and_no_viruses(host: Filtered) -> None:
    script = host.takes(corpus.HOSTILE["script"](), ALICE, ERIN)
    virus = host.takes(corpus.VIRUSES["plain"](), ERIN)
    assert b"update.vbs" in host.delivers(ERIN, script)
    host.stops(virus)
    assert not host.of(ALICE, script)
    assert not host.of(ERIN, virus)


def test_spam_is_marked_and_lies_in_junk(host: Filtered) -> None:
    token = host.takes(corpus.spam().message)
    message = host.delivers(ALICE, token, folder="Junk")
    assert header_of(message, "X-Spam-Flag") == ["YES"]
    assert float(header_of(message, "X-Spam-Score")[0]) > 900
    ham = host.delivers(ALICE, host.takes(plain("The minutes of our meeting are attached.")))
    assert header_of(ham, "X-Spam-Flag") in ([], ["NO"])


def test_mail_of_own_people_is_not_rated(host: Filtered) -> None:
    message = host.delivers(ALICE, host.submits(corpus.spam().message))
    assert header_of(message, "X-Spam-Flag") in ([], ["NO"])


def test_clean_mail_of_all_kinds_passes_as_it_is(host: Filtered) -> None:
    tokens = {one.name: (host.takes(one.message), one.message) for one in clean()}
    changed = {}
    for name, (token, message) in tokens.items():
        got = host.delivers(ALICE, token, folder="Junk" if name in LIKE_SPAM else "INBOX")
        if not _same(host, on_the_wire(message), got):
            changed[name] = got
    assert not changed, list(changed)


def _same(host: Filtered, sent: bytes, got: bytes) -> bool:
    """Whether nothing but headers was added: by the filter in front, by Cyrus a date that lacks.

    Sendmail writes each header anew, and ends a multipart that has no end.
    """
    (got_head, got_body), (head, body) = (one.split(b"\r\n\r\n", 1) for one in (got, sent))
    if host.host == "mail":
        return got_body.rstrip(b"\r\n") == body.rstrip(b"\r\n") and _in_order(head, got_head)
    return got_body.rstrip(b"\r\n").startswith(body.rstrip(b"\r\n"))


def _in_order(part: bytes, whole: bytes) -> bool:
    """Whether all lines stand in the other text, in the same order."""
    lines = iter(whole.split(b"\r\n"))
    return all(line in lines for line in part.split(b"\r\n"))


def test_what_local_people_send_is_searched(host: Filtered) -> None:
    token = "localvirus" + host.host
    message = b"X-Corpus: %s\n" % token.encode() + corpus.VIRUSES["plain"]()
    said = host.scenario.run(
        host.host, "/usr/sbin/sendmail", "-f", CAROL, "--", ALICE, stdin=message.decode()
    )
    assert said.rc == 0, said.text
    host.stops(token)


def test_no_notice_reaches_a_forged_sender(scenario: Scenario, host: Filtered) -> None:
    token = host.takes(corpus.VIRUSES["in tar.gz"]())
    host.stops(token)
    wait_for("the notice to virusalert", lambda: host.about(KEEPER, token))
    assert strangers_mail(scenario) == []


def test_a_released_message_comes_as_it_was_and_is_not_searched_again(host: Filtered) -> None:
    message = corpus.HOSTILE["screen saver"]()
    token = host.takes(message)
    name = host.stops(token)
    said = host.scenario.run(host.host, "postern-quarantine", "release", name)
    assert said.rc == 0, said.text
    got = host.delivers(ALICE, token)
    assert header_of(got, "Return-Path") == ["<bob@example.com>"]
    assert got.rstrip(b"\r\n").endswith(on_the_wire(message).rstrip(b"\r\n")[-200:])
    host.scenario.shell(host.host, f"postern-quarantine delete {name}")
    assert host.stopped(token) == []


def test_the_quarantine_is_listed_by_a_playbook(scenario: Scenario, host: Filtered) -> None:
    token = host.takes(corpus.VIRUSES["renamed"]())
    name = host.stops(token)
    said = scenario.playbook(f"--limit={host.host}", name="playbooks/quarantine.yml")
    assert said.rc == 0, said.text
    assert name in said.text
    assert "Site.Eicar" in said.text


def test_what_is_old_is_deleted_by_a_playbook(scenario: Scenario) -> None:
    host = Filtered(scenario, "mail")
    old, new = (host.stops(host.takes(corpus.VIRUSES["plain"]())) for _age in range(2))
    scenario.shell("mail", f"touch -d '40 days ago' {QUARANTINE}/*/{old}")
    asked = ("--limit=mail", "-e", "quarantine_action=expire", "-e", "quarantine_days=30")
    for check, there in ((("--check",), {old, new}), ((), {new}), ((), {new})):
        said = scenario.playbook(*asked, *check, name="playbooks/quarantine.yml")
        assert said.rc == 0, said.text
        assert (old in said.text) == (said.changed == {"mail": 1})
        listed = scenario.shell("mail", "postern-quarantine list")
        assert {name for name in (old, new) if name in listed} == there
