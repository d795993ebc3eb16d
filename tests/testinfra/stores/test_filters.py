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
        if one.store == "cyrus":
            brings_a_filter(one)
            return
        closed = scenario.run("outside", "nc", "-z", "-w", "3", one.server, "4190")
        assert closed.rc != 0

    everywhere(deed)


def told(one: Person, what: str, ca: str = CA) -> str:
    return (f"sieve-connect --server {one.server} --user {one.login} --passwordfd 0 "
            f"--tlscafile {ca} {what}")  # fmt: skip


def brings_a_filter(one: Person) -> None:
    one.starts_empty()
    with one.imap() as imap:
        imap.create(one.named(imap, "Sorted"))
    script = one.writes("mine", FILTER)
    broken = one.writes("broken", "if nonsense;\n")
    assert one.tries(told(one, "--list", WRONG_CA), one.password).rc != 0
    assert one.tries(told(one, "--list"), "wrong").rc != 0
    bad = f"--localsieve {broken} --remotesieve broken --upload"
    assert one.tries(told(one, bad), one.password).rc != 0
    one.outside(told(one, f"--localsieve {script} --remotesieve mine --upload"), one.password)
    one.outside(told(one, "--remotesieve mine --activate"), one.password)
    listed = one.outside(told(one, "--list"), one.password).text
    assert '"mine" ACTIVE' in listed
    assert "broken" not in listed
    sorts(one)
    one.outside(told(one, "--deactivate"), one.password)
    one.outside(told(one, "--remotesieve mine --delete"), one.password)
    assert "mine" not in one.outside(told(one, "--list"), one.password).text


def sorts(one: Person) -> None:
    token = new_token()
    submit(one, message(f"{token} sorted"), one.login)
    submit(one, message(f"{token} kept"), one.login)

    def arrived() -> bool:
        with one.imap() as imap:
            both = set(one.has(imap)), set(one.has(imap, "Sorted"))
        return both == ({f"{token} kept"}, {f"{token} sorted"})

    wait_for(f"{one.host} has sorted the mail", arrived)
