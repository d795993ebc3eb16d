"""Hosts that change their transfer agent: what they send, what waits, what has arrived."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dialogues.extent import IS_FULL
from dialogues.mail import new_token
from dialogues.outside import busy
from dialogues.scenario import Said, Scenario, wait_for

BOB = "bob@example.com"
MAINS = {"postfix": "postfix", "sendmail": "sendmail-bin", "nullmailer": "nullmailer"}
# What each agent's packages, processes and files are called, to look for what is left of them.
TRACES = {
    "postfix": ("postfix", "lib/postfix/sbin", "/etc/postfix /var/spool/postfix"),
    "sendmail": (
        "sendmail|sensible-mda",
        "libexec/sendmail|^sendmail:",
        "/etc/mail /var/spool/mqueue /var/spool/mqueue-client /etc/systemd/system/*sendmail*"
        " /etc/cron.d/sendmail /etc/tmpfiles.d/postern-sendmail.conf",
    ),
    "nullmailer": ("nullmailer", "nullmailer-send", "/etc/nullmailer /var/spool/nullmailer"),
}
# Unbound follows an alias in a zone of this kind alone.
ZONE = Path("/etc/unbound/zones/smart.example")
ZONE_CONF = "/etc/unbound/unbound.conf.d/smart.conf"
ZONE_OPTIONS = f'auth-zone:\n name: smart.example\n zonefile: "{ZONE}"\n for-upstream: no\n'
ZONE_TEXT = """$ORIGIN smart.example.
@ 60 SOA outside.example.com. hostmaster 1 3600 600 86400 60
@ 60 NS outside.example.com.
alias 60 CNAME real
real 60 A {address}
"""
PAUSE_SECONDS = 0.1 if IS_FULL else 1  # between two calls of sendmail
SENDER_LOOP = """
number=0
while [ -e /run/sending ]; do
    number=$((number + 1))
    token=$1n$number
    printf 'To: bob@example.com\\nSubject: %s\\n\\nWords.\\n' "$token" \\
        | setpriv --reuid=program --regid=program --clear-groups /usr/sbin/sendmail -t -i
    echo "$? $token" >> /run/sent
    sleep $2
done
"""


@dataclass(frozen=True)
class Host:
    """A host, and bob, whom its mail reaches."""

    scenario: Scenario
    name: str = "desk"

    def shell(self, script: str) -> str:
        """Run a shell script on the host, which must end well."""
        return self.scenario.shell(self.name, script)

    def sends(self, *recipients: str, sender: str = "program@desk.example.org") -> str:
        """Hand in a message; return the token in its subject."""
        token = new_token()
        message = (
            f"From: program@desk.example.org\nTo: many:;\nSubject: {token}\n\n.\nNo newline at end"
        )
        words = ["/usr/sbin/sendmail", "-i", "-f", sender, "--", *recipients]
        said = self.scenario.run(self.name, *words, stdin=message)
        assert said.rc == 0, said.text
        return token

    def arrived(self) -> Counter[str]:
        """Return how often each token has arrived."""
        find = "grep -rhs '^Subject: token' /home/bob/Maildir/new || true"
        return Counter(re.findall(r"token\w+", self.scenario.shell("outside", find)))

    def becomes(self, agent: str, *arguments: str) -> Said:
        """Change the host's one line and converge."""
        return self.scenario.playbook(*self.choice(agent), *arguments)

    def choice(self, agent: str) -> list[str]:
        """Return the arguments that name this host, and its agent."""
        return ["--limit", self.name, "-e", f"agent_of_{self.name}={agent}"]

    def queue(self, *arguments: str) -> Said:
        """Run the queue's playbook."""
        extra = [word for argument in arguments for word in ("-e", argument)]
        words = ["--limit", self.name, *extra]
        return self.scenario.playbook(*words, name="playbooks/queue.yml")

    def waiting(self) -> list[str]:
        """Return the lines of what waits on this host."""
        said = self.queue()
        assert said.rc == 0, said.text
        return re.findall(r"^\s+- (\S+ (?:waiting|held|failed) <.*)$", said.text, re.MULTILINE)


def only(host: Host, agent: str) -> None:
    """Expect one agent, and nothing that is left of the others or of the change."""
    for name, (packages, processes, paths) in TRACES.items():
        if name == agent:
            continue
        kept = host.shell(f"dpkg -l | grep -E '^[a-z]+ +({packages})' || true")
        assert not kept, kept
        runs = host.shell(f"ps -eo args | grep -E '{processes}' | grep -v grep || true")
        assert not runs, runs
        left = host.shell(f"ls -d {paths} 2>/dev/null || true")
        assert not left, left
        listing = "systemctl list-units --all --plain --no-legend --type=service,socket,timer"
        units = host.shell(f"{listing} '*{name}*' | grep -v not-found || true")
        assert not units, units
    assert "ii" in host.shell(f"dpkg -l {MAINS[agent]} | tail -n 1")
    between = "/var/lib/postern/handover* /usr/sbin/sendmail.postern /usr/lib/sendmail.postern"
    assert not host.shell(f"ls -d {between} 2>/dev/null || true")
    assert "sendmail" not in host.shell("dpkg-divert --list")
    assert "Stands in" not in host.shell("head -c 300 /usr/sbin/sendmail | tr -d '\\0'")


@pytest.fixture(scope="session")
def host(scenario: Scenario) -> Host:
    """The host that changes."""
    scenario.shell("desk", "id program >/dev/null 2>&1 || useradd --create-home program")
    return Host(scenario)


@pytest.fixture(scope="session")
def server(scenario: Scenario) -> Host:
    """The server that changes."""
    return Host(scenario, "mail")


@pytest.fixture
def busy_outside(scenario: Scenario) -> Iterator[Callable[[], None]]:
    """The world outside refuses for now, until the test says otherwise or ends."""
    with busy(scenario) as free:
        yield free


@pytest.fixture
def alias(scenario: Scenario) -> Iterator[str]:
    """A name of the host outside that the DNS calls an alias of another one."""
    address = scenario.address("outside")
    put = f"mkdir -p {ZONE.parent}; cat > {ZONE}; printf '%s' '{ZONE_OPTIONS}' > {ZONE_CONF}"
    said = scenario.run("outside", "sh", "-ec", put, stdin=ZONE_TEXT.format(address=address))
    assert said.rc == 0, said.text
    scenario.shell("outside", "systemctl restart unbound")
    yield "alias.smart.example"
    scenario.shell("outside", f"rm {ZONE_CONF}; systemctl restart unbound")


@pytest.fixture
def sending(scenario: Scenario, host: Host, tmp_path: Path) -> Iterator[Callable[[], list[str]]]:
    """A program that sends all the time; call it to end that and to get the tokens accepted."""
    script = "cat > /run/sender; rm -f /run/sent; touch /run/sending"
    assert scenario.run("desk", "sh", "-c", script, stdin=SENDER_LOOP).rc == 0
    base = new_token()
    host.shell(f"systemd-run --quiet --unit=sender --collect sh /run/sender {base} {PAUSE_SECONDS}")

    def end() -> list[str]:
        host.shell("rm -f /run/sending")
        wait_for("the sender ends", lambda: "inactive" in _state(scenario), 60)
        calls = host.shell("cat /run/sent").splitlines()
        failed = [call for call in calls if not call.startswith("0 ")]
        assert not failed, f"{len(failed)} of {len(calls)} calls of sendmail failed: {failed[:5]}"
        return [call.split()[1] for call in calls]

    yield end
    host.shell("rm -f /run/sending")


def _state(scenario: Scenario) -> str:
    return scenario.run("desk", "systemctl", "is-active", "sender").text
