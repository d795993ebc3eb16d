"""UNIX users behind mailboxes, locked people, and sessions that end at the worst moment."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import poplib
from pathlib import Path

import pytest
from dialogues.mail import new_token
from dialogues.pop import HOSTS, Post
from dialogues.scenario import Scenario, wait_for

DAVE = "dave@example.org"
# A mailbox whose first message is large, and 200 behind it that have to move when it is deleted.
FILL = r"""
import os, pwd
dave = pwd.getpwnam("dave").pw_uid
line = b"x" * 75 + b"\n"
with open("/var/mail/dave", "wb") as box:
    for number in range(201):
        head = b"From bob Sat Nov 28 01:00:00 2026\nSubject: kept-%d-\n\n" % number
        box.write(head + line * (120_000 if number == 0 else 700) + b"end-%d-\n\n" % number)
os.chown("/var/mail/dave", dave, 8)
os.chmod("/var/mail/dave", 0o600)
"""
# Kills the session of dave's as soon as it writes to the mailbox.
KILL = r"""
import os, pwd, re, signal, time
dave, box = pwd.getpwnam("dave").pw_uid, "/var/mail/dave"
before = os.stat(box)
pids = [int(p) for p in os.listdir("/proc") if p.isdecimal()]
mine = [p for p in pids if f"Uid:\t{dave}\t" in open(f"/proc/{p}/status").read()]
print("ready", len(mine), flush=True)
end = time.monotonic() + 30
while os.stat(box).st_mtime_ns == before.st_mtime_ns and time.monotonic() < end:
    pass
for pid in mine:
    os.kill(pid, signal.SIGKILL)
time.sleep(0.5)
data = open(box, "rb").read()
kept = set()
for found in re.finditer(rb"Subject: kept-(\d+)-\n\n", data):
    whole = b"x" * 75 + b"\n"
    if data.startswith(whole * 700 + b"end-%b-\n\n" % found[1], found.end()):
        kept.add(int(found[1]))
lost = 200 - len(kept - {0})
print("cut" if len(data) == before.st_size else "done", "lost", lost)
"""


def test_every_promise_is_kept(scenario: Scenario, tmp_path: Path) -> None:
    reports = json.dumps({"verify_report_directory": str(tmp_path)})
    said = scenario.playbook("--extra-vars", reports, name="playbooks/verify.yml")
    assert said.rc == 0, said.text
    assert "promises are kept" in said.text


def test_people_are_unix_users_who_can_do_nothing_but_get_mail(post: Post) -> None:
    entries = post.scenario.shell(post.host, "getent passwd alice carol dave erin.o-hara")
    assert [line.split(":")[-1] for line in entries.split()] == ["/usr/sbin/nologin"] * 4
    shadow = post.scenario.shell(post.host, "getent shadow alice carol dave erin.o-hara")
    assert {line.split(":")[1] for line in shadow.split()} == {"!"}
    assert "mode=600" in post.scenario.shell(post.host, "stat -c mode=%a /var/mail/alice")


def test_debians_own_daemon_can_not_start(post: Post) -> None:
    assert post.scenario.run(post.host, "systemctl", "start", "popa3d.service").rc != 0
    listening = post.scenario.shell(post.host, "ss -tlnH '( sport = :110 or sport = :910 )'")
    assert "popa3d" not in listening


def test_a_session_killed_while_it_deletes_loses_no_mail(post: Post) -> None:
    scenario = post.scenario
    for _try in range(5):
        scenario.run(post.host, "python3", "-", stdin=FILL)
        pop = post.connect()
        pop.user(DAVE)
        pop.pass_(post.password)
        pop.dele(1)
        unit = "killer"
        scenario.run(post.host, "sh", "-c", "cat > /srv/kill.py", stdin=KILL)
        scenario.run(post.host, "systemctl", "reset-failed", unit)
        scenario.shell(
            post.host,
            f"rm -f /srv/killed; systemd-run -q --unit {unit} sh -c"
            " 'python3 /srv/kill.py > /srv/killed 2>&1'",
        )
        wait_for("the killer waits", lambda: "ready 1" in _said(post))
        with pytest.raises((poplib.error_proto, OSError)):
            pop.quit()
            raise poplib.error_proto("it was faster than the killer")
        pop.close()
        wait_for("the killer has looked", lambda: "lost" in _said(post))
        assert _said(post).endswith("lost 0"), _said(post)
        if "cut" in _said(post):
            break
    else:
        pytest.fail("no session was caught while it wrote")
    with post.session(DAVE) as pop:  # and what was left is a mailbox
        assert pop.stat()[0] >= 200
    scenario.shell(post.host, "truncate --size 0 /var/mail/dave")


def _said(post: Post) -> str:
    return post.scenario.run(post.host, "cat", "/srv/killed").text.strip()


def test_who_is_locked_is_out_at_once_and_still_gets_mail(
    scenario: Scenario, tmp_path: Path
) -> None:
    posts = [Post(scenario, host) for host in HOSTS]
    sessions = []
    for post in posts:
        pop = post.connect()
        pop.user(DAVE)
        pop.pass_(post.password)
        sessions.append(pop)
    said = scenario.playbook(_locked(tmp_path, locked=True))
    assert said.rc == 0, said.text
    assert said.changed == {"mail": 2, "second": 2}
    token = new_token()
    for post, pop in zip(posts, sessions, strict=True):
        with pytest.raises((poplib.error_proto, OSError)):
            pop.noop()
        with pytest.raises(poplib.error_proto, match="Authentication failed"), post.session(DAVE):
            pass
        post.send((DAVE, f"Subject: {token}\n\nWords.\n"))
    again = scenario.playbook(_locked(tmp_path, locked=False))
    assert again.changed == {"mail": 2, "second": 2}, again.text
    for post in posts:
        post.arrives(DAVE, token)


def _locked(folder: Path, locked: bool) -> str:
    """Return an argument that locks dave, as an edited inventory would."""
    password = "{{ password }}"
    people = [
        {"name": "alice", "password": password, "aliases": ["alice.liddell"]},
        {"name": "carol", "password": password},
        {"name": "dave", "password": password, "locked": locked},
        {"name": "erin.o-hara", "domain": "example.net", "password": password},
    ]
    path = folder / f"locked-{locked}.json"
    hosts: dict[str, dict[str, object]] = {host: {"mail_accounts": people} for host in HOSTS}
    path.write_text(json.dumps({"all": {"hosts": hosts}}))
    return f"--inventory={path}"
