"""Mail keeps coming while the site is converged with a changed setting."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from dialogues.mail import BOB, People, new_token
from dialogues.scenario import Scenario, wait_for

MESSAGES = 1000 if os.environ.get("POSTERN_FULL") else 200
SEND = """
import subprocess, sys, time
token, count, sender = sys.argv[1], int(sys.argv[2]), sys.argv[3]
argv = ["sendmail", "-f", sender, "carol@example.org"]
for number in range(count):
    text = f"From: {sender}\\nSubject: {token} {number}\\n\\nWords.\\n"
    subprocess.run(argv, input=text.encode(), check=True)
    time.sleep(0.1)
"""


def test_no_message_is_lost_or_doubled_during_a_converge(
    scenario: Scenario, people: People, changed_inventory: Callable[..., str]
) -> None:
    token = new_token()
    changed = changed_inventory(postfix_extra_parameters={"message_size_limit": "31457280"})
    with ThreadPoolExecutor(1) as background:
        sending = background.submit(
            scenario.run, "outside", "python3", "-c", SEND, token, str(MESSAGES), BOB
        )
        said = scenario.playbook(changed)
        assert said.rc == 0, said.text
        assert said.changed["mail"] > 0
        sent = sending.result()
        assert sent.rc == 0, sent.text
    scenario.shell("outside", "postqueue -f")
    wait_for(
        f"{MESSAGES} messages have arrived", lambda: people.count("carol", token) >= MESSAGES, 120
    )
    assert Counter(numbers(people, token)) == Counter(range(MESSAGES))
    assert scenario.playbook().rc == 0


def numbers(people: People, token: str) -> list[int]:
    """Return the numbers of the messages with that token, one for each copy that arrived."""
    with people.mailbox("carol") as imap:
        _, found = imap.search(None, "SUBJECT", f'"{token}"')
        which = b",".join(found[0].split()).decode()
        _, data = imap.fetch(which, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    subjects = [part[1].decode() for part in data if isinstance(part, tuple)]
    return [int(subject.strip().rpartition(" ")[2]) for subject in subjects]
