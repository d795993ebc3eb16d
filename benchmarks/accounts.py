"""Measure the accounts module and the site check with thousands of people.

Run by hand: `.venv/bin/python benchmarks/accounts.py [bookworm|trixie] [PEOPLE] [ROUNDS]`. Makes a
container for each release and removes it. What the first run takes is hashing alone, so that fewer
rounds than the default shorten it; one without changes verifies one hash, however many there are.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tables

INSTALL = (
    "apt-get update -q && DEBIAN_FRONTEND=noninteractive "
    "apt-get install -y -q --no-install-recommends libpam-pwdfile python3-passlib sasl2-bin"
)
PEOPLE, ROUNDS = 10_000, 100_000
RUNS = ("first", "again", "once more", "one new password")


def main() -> None:
    """Measure the controller's part, and the host's on each release."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    people, rounds = [*numbers, *(PEOPLE, ROUNDS)[len(numbers) :]]
    print(f"controller, {people} people: {line(controller(people))}", flush=True)
    for release in [word for word in sys.argv[1:] if word in tables.RELEASES] or tables.RELEASES:
        name = f"postern-bench-accounts-{release}"
        try:
            tables.prepared(name, release, INSTALL)
            tables.engine("cp", Path(__file__), f"{name}:{tables.INSIDE}/accounts.py")
            argv = ("python3", tables.INSIDE / "accounts.py", "inside", str(people), str(rounds))
            print(f"{release}, {people} people: {tables.engine('exec', name, *argv)}", end="")
        finally:
            tables.engine("rm", "-f", "-t", "1", name)


def line(seconds: dict[str, float]) -> str:
    """Return what was measured as one line."""
    return ", ".join(f"{what} {taken:.2f} s" for what, taken in seconds.items())


def entries(people: int, new: str = "") -> list[dict[str, Any]]:
    """Return so many accounts; the first one's password may be another."""
    named: list[dict[str, Any]] = [
        {"name": f"person{n}", "password": f"secret of {n}"} for n in range(people)
    ]
    named[0]["password"] += new
    return named


def controller(people: int) -> dict[str, float]:
    """Measure what the site check and the filters take of the processor, without Ansible's own."""
    sys.path[:0] = [str(tables.ROOT / "collections")]
    from ansible_collections.postern.mail.plugins.module_utils._core.spec import (  # noqa: PLC0415
        check,
    )
    from ansible_collections.postern.mail.plugins.module_utils._site import (  # noqa: PLC0415
        shapes_accounts,
    )
    from ansible_collections.postern.mail.plugins.module_utils._site.judge import (  # noqa: PLC0415
        judge_host,
        secrets_of,
    )
    from ansible_collections.postern.mail.plugins.plugin_utils.specs import (  # noqa: PLC0415
        site_options,
    )

    options = site_options()
    raw = {
        "mail_domain": "example.org",
        "mail_hostname": "mail.example.org",
        "mail_domains": [{"name": "example.org"}],
        "mail_accounts": entries(people),
        "mail_aliases": dict.fromkeys(("root", "postmaster", "abuse"), "person1"),
    }
    site = judge_host(options, raw).site
    if site is None:
        raise SystemExit("the model does not hold")
    return {
        "structure": taken(lambda: check(options, raw)),
        "check": taken(lambda: judge_host(options, raw)),
        "secrets": taken(lambda: set(secrets_of(options, raw))),
        "shapes": taken(
            lambda: (shapes_accounts.account_entries(site), shapes_accounts.cyrus_mailboxes(site))
        ),
    }


def taken(work: Callable[[], object]) -> float:
    """Return what a piece of work takes of the processor."""
    started = time.process_time()
    work()
    return time.process_time() - started


def inside(people: int, rounds: int) -> None:
    """Run the module as Ansible does, in a process of its own each time, in a container."""
    measured = {}
    for what in RUNS:
        new = "!" if what == "one new password" else ""
        options = {"entries": entries(people, new), "rounds": rounds}
        started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        argv = [sys.executable, "-W", "ignore", __file__, "module"]
        said = subprocess.run(
            argv, input=json.dumps(options), stdout=subprocess.PIPE, text=True, check=True
        )
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        measured[what] = time.monotonic() - started
        processor = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
        measured[f"{what} (processor)"] = processor
        if json.loads(said.stdout)["changed"] != (what in {"first", "one new password"}):
            raise SystemExit(f"{what}: {said.stdout[:500]}")
    print(line(measured))


def module() -> None:
    """Run the module with options from standard input."""
    sys.path.insert(0, str(tables.INSIDE))
    from ansible.module_utils.testing import patch_module_args  # noqa: PLC0415
    from ansible_collections.postern.mail.plugins.modules import accounts  # noqa: PLC0415

    accounts.restart_saslauthd = lambda _socket: None  # no systemd runs in this container
    with patch_module_args(json.load(sys.stdin)):
        accounts.main()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["inside", people, rounds]:
            inside(int(people), int(rounds))
        case ["module"]:
            module()
        case _:
            main()
