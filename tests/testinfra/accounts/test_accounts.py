"""Each verb by the playbook accounts alone, in seconds: who can log in then, and where mail is."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Iterator

from dialogues.mail import BOB, People, replies
from dialogues.scenario import Scenario, wait_for

from .conftest import PASSWORD, Run, Site

MOST_TASKS = 10
MOST_SECONDS = 120  # a quiet machine takes ten; this one may have ten times as much to do
ARCHIVE = "/var/lib/postern/archive"
NEW = "another password, with spaces"


def in_seconds(run: Run) -> None:
    assert run.tasks <= MOST_TASKS, run.said.text
    assert run.seconds < MOST_SECONDS


def is_nobody(people: People, address: str) -> bool:
    said = people.swaks("--from", BOB, "--to", address, "--quit-after", "RCPT")
    return bool(replies(said, "550"))


@contextlib.contextmanager
def submitting(scenario: Scenario, login: str) -> Iterator[smtplib.SMTP]:
    """Log in for submission and begin a message, which is when the log tells who it is."""
    context = ssl._create_unverified_context()  # noqa: S323 other tests verify
    with contextlib.suppress(smtplib.SMTPServerDisconnected):
        smtp = smtplib.SMTP(scenario.address("mail"), 587, "client.example.com", timeout=30)
        smtp.starttls(context=context)
        smtp.login(login, scenario.secret("alice"))
        assert smtp.mail(login)[0] == smtp.rcpt("alice@example.org")[0] == 250
        yield smtp
        smtp.close()


def is_alive(smtp: smtplib.SMTP) -> bool:
    try:
        return smtp.noop()[0] == 250
    except (smtplib.SMTPServerDisconnected, OSError):
        return False


def test_a_run_without_changes_is_silent_and_short(site: Site) -> None:
    run = site.run()
    assert run.said.changed == {"mail": 0}, run.said.text
    in_seconds(run)


def test_who_is_added_can_log_in_and_gets_mail(site: Site, people: People) -> None:
    assert site.let_in("frank@example.net") == {False}
    site.accounts.append({"name": "frank", "domain": "example.net", "password": PASSWORD})
    in_seconds(site.run())
    assert site.let_in("frank@example.net") == {True}
    token = people.bob_writes("frank@example.net")
    wait_for("frank has mail", lambda: site.has("frank@example.net", token))
    assert site.run().said.changed == {"mail": 0}


def test_a_changed_password_holds_everywhere(site: Site) -> None:
    site.change("carol", password=NEW)
    in_seconds(site.run())
    assert site.let_in("carol@example.org") == {False}
    assert site.let_in("carol@example.org", NEW) == {True}


def test_a_ready_hash_is_taken_as_it_is(site: Site, scenario: Scenario) -> None:
    salted = "print crypt('of old', '$y$j9T$F5Jx5fExrKuPp53xLKQ..1')"  # yescrypt, as in /etc/shadow
    hashed = scenario.run("mail", "perl", "-e", salted).text.strip()
    site.change("carol", password=None, password_hash=hashed)
    in_seconds(site.run())
    assert f":{hashed}\n" in scenario.shell("mail", "cat /etc/postern/accounts.passwd")
    assert site.let_in("carol@example.org", "of old") == {True}


def test_who_is_locked_is_out_at_once_and_goes_on_getting_mail(
    site: Site, people: People, scenario: Scenario
) -> None:
    login, password = "dave@example.org", scenario.secret("alice")
    with (
        people.inbox(login, password) as imap,
        submitting(scenario, login) as smtp,
        submitting(scenario, "alice@example.org") as other,
    ):
        site.change("dave", locked=True)
        in_seconds(site.run())
        assert not imap.sock.recv(4096).startswith(b"* OK")
        assert not is_alive(smtp)
        assert is_alive(other)
    assert site.let_in(login) == {False}
    token = people.bob_writes(login)

    site.change("dave", locked=None)
    site.run()
    assert site.let_in(login) == {True}
    wait_for("dave has mail", lambda: site.has(login, token))


def test_who_is_renamed_keeps_all_mail(site: Site, people: People) -> None:
    token = people.bob_writes("grace@example.org")
    wait_for("grace has mail", lambda: site.has("grace@example.org", token))
    site.change("grace", name="gracia", formerly="grace")
    in_seconds(site.run())
    assert site.let_in("grace@example.org") == {False}
    assert site.let_in("gracia@example.org") == {True}
    assert site.has("gracia@example.org", token)
    assert is_nobody(people, "grace@example.org")


def test_who_leaves_is_out_at_once_and_mail_goes_only_when_asked(
    site: Site, people: People, scenario: Scenario
) -> None:
    login, password = "erin@example.net", scenario.secret("alice")
    token = people.bob_writes(login)
    wait_for("erin has mail", lambda: site.has(login, token))
    erin = next(one for one in site.accounts if one["name"] == "erin")
    site.accounts.remove(erin)
    with people.inbox(login, password) as imap:
        in_seconds(site.run())
        assert not imap.sock.recv(4096).startswith(b"* OK")
    assert site.let_in(login) == {False}
    assert is_nobody(people, login)

    listed = site.run("accounts_mail=delete")
    in_seconds(listed)
    assert login in listed.said.text
    assert listed.said.changed == {"mail": 0}

    gone = site.run("accounts_mail=archive", "accounts_really=true")
    in_seconds(gone)
    names = scenario.shell("mail", f"for f in {ARCHIVE}/*erin*; do tar -tzf $f; done")
    assert token in scenario.shell(
        "mail", f"for f in {ARCHIVE}/*erin*; do tar -xzOf $f; done | tr -d '\\000'"
    ), names
    assert scenario.shell("mail", f"stat -c %a {ARCHIVE}/*erin*").split() == ["600"]
    site.accounts.append(erin)
    site.run()
    assert not site.has(login, token)


def test_only_those_that_are_named_are_deleted(site: Site, scenario: Scenario) -> None:
    for name in ("gone", "stays"):
        site.accounts.append({"name": name, "password": PASSWORD})
    site.run()
    del site.accounts[-2:]
    named = "accounts_only=gone@example.org"
    in_seconds(site.run("accounts_mail=delete", "accounts_really=true", named))
    left = site.run("accounts_mail=delete").said.text
    assert "stays@example.org" in left
    assert "gone@example.org" not in left
