"""A host that changes its transfer agent: what it sends, what waits, what has arrived."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dialogues.mail import new_token
from dialogues.scenario import Said, Scenario, wait_for

BOB = "bob@example.com"
SENDER_LOOP = """
number=0
while [ -e /run/sending ]; do
    number=$((number + 1))
    token=$1n$number
    printf 'To: bob@example.com\\nSubject: %s\\n\\nWords.\\n' "$token" \\
        | setpriv --reuid=program --regid=program --clear-groups /usr/sbin/sendmail -t -i
    echo "$? $token" >> /run/sent
    sleep 1
done
"""


@dataclass(frozen=True)
class Host:
    """The host, and bob, whom its mail reaches."""

    scenario: Scenario

    def shell(self, script: str) -> str:
        """Run a shell script on the host, which must end well."""
        return self.scenario.shell("desk", script)

    def sends(self, *recipients: str, sender: str = "program@desk.example.org") -> str:
        """Hand in a message; return the token in its subject."""
        token = new_token()
        message = (
            f"From: program@desk.example.org\nTo: many:;\nSubject: {token}\n\n.\nNo newline at end"
        )
        words = ["/usr/sbin/sendmail", "-i", "-f", sender, "--", *recipients]
        said = self.scenario.run("desk", *words, stdin=message)
        assert said.rc == 0, said.text
        return token

    def arrived(self) -> Counter[str]:
        """Return how often each token has arrived."""
        find = "grep -rhs '^Subject: token' /home/bob/Maildir/new || true"
        return Counter(re.findall(r"token\w+", self.scenario.shell("outside", find)))

    def becomes(self, agent: str, *arguments: str) -> Said:
        """Change the host's one line and converge."""
        return self.scenario.playbook("-e", f"mail_transfer_agent={agent}", *arguments)

    def queue(self, agent: str, *arguments: str) -> Said:
        """Run the queue's playbook."""
        extra = [word for argument in arguments for word in ("-e", argument)]
        words = ["-e", f"mail_transfer_agent={agent}", *extra]
        return self.scenario.playbook(*words, name="playbooks/queue.yml")

    def waiting(self, agent: str) -> list[str]:
        """Return the lines of what waits on this host."""
        said = self.queue(agent)
        assert said.rc == 0, said.text
        return re.findall(r"^\s+- (\S+ (?:waiting|held|failed) <.*)$", said.text, re.MULTILINE)


@pytest.fixture(scope="session")
def host(scenario: Scenario) -> Host:
    """The host that changes."""
    scenario.shell("desk", "id program >/dev/null 2>&1 || useradd --create-home program")
    return Host(scenario)


@pytest.fixture
def busy_outside(scenario: Scenario) -> Iterator[Callable[[], None]]:
    """The world outside refuses for now, until the test says otherwise or ends."""
    scenario.shell("outside", "postconf -e smtpd_client_restrictions=defer; postfix reload")

    def free() -> None:
        scenario.shell("outside", "postconf -X smtpd_client_restrictions; postfix reload")

    yield free
    free()


@pytest.fixture
def sending(scenario: Scenario, host: Host, tmp_path: Path) -> Iterator[Callable[[], list[str]]]:
    """A program that sends all the time; call it to end that and to get the tokens accepted."""
    script = "cat > /run/sender; rm -f /run/sent; touch /run/sending"
    assert scenario.run("desk", "sh", "-c", script, stdin=SENDER_LOOP).rc == 0
    base = new_token()
    host.shell(f"systemd-run --quiet --unit=sender --collect sh /run/sender {base}")

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
