"""Mail from outside, by rules into the mailboxes of UNIX users: sanitized, sorted, never lost."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from dialogues.clean_mail import CLEAN
from dialogues.corpus import VIRUSES
from dialogues.extent import IS_FULL, IS_LONG
from dialogues.mail import new_token
from dialogues.messages import labelled, mixed, on_the_wire, part, text
from dialogues.scenario import Scenario, changed, wait_for

HOSTS = ("mail", "second", "third")
# Sends messages from a file of JSON: [server, recipient, [message in base64, ...]].
SEND = """
import base64, json, smtplib, sys
server, recipient, messages = json.load(sys.stdin)
with smtplib.SMTP(server, 25, timeout=120) as client:
    for message in messages:
        client.sendmail("bob@example.com", [recipient], base64.b64decode(message))
"""
# What the mailbox holds of one label: from its line to the next message.
FIND = """
import mailbox, os, sys
label, place = sys.argv[1], os.path.expanduser(sys.argv[2])
box = mailbox.Maildir(place, create=False) if place.endswith("Maildir") else mailbox.mbox(place)
box.lock()  # nobody is writing to it; a clash ends this, and it is tried again
try:
    found = [box.get_bytes(key) for key in box.keys()]
finally:
    box.unlock()
found = [one for one in found if f"X-Corpus: {label}\\n".encode() in one]
sys.stdout.buffer.write(found[0] if len(found) == 1 else b"")
sys.exit(0 if len(found) == 1 else 3)
"""
RULES = {"mail": ".procmailrc", "second": ".procmailrc", "third": ".mailfilter"}
PROGRAM = "/usr/local/lib/postern-sanitize/__main__.py"
CLEAN_NAMES = ("plain text", "8-bit UTF-8", "S/MIME signed", "PGP signed", "name by RFC 2231")


def place(host: str, user: str = "alice") -> str:
    return f"~{user}/Maildir" if host == "third" else f"/var/mail/{user}"


def send(scenario: Scenario, host: str, *messages: bytes, user: str = "alice") -> None:
    name = f"{host}.example.org"
    domain = name if host == "third" else "example.org"
    packed = [base64.b64encode(on_the_wire(one)).decode() for one in messages]
    given = json.dumps([name, f"{user}@{domain}", packed])
    said = scenario.run("outside", "python3", "-c", SEND, stdin=given)
    assert said.rc == 0, said.text


def arrived(scenario: Scenario, host: str, label: str, user: str = "alice") -> str:
    argv = ["python3", "-c", FIND, label, place(host, user)]
    found: list[str] = []

    def looked() -> bool:
        said = scenario.run(host, *argv)
        found[:] = [said.text]
        return said.rc == 0

    wait_for(f"{label} is on {host}", looked, 90)
    return found[0]


def waiting(scenario: Scenario, host: str) -> str:
    return scenario.run(host, "mailq").text


@pytest.mark.parametrize("host", HOSTS)
def test_clean_mail_arrives_as_it_was_written(scenario: Scenario, host: str) -> None:
    labels = {new_token(): CLEAN[name]() for name in CLEAN_NAMES}
    send(scenario, host, *(labelled(content, label) for label, content in labels.items()))
    for label, content in labels.items():
        got = arrived(scenario, host, label)
        assert got.endswith(labelled(content, label).decode().split("\n\n", 1)[1]), label
        assert "X-Postern-Sanitized" not in got


@pytest.mark.parametrize("host", HOSTS)
def test_a_dangerous_name_and_an_active_page_are_defused(scenario: Scenario, host: str) -> None:
    named, paged = new_token(), new_token()
    page = part("text/html", b"<p>hello</p><script>alert(1)</script>\n")
    send(
        scenario,
        host,
        labelled(VIRUSES["double extension"](), named),
        labelled(mixed("page", text(), page), paged),
    )
    assert 'filename="invoice.pdf.exe.defanged"' in arrived(scenario, host, named)
    got = arrived(scenario, host, paged)
    assert "<p>hello</p>" in got
    assert "<script" not in got


@pytest.mark.parametrize("host", HOSTS)
def test_peoples_own_rules_run_with_their_own_rights(scenario: Scenario, host: str) -> None:
    label = new_token()
    rules = {
        ".procmailrc": ":0 c\n| id -un > $HOME/who; cat /etc/shadow > $HOME/secret 2>&1\n",
        ".mailfilter": 'cc "| id -un > $HOME/who; cat /etc/shadow > $HOME/secret 2>&1; true"\n',
    }[RULES[host]]
    path = f"~carol/{RULES[host]}"
    scenario.run(
        host, "sh", "-ec", f"cat > {path}; chmod 600 {path}; chown carol: {path}", stdin=rules
    )
    try:
        send(scenario, host, labelled(CLEAN["plain text"](), label), user="carol")
        arrived(scenario, host, label, "carol")
        assert scenario.shell(host, "cat ~carol/who").strip() == "carol"
        assert "Permission denied" in scenario.shell(host, "cat ~carol/secret")
    finally:
        scenario.shell(host, f"rm -f {path} ~carol/who ~carol/secret")


@pytest.mark.parametrize("host", HOSTS)
def test_mail_waits_while_it_can_not_be_sanitized(scenario: Scenario, host: str) -> None:
    label = new_token()
    scenario.shell(host, f"mv {PROGRAM} {PROGRAM}.away")
    try:
        send(scenario, host, labelled(CLEAN["plain text"](), label))
        wait_for("the message waits", lambda: "alice" in waiting(scenario, host), 90)
        found = scenario.run(host, "sh", "-c", f"grep -r {label} {place(host)}")
        assert (found.rc, found.text) == (1, "")
    finally:
        scenario.shell(host, f"mv {PROGRAM}.away {PROGRAM}")
    scenario.shell(host, "sendmail -q")
    arrived(scenario, host, label)


@pytest.mark.parametrize(
    ("host", "program", "wrong"),
    [("mail", "procmail", ":0\n* ^Subject: (\nnowhere/\n:0 q\n"), ("third", "maildrop", "if (\n")],
)
def test_rules_that_do_not_deliver_are_told_from_those_that_do(
    scenario: Scenario, host: str, program: str, wrong: str
) -> None:
    try_out = f"python3 /usr/local/sbin/postern-check-delivery {program}"
    live = f"/etc/{program}rc"
    assert scenario.shell(host, f"{try_out} {live}") == ""
    script = f"rules=$(mktemp); cat {live} - > $rules; {try_out} $rules"
    said = scenario.run(host, "sh", "-c", script, stdin=wrong)
    assert said.rc == 1
    assert "does not deliver by these rules" in said.text


def test_the_first_message_makes_the_maildir(scenario: Scenario) -> None:
    label = new_token()
    scenario.shell(
        "third", "rm -rf ~carol/Maildir; mkdir ~carol/Maildir; chown carol: ~carol/Maildir"
    )
    send(scenario, "third", labelled(CLEAN["plain text"](), label), user="carol")
    arrived(scenario, "third", label, "carol")


def test_a_site_whose_store_writes_itself_is_refused(scenario: Scenario, tmp_path: Path) -> None:
    said = scenario.playbook(changed(tmp_path, "mail", mail_store="cyrus"), "--limit=mail")
    assert said.rc != 0
    assert "procmail delivers to UNIX users, and the mailboxes are" in " ".join(said.text.split())


OURS = ("/usr/local/lib/postern-sanitize", "/usr/local/sbin/postern-check-delivery")


def gone(scenario: Scenario, host: str, *paths: str) -> bool:
    return all(scenario.run(host, "test", "-e", path).rc == 1 for path in paths)


if IS_LONG:

    def test_turned_off_nothing_of_it_is_left(scenario: Scenario, tmp_path: Path) -> None:
        more = changed(tmp_path, "mail", mail_delivery="direct")
        paths = ("/etc/procmailrc", *OURS)
        seen = scenario.playbook(more, "--limit=mail", "--check", "--diff")
        assert seen.rc == 0, seen.text
        for path in paths:
            assert f"changed: [mail] => (item={path})" in seen.text, seen.text
        said = scenario.playbook(more, "--limit=mail")
        assert said.rc == 0, said.text
        assert gone(scenario, "mail", *paths)
        assert scenario.shell("mail", "postconf -h mailbox_command").strip() == ""
        label = new_token()
        send(scenario, "mail", labelled(VIRUSES["double extension"](), label))
        assert "defanged" not in arrived(scenario, "mail", label)
        back = scenario.playbook("--limit=mail")
        assert back.rc == 0, back.text


if IS_FULL:

    def test_wrong_rules_never_go_live(scenario: Scenario, tmp_path: Path) -> None:
        before = scenario.shell("third", "sha256sum /etc/maildroprc")
        more = changed(tmp_path, "third", procmail_extra_rules="if (\n")
        said = scenario.playbook(more, "--limit=third")
        assert said.rc != 0
        assert "does not deliver by these rules" in said.text
        assert scenario.shell("third", "sha256sum /etc/maildroprc") == before

    def test_programs_take_over_from_each_other(scenario: Scenario, tmp_path: Path) -> None:
        (tmp_path / "maildrop").mkdir()
        maildrop = changed(tmp_path / "maildrop", "second", mail_delivery="maildrop")
        seen = scenario.playbook(maildrop, "--limit=second", "--check", "--diff")
        assert seen.rc == 0, seen.text
        said = scenario.playbook(maildrop, "--limit=second")
        assert said.rc == 0, said.text
        label = new_token()
        send(scenario, "second", labelled(VIRUSES["double extension"](), label))
        assert "invoice.pdf.exe.defanged" in arrived(scenario, "second", label)
        assert gone(scenario, "second", "/etc/procmailrc")
        again = scenario.playbook(maildrop, "--limit=second")
        assert again.changed == {"second": 0}, again.text
        (tmp_path / "direct").mkdir()
        direct = changed(tmp_path / "direct", "second", mail_delivery="direct")
        said = scenario.playbook(direct, "--limit=second")
        assert said.rc == 0, said.text
        assert gone(scenario, "second", "/etc/maildroprc", *OURS)
        label = new_token()
        send(scenario, "second", labelled(CLEAN["plain text"](), label))
        arrived(scenario, "second", label)
        back = scenario.playbook("--limit=second")
        assert back.rc == 0, back.text
