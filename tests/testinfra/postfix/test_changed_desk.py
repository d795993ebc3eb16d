"""The desk after a life by hand, and with much of its own: tables of each type, long lists."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dialogues.long_lists import Lists, again, entries, write_lists
from dialogues.mail import People
from dialogues.scenario import Scenario, changed, wait_for

MAPS = "$config_directory/maps"
PROGRAM = "/var/tmp/by-program"
COMPILED = ("cdb", "btree", "hash", "lmdb")
TYPES = (*COMPILED, "texthash", "regexp", "pcre", "inline")
# As somebody sets up a machine who has read a guide.
BY_HAND = """
cd /etc/postfix
echo 'someone: lisa' > /etc/aliases
echo 'someone@hand.example lisa' > virtual
postconf alias_maps=hash:/etc/aliases alias_database=hash:/etc/aliases \\
    virtual_alias_maps=hash:/etc/postfix/virtual smtpd_delay_reject=no line_length_limit=4096
newaliases
postmap hash:virtual
"""


def variables(lists: Lists) -> dict[str, Any]:
    """Return what another inventory says of the desk."""
    extra = [
        {"name": f"by_{kind}", "type": kind, "entries": {f"{kind}@types.example": "lisa"}}
        for kind in (*COMPILED, "texthash")
    ]
    extra += [
        {"name": f"by_{kind}", "type": kind, "entries": {rf"/^{kind}@types\.example$/": "lisa"}}
        for kind in ("regexp", "pcre")
    ]
    extra += [
        {
            "name": "long",
            "type": "lmdb",
            "sources": [{"file": str(lists.addresses), "form": "pairs"}],
        }
    ]
    tables = [f"{one['type']}:{MAPS}/{one['name']}" for one in extra]
    return {
        "postfix_map_type": "lmdb",
        "postfix_mailbox_command": f"/usr/bin/tee -a {PROGRAM}",
        "mail_access_files": [
            {"kind": "sender", "path": str(lists.senders), "action": "reject", "text": "listed"}
        ],
        "mail_alias_files": [str(lists.aliases)],
        "postfix_extra_services": [],
        "postfix_extra_maps": extra,
        "postfix_extra_parameters": {
            "types_domain": "types.example",  # a name of our own, which another value uses
            "mydestination": ["$myhostname", "localhost", "$types_domain", "long.example"],
            "virtual_alias_maps": [
                f"lmdb:{MAPS}/virtual_aliases",
                *tables,
                "inline:{inline@types.example=lisa}",
            ],
        },
    }


@pytest.fixture(scope="module")
def desk(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The desk, set up by hand before and converged with another inventory since."""
    folder = tmp_path_factory.mktemp("desk")
    lists = write_lists(folder, "lisa")
    argument = changed(folder, "desk", **variables(lists))
    scenario.shell("desk", BY_HAND)
    said = scenario.playbook(argument, "--limit=desk")
    assert said.rc == 0, said.text
    yield argument
    said = scenario.playbook("--limit=desk")
    assert said.rc == 0, said.text
    left = scenario.shell("desk", "ls /etc/postfix/maps").split()
    assert not [name for name in left if name.startswith(("by_", "long"))]
    assert "types_domain" not in scenario.shell("desk", "cat /etc/postfix/main.cf")


@pytest.mark.usefixtures("desk")
def test_a_table_of_each_type_leads_mail_to_a_program(scenario: Scenario, people: People) -> None:
    tokens = {kind: people.sendmail("desk", "root", f"{kind}@types.example") for kind in TYPES}
    tokens["long"] = people.sendmail("desk", "root", f"{entries() - 1}@long.example")
    read = f"cat {PROGRAM} 2>/dev/null || true"
    wait_for("all have come", lambda: {*tokens.values()} <= words(scenario, read), 60)
    text = scenario.shell("desk", read)
    assert [kind for kind, token in tokens.items() if text.count(token) != 1] == []
    lookups = [f"postmap -q {kind}@types.example {kind}:/etc/postfix/maps/by_{kind}"
               for kind in TYPES if kind != "inline"]  # fmt: skip
    assert scenario.shell("desk", "; ".join(lookups)).split() == ["lisa"] * len(lookups)


def words(scenario: Scenario, script: str) -> set[str]:
    """Return all words that a script on the desk prints."""
    return set(scenario.shell("desk", script).split())


@pytest.mark.usefixtures("desk")
def test_what_was_set_by_hand_is_gone_and_so_are_its_databases(scenario: Scenario) -> None:
    text = scenario.shell("desk", "cat /etc/postfix/main.cf")
    assert [name for name in ("smtpd_delay_reject", "line_length_limit", "/etc/aliases")
            if name in text] == []  # fmt: skip
    databases = "find /etc/aliases* /etc/postfix -name '*.db' -o -name '*.lmdb' -o -name '*.cdb'"
    found = set(scenario.shell("desk", databases).split())
    read = set(scenario.shell("desk", "ls /etc/postfix/maps").split())
    own = {f"/etc/postfix/maps/{name}" for name in read if name.endswith((".db", ".lmdb", ".cdb"))}
    assert found == own
    assert {name for name in read if name.endswith(".db")} == {"by_btree.db", "by_hash.db"}
    assert "by_cdb.cdb" in read
    sources = scenario.shell("desk", "cat /etc/aliases /etc/postfix/virtual")
    assert "someone" in sources  # somebody's own words stay


@pytest.mark.usefixtures("desk")
def test_long_tables_are_looked_up(scenario: Scenario) -> None:
    last = entries() - 1
    maps = "/etc/postfix/maps"
    asked = {
        f"postmap -q {last}@long.example lmdb:{maps}/long": "lisa",
        f"postmap -q {last}.listed.example lmdb:{maps}/sender_access": "REJECT listed",
        f"postmap -q alias{last} lmdb:{maps}/local_aliases": "lisa@example.org",
    }
    assert scenario.shell("desk", "; ".join(asked)).split("\n")[:-1] == [*asked.values()]
    counted = scenario.shell("desk", f"wc -l < {maps}/long").strip()
    assert int(counted) >= entries()


def test_a_second_run_is_silent_and_costs_two_seconds_at_most(
    desk: str, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSIBLE_KEEP_REMOTE_FILES", "1")
    said = scenario.playbook(desk, "--limit=desk")
    assert said.rc == 0, said.text
    assert said.changed == {"desk": 0}
    seconds = again(scenario, "desk", "postfix")
    assert seconds <= 2.0 * entries() / 100_000


def test_a_name_that_postfix_does_not_know_is_refused_with_the_nearest(
    desk: str, scenario: Scenario
) -> None:
    before = scenario.shell("desk", "cat /etc/postfix/main.cf")
    wrong = '{"postfix_extra_parameters": {"smtpd_helo_requird": true, "no_use": "x"}}'
    said = scenario.playbook("--limit=desk", "-e", wrong)
    assert said.rc != 0
    assert 'did you mean "smtpd_helo_required"?' in said.text
    assert "no_use" in said.text
    assert scenario.shell("desk", "cat /etc/postfix/main.cf") == before
