"""Every daemon is killed while mail arrives and people read: what was accepted is there, once."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable

import pytest
from dialogues.everywhere import HOSTS, everywhere
from dialogues.extent import IS_FULL
from dialogues.scenario import Scenario, wait_for
from dialogues.stores_person import Person
from dialogues.stores_storm import Storm

MESSAGES, READERS = (500, 20) if IS_FULL else (100, 5)
BACK_SECONDS = 50
# Of several processes the oldest is killed, which is the master where there is one.
DAEMONS = {
    "cyrus": ("lmtpd", "imapd", "cyrmaster"),
    "courier": ("authdaemond", "couriertcpd", "imapd"),
    "postfix": ("master", "smtpd", "qmgr"),
    "sendmail": ("sendmail",),
    "all": ("saslauthd", "stunnel4"),
}
DELIVERS = {"cyrus": "lmtp", "courier": "virtual"}  # of Postfix' own
# Killed between keeping a message and saying so, a store gets it again, and can't know (RFC 1047):
# one message for each of these that is killed.
DELIVERING = {"lmtpd", "cyrmaster", "master", "lmtp", "virtual", "sendmail"}
# What is put off while the store is away comes at once, as otherwise some minutes later.
FLUSH = {"postfix": "postqueue -f", "sendmail": "sendmail -Am -q"}


def deeds(host: str) -> list[tuple[str, str]]:
    """Return how each daemon of a host is killed; one that does not run just then is awaited."""
    store, agent = host.split("-")
    names = (*DAEMONS[store], *DAEMONS[agent], *DAEMONS["all"])
    if agent == "postfix":
        names = (*names, DELIVERS[store])
    kill = "for i in $(seq 100); do pkill -KILL -o -x {} && exit; sleep 0.1; done; exit 1"
    return [(name, f"{FLUSH[agent]}; {kill.format(name)}") for name in names]


# In full one host after the other: those of the lab share the cores that a server has for itself.
@pytest.mark.parametrize("hosts", [(host,) for host in HOSTS] if IS_FULL else [HOSTS], ids=" ".join)
def test_what_was_accepted_is_there_once(
    scenario: Scenario, show: Callable[[str], None], hosts: tuple[str, ...]
) -> None:
    def deed(host: str) -> None:
        person = Person(scenario, host, "storm@example.org")
        person.starts_empty()
        storm = Storm(person)
        felt = storm.rage(MESSAGES, READERS, deeds(host))
        agent = host.partition("-")[2]

        def complete() -> bool:
            scenario.shell(host, FLUSH[agent])
            return storm.accepted <= set(storm.there())

        wait_for(f"{host} has all that it accepted", complete, 90)
        there = storm.there()
        own = {subject: count for subject, count in there.items() if subject.startswith("token")}
        doubled = {subject: count for subject, count in own.items() if count > 1}
        assert sum(doubled.values()) - len(doubled) <= len(DELIVERING & {*felt}), doubled
        assert set(own) <= storm.accepted | storm.unknown
        assert storm.readings > READERS
        times = ", ".join(f"{name} {seconds:.1f}" for name, seconds in felt.items())
        show(f"{host}: {len(storm.accepted)} accepted, {len(storm.unknown)} without an answer, "
             f"{storm.readings} readings, {storm.interruptions} interrupted; seconds until all "
             f"worked again: {times}")  # fmt: skip
        assert max(felt.values()) < BACK_SECONDS

    everywhere(deed, hosts)
