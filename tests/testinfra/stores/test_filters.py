"""People's filters, brought over ManageSieve by sieve-connect; Cyrus alone has them."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dialogues.everywhere import everywhere
from dialogues.mail import new_token
from dialogues.scenario import Scenario, wait_for
from dialogues.stores_person import CA, WRONG_CA, Person, message, submit

FILTER = 'require ["fileinto"];\nif header :contains "Subject" "sorted" {{ fileinto "Sorted"; }}\n'


def test_sieve_connect_brings_a_filter(scenario: Scenario) -> None:
    def deed(host: str) -> None:
        one = Person(scenario, host)
        connect = (f"sieve-connect --server {one.server} --user {one.login} --passwordfd 0 "
                   "--tlscafile {ca} {what}")  # fmt: skip

        def told(what: str, ca: str = CA) -> str:
            return connect.format(ca=ca, what=what)

        if one.store != "cyrus":
            closed = scenario.run("outside", "nc", "-z", "-w", "3", one.server, "4190")
            assert closed.rc != 0
            return
        one.starts_empty()
        with one.imap() as imap:
            imap.create(one.named(imap, "Sorted"))
        script = one.writes("mine", FILTER)
        broken = one.writes("broken", "if nonsense;\n")
        assert one.tries(told("--list", WRONG_CA), one.password).rc != 0
        assert one.tries(told("--list"), "wrong").rc != 0
        refused = one.tries(
            told(f"--localsieve {broken} --remotesieve broken --upload"), one.password
        )
        assert refused.rc != 0, refused.text
        one.outside(told(f"--localsieve {script} --remotesieve mine --upload"), one.password)
        one.outside(told("--remotesieve mine --activate"), one.password)
        listed = one.outside(told("--list"), one.password).text
        assert '"mine" ACTIVE' in listed
        assert "broken" not in listed
        token = new_token()
        submit(one, message(f"{token} sorted"), one.login)
        submit(one, message(f"{token} kept"), one.login)

        def arrived() -> bool:
            with one.imap() as imap:
                both = set(one.has(imap)), set(one.has(imap, "Sorted"))
            return both == ({f"{token} kept"}, {f"{token} sorted"})

        wait_for(f"{host} has sorted the mail", arrived)
        one.outside(told("--deactivate"), one.password)
        one.outside(told("--remotesieve mine --delete"), one.password)
        assert "mine" not in one.outside(told("--list"), one.password).text

    everywhere(deed)
