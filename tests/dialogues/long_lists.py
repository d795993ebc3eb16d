"""Lists as large sites have them: 100,000 entries each, a million when POSTERN_FULL is set."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from dialogues.scenario import Scenario


def entries() -> int:
    """Return how many entries each list has."""
    return 1_000_000 if os.environ.get("POSTERN_FULL") == "1" else 100_000


@dataclass(frozen=True)
class Lists:
    """Flat files: domains of senders; addresses of long.example and names that lead to one user."""

    senders: Path
    addresses: Path
    aliases: Path


def write_lists(folder: Path, user: str) -> Lists:
    """Write the lists; each has its number in every line, so that the last one can be asked for."""
    lines = {
        "senders": "{}.listed.example\n",
        "addresses": f"{{}}@long.example {user}\n",
        "aliases": f"alias{{}}: {user}\n",
    }
    for name, line in lines.items():
        with (folder / name).open("w", encoding="ascii") as file:
            file.writelines(line.format(number) for number in range(entries()))
    return Lists(**{name: folder / name for name in lines})


AGAIN = """
module=$(ls -t ~/.ansible/tmp/*/AnsiballZ_{module}.py | head -n 1)
for round in 1 2 3; do bash -c "TIMEFORMAT='took %U %S'; time python3 $module"; done 2>&1
rm -rf ~/.ansible/tmp
"""


def again(scenario: Scenario, host: str, module: str) -> float:
    """Run a module again that Ansible has left on a host; return the seconds that it worked.

    It is the least of three, and what its processor did: how busy the machine is with other
    things does not count. Nothing may change.
    """
    said = scenario.shell(host, AGAIN.format(module=module))
    assert said.count('"changed": false') == 3, said[-2000:]
    return min(
        float(a) + float(b) for a, b in re.findall(r"^took (\S+) (\S+)$", said, re.MULTILINE)
    )
