"""The desk as a daemon for a while: on a host where Debian's own script runs, with long tables."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dialogues.long_lists import again, entries, write_lists
from dialogues.mail import BOB, People, new_token
from dialogues.scenario import Scenario, changed, wait_for

from .conftest import CLIENT, LISTENER, QUEUE, processes, sends

REFUSAL = 'ERROR:5.7.1:"550 listed"'
LOG = "/var/log/sendmail/transactions.log"
# As Debian's packages do it where nobody has told them to keep their hands off; and a runner that
# somebody has started by hand, which no unit knows of.
DEBIAN = """
printf '%s\\n' 'DAEMON_MODE="Daemon";' 'QUEUE_MODE="Daemon";' 'QUEUE_INTERVAL="10m";' \\
    'MSP_MODE="Daemon";' 'MSP_INTERVAL="20m";' > /etc/mail/sendmail.conf
systemctl unmask --quiet sendmail.service
systemctl restart sendmail.service
sendmail -Am -L by-hand -q7m -OPidFile=/run/by-hand.pid
sleep 1
"""
# All the while: does /usr/sbin/sendmail answer, whatever it is called as?
PROBE = """
while [ -e /run/probing ]; do
    number=$((number + 1))
    mailq -Am >/dev/null 2>&1 || echo "mailq $?"
    printf 'QUIT\\r\\n' | sendmail -bs 2>&1 | grep -q '^221' || echo "-bs"
    if [ $((number % 10)) = 1 ]; then
        printf 'Subject: %s\\n\\nWords.\\n' "$1n$number" | sendmail ann && echo "sent $1n$number" \\
            || echo "sendmail $?"
    fi
    sleep 0.1
done > /run/probed 2>&1
"""


@pytest.fixture(scope="module")
def probing(scenario: Scenario, users: None) -> Iterator[None]:
    """Somebody calls sendmail ten times a second, whatever happens to it."""
    argv = ("sh", "-c", "cat > /run/probe; touch /run/probing")
    assert scenario.run("desk", *argv, stdin=PROBE).rc == 0
    run = f"systemd-run --quiet --collect --unit=probe sh /run/probe {new_token()}"
    scenario.shell("desk", run)
    yield
    scenario.shell("desk", "rm -f /run/probing")


@dataclass(frozen=True)
class Daemon:
    """The argument that makes the desk a daemon, and what the run said."""

    argument: str
    said: str


@pytest.fixture(scope="module")
def daemon(
    scenario: Scenario, probing: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Daemon]:
    """The desk as a daemon, with long tables and a login at the smarthost."""
    folder = tmp_path_factory.mktemp("daemon")
    _debian_runs_everything(scenario)
    argument = changed(folder, "desk", **_variables(folder))
    said = scenario.playbook(argument, "--limit=desk", "--diff")
    assert said.rc == 0, said.text
    scenario.shell("desk", f"head -c 2M /dev/zero >> {LOG}")  # the timer will find it too large
    yield Daemon(argument, said.text)
    _debian_runs_everything(scenario)
    said = scenario.playbook("--limit=desk")
    assert said.rc == 0, said.text
    assert processes(scenario, "desk") == [CLIENT, QUEUE.format("00:15:00")]
    assert "sendmail" not in scenario.shell("desk", "ss -Hltnp")
    # It holds passwords: it leaves with its option.
    assert not scenario.shell("desk", f"ls {LOG}* 2>/dev/null || true")


def _debian_runs_everything(scenario: Scenario) -> None:
    """Let Debian's own script start what it would, and somebody another, beside what runs."""
    ours = processes(scenario, "desk")
    scenario.shell("desk", DEBIAN)
    strays = [CLIENT.replace("05:00", "20:00"), QUEUE.format("00:07:00")]
    assert {*processes(scenario, "desk")} >= {*ours, *strays, LISTENER}


def _variables(folder: Path) -> dict[str, object]:
    lists = write_lists(folder, "ann")
    senders = {"file": str(lists.senders), "form": "keys", "tag": "From", "value": REFUSAL}
    return {
        "sendmail_mode": "daemon",
        "sendmail_queue_interval": "1h",
        "sendmail_transaction_log": {"size_mib": 1},
        "mail_local_users": "maildir",
        "mail_relay": {
            "host": "mail.example.org",
            "port": 587,
            "tls": "verify",
            "username": "fleet@example.org",
            "password": "{{ password_of_fleet }}",
        },
        "sendmail_extra_tables": {
            "access": {"sources": [senders]},
            "virtusertable": {"sources": [{"file": str(lists.addresses), "form": "pairs"}]},
        },
        "sendmail_extra_aliases": {"sources": [{"file": str(lists.aliases), "form": "aliases"}]},
    }


@pytest.mark.usefixtures("daemon")
def test_what_debians_own_script_has_started_makes_way(scenario: Scenario) -> None:
    assert processes(scenario, "desk") == [CLIENT, QUEUE.format("01:00:00"), LISTENER]
    listening = scenario.shell("desk", "ss -Hltnp | grep sendmail")
    assert re.findall(r"\S+:\d+(?=\s+\S+:\*)", listening) == ["127.0.0.1:25"]


def test_a_login_at_the_smarthost_is_used_and_told_to_nobody(
    daemon: Daemon, scenario: Scenario, people: People
) -> None:
    secret = scenario.secret("fleet")
    watch = "for n in $(seq 40); do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'; done"
    token = new_token()
    text = f"Subject: {token}\\n\\nWords.\\n"
    seen = scenario.shell("desk", f"printf '{text}' | runuser -u ann -- sendmail {BOB}; {watch}")
    people.bob_receives(token)
    log = scenario.shell("mail", "journalctl -q --no-pager -t sm-mta --since=-3min")
    assert re.search(r"AUTH=server, relay=desk\.example\.org.*authid=fleet@example\.org", log)
    journal = scenario.shell("desk", "journalctl -q --no-pager")
    assert re.search(r"STARTTLS=client, relay=mail\.example\.org\.?, .*verify=OK", journal)
    told = {"a process": seen, "the run": daemon.said, "the journal": journal, "the server": log}
    assert [name for name, words in told.items() if secret in words] == []
    modes = "find /etc/mail -name 'authinfo*' -perm /077"
    assert scenario.shell("desk", modes) == ""


# As linux/capability.h numbers them: chown, dac_override, dac_read_search, fowner, kill, setgid,
# setuid, net_bind_service.
DELIVERS = sum(1 << number for number in (0, 1, 2, 3, 5, 6, 7, 10))
BOUNDS = {
    "postern-sendmail": DELIVERS,
    "postern-sendmail-queue": DELIVERS,
    "postern-sendmail-submit": 0,
}


@pytest.mark.usefixtures("daemon")
@pytest.mark.parametrize("unit", BOUNDS)
def test_a_process_has_no_more_rights_than_its_work_takes(scenario: Scenario, unit: str) -> None:
    show = f"systemctl show --value --property=MainPID {unit}"
    fields, all_there_are = (
        dict(re.findall(r"^(\w+):\s+(.*)$", scenario.shell("desk", script), re.MULTILINE))
        for script in (f"cat /proc/$({show})/status", "cat /proc/1/status")
    )
    assert int(fields["CapBnd"], 16) == BOUNDS[unit] & int(all_there_are["CapBnd"], 16)
    assert int(fields["CapEff"], 16) & ~BOUNDS[unit] == 0
    assert fields["NoNewPrivs"] == "1"
    assert fields["Seccomp"] == "2"


@pytest.mark.usefixtures("daemon")
def test_long_tables_are_looked_up(scenario: Scenario) -> None:
    last = entries() - 1
    ask = "\n".join(
        [
            f"/map access from:{last}.listed.example",
            f"/map virtuser {last}@long.example",
            f"/map aliases alias{last}",
            "/map access from:none.listed.example",
        ]
    )
    said = scenario.run("desk", "sendmail", "-Am", "-bt", stdin=ask).text
    assert 'returns ERROR:5.7.1:"550 listed"' in said
    assert "returns ann" in said
    assert re.search(r"alias\d+\) returns ann", said), said
    assert "no match (0)" in said


def test_a_second_run_is_silent_and_costs_two_seconds_at_most(
    daemon: Daemon, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSIBLE_KEEP_REMOTE_FILES", "1")
    said = scenario.playbook(daemon.argument, "--limit=desk")
    assert said.rc == 0, said.text
    assert said.changed == {"desk": 0}
    assert again(scenario, "desk", "sendmail") <= 2.0 * entries() / 100_000


@pytest.mark.usefixtures("daemon")
def test_a_daemon_delivers_to_maildirs_and_its_log_is_turned_over_by_the_timer(
    scenario: Scenario,
) -> None:
    token = sends(scenario, "ann", "ben")
    boxed = f"grep -rl {token} ~ben/Maildir/new"
    wait_for("ben has it", lambda: scenario.run("desk", "sh", "-c", boxed).rc == 0)
    assert token in scenario.shell("desk", f"cat {LOG} {LOG}.1 2>/dev/null || true")
    assert scenario.shell("desk", f"stat -c '%a %U' {LOG}").strip() == "600 root"
    turned = f"test $(stat -c %s {LOG}.1 2>/dev/null || echo 0) -gt 2097152"
    wait_for("it is turned over", lambda: scenario.run("desk", "sh", "-c", turned).rc == 0, 75)
    modes = scenario.shell("desk", f"stat -c %a {LOG} {LOG}.1").split()
    assert modes == ["600", "600"]
    assert int(scenario.shell("desk", f"stat -c %s {LOG}")) < 1048576


@pytest.mark.usefixtures("daemon", "probing")
def test_sendmail_answered_all_the_time(scenario: Scenario) -> None:
    scenario.shell("desk", "rm -f /run/probing")
    ended = 'test "$(systemctl is-active probe)" != active'
    wait_for("the probe ends", lambda: scenario.run("desk", "sh", "-c", ended).rc == 0, 30)
    lines = scenario.shell("desk", "cat /run/probed").splitlines()
    tokens = [line.removeprefix("sent ") for line in lines if line.startswith("sent ")]
    assert len(lines) == len(tokens) > 3, lines
    find = "grep -rhs '^Subject: ' /var/mail/ann ~ann/Maildir || true"
    subjects = scenario.shell("desk", find).splitlines()
    found = [line.removeprefix("Subject: ") for line in subjects]
    assert [found.count(token) for token in tokens] == [1] * len(tokens)
