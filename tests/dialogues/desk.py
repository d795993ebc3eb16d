"""A host that only sends, with nullmailer: what it hands over, what waits, what has arrived."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from dialogues.mail import new_token
from dialogues.scenario import Scenario, wait_for

QUEUE = "/var/spool/nullmailer/queue"
FAILED = "/var/spool/nullmailer/failed"


@dataclass(frozen=True)
class Desk:
    """The host that only sends, and bob, whom its mail reaches."""

    scenario: Scenario

    def shell(self, script: str) -> str:
        """Run a shell script on the desk, which must end well."""
        return self.scenario.shell("desk", script)

    def sends(
        self, *recipients: str, sender: str = "", user: str = "", body: str = "Words."
    ) -> str:
        """Hand a message to nullmailer's sendmail; return the token in its subject."""
        token = new_token()
        who = ["-f", sender] if sender else []
        # Podman exports HOSTNAME, which is no part of a real login and would be believed.
        words = ["env", "--unset=HOSTNAME", "/usr/sbin/sendmail", *who, "--", *recipients]
        argv = ["setpriv", f"--reuid={user}", "--clear-groups", *words] if user else words
        message = f"To: {', '.join(recipients)}\nSubject: {token}\n\n{body}\n"
        said = self.scenario.run("desk", *argv, stdin=message)
        assert said.rc == 0, said.text
        return token

    def queued(self) -> int:
        """Return how many messages wait."""
        return int(self.shell(f"ls {QUEUE} | wc -l"))

    def failed(self, token: str) -> int:
        """Return how many messages with a token have failed for good."""
        return len(self.shell(f"grep -rl 'Subject: {token}' {FAILED} || true").split())

    def arrived(self, token: str) -> list[str]:
        """Return bob's messages with that token in their subject, as texts."""
        files = f"grep -rl 'Subject: {token}' /home/bob/Maildir/new 2>/dev/null || true"
        script = f'for file in $({files}); do cat "$file"; printf "\\0"; done'
        return self.scenario.shell("outside", script).split("\0")[:-1]

    def arrives_once(self, token: str, seconds: float = 60) -> str:
        """Wait for a message and for the queue to be empty; return its text, which came once."""
        wait_for(f"bob has {token}", lambda: self.arrived(token), seconds)
        wait_for("the queue is empty", lambda: self.queued() == 0, seconds)
        (text,) = self.arrived(token)
        return text

    def log(self, pattern: str, since: str) -> str:
        """Return what the daemon logged since a time that matches."""
        words = f"journalctl -q --no-pager -o cat -u nullmailer --since=@{since}"
        return self.shell(f"{words} | grep -E '{pattern}' || true")

    def now(self) -> str:
        """Return the desk's time."""
        return self.shell("date +%s").strip()

    def waits(self, since: str, pattern: str, seconds: float = 30) -> None:
        """Wait until the daemon has logged something."""
        wait_for(f"the daemon logs {pattern}", partial(self.log, pattern, since), seconds)
