"""ManageSieve as people speak it: sieve-connect on the host outside."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dialogues.scenario import Said, Scenario


class Sieve:
    """sieve-connect on the host outside, which trusts the site's authority."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario

    def __call__(self, account: str, *words: str, script: str = "") -> Said:
        """Say something as a person; a script lies where --localsieve finds it."""
        self._scenario.run("outside", "sh", "-c", "cat > script.sieve", stdin=script)
        login = ["--user", f"{account}@example.org", "--passwordfd", "0"]
        where = ["--server", "mail.example.org", "--port", "4190"]
        trust = ["--tlscapath", "/etc/ssl/certs"]
        password = f"{self._scenario.secret(account)}\n"
        argv = ["timeout", "60", "sieve-connect", *where, *login, *trust, *words]
        return self._scenario.run("outside", *argv, stdin=password)

    def put(self, account: str, name: str, script: str) -> Said:
        """Upload a script."""
        words = ["--localsieve", "script.sieve", "--remotesieve", name, "--upload"]
        return self(account, *words, script=script)
