"""Measure long tables of the postfix module beside plain Python and postmap for the same file.

Run by hand: `.venv/bin/python benchmarks/tables.py [bookworm|trixie] [ENTRIES ...]`. Makes a
container for each release and removes it; prints medians of three, their ratio, and most memory.
What a table costs the module is what a run with it takes longer than one with an empty table.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
WAYS = ("plain", "empty", "full", "again")
RELEASES = ("bookworm", "trixie")
ENTRIES = (100_000, 1_000_000)
ENGINE = ROOT / ".lab/containers.conf"
INSIDE = Path("/opt/bench")  # where the module, its libraries and this file lie in a container
INSTALL = (
    "apt-get update -q && DEBIAN_FRONTEND=noninteractive "
    "apt-get install -y -q --no-install-recommends postfix postfix-lmdb"
)
LIST, TABLES = INSIDE / "list", Path("/etc/postfix/maps")
VALUE, ORIGIN = "REJECT not here", "example.org"
PARAMETERS = {
    "compatibility_level": "3.6",
    "myhostname": "mail.example.org",
    "smtpd_sender_restrictions": "check_sender_access lmdb:$config_directory/maps/table",
}
POSTMAP = "/usr/sbin/postmap"
MIB = 1024  # getrusage counts in KiB


def engine(*argv: str | Path) -> str:
    """Run podman, as the lab does; return what it printed."""
    environment = {**os.environ, "PODMAN_IGNORE_CGROUPSV1_WARNING": "yes"}
    if ENGINE.exists():
        environment["CONTAINERS_CONF"] = str(ENGINE)
    command = (shutil.which("podman") or "podman", *argv)
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def prepared(name: str, release: str, install: str = INSTALL) -> None:
    """Start a container with Postfix in it, stopped, and with the modules beside it."""
    image = f"localhost/postern-{release}"
    engine("run", "-d", "--name", name, "--hostname", f"mail.{ORIGIN}", image, "sleep", "infinity")
    engine("exec", name, "sh", "-c", install)
    bring(name)
    engine("cp", Path(__file__), f"{name}:{INSIDE}/tables.py")


def bring(name: str) -> None:
    """Put the modules, and what Ansible sends with them, into a container."""
    import ansible  # noqa: PLC0415  (only here: the container has no Ansible)

    mail = INSIDE / "ansible_collections/postern/mail"
    engine("exec", name, "mkdir", "-p", mail, INSIDE / "ansible")
    engine("cp", ROOT / "plugins", f"{name}:{mail}/plugins")
    core = Path(ansible.__file__).parent
    for part in ("release.py", "module_utils"):  # what Ansible sends with a module
        engine("cp", core / part, f"{name}:{INSIDE}/ansible/{part}")
    engine("exec", name, "touch", INSIDE / "ansible/__init__.py")


def main() -> None:
    """Measure each kind of table in each release."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()] or ENTRIES
    for release in [word for word in sys.argv[1:] if word in RELEASES] or RELEASES:
        name = f"postern-bench-tables-{release}"
        try:
            prepared(name, release)
            for form in ("keys", "aliases"):
                for number in numbers:
                    argv = ("python3", INSIDE / "tables.py", "inside", form, str(number))
                    print(f"{release}, {engine('exec', name, *argv)}", end="", flush=True)
        finally:
            engine("rm", "-f", "-t", "1", name)


def inside(form: str, number: int) -> None:
    """Measure one table, in a container; the plain way and the module take turns."""
    subprocess.run([sys.executable, __file__, "list", form, str(number)], check=True)
    taken: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    memory: dict[str, int] = {}
    for _ in range(ROUNDS):
        for way, measured in taken.items():
            if way != "again":
                shutil.rmtree(TABLES, ignore_errors=True)
            times, said = timed(way, form)
            measured.append(times)
            memory |= {name: max(memory.get(name, 0), size) for name, size in said.items()}
    print(f"{number} {form}:")
    for kind, place in (("wall clock", 0), ("processor", 1)):
        print(f"  {kind}: {line({way: median(taken[way], place) for way in WAYS})}")
    print("  memory:", ", ".join(f"{name} {size // MIB} MiB" for name, size in memory.items()))


def median(measured: list[tuple[float, float]], place: int) -> float:
    """Return the median of one kind of time."""
    return statistics.median(times[place] for times in measured)


def line(seconds: dict[str, float]) -> str:
    """Return what one kind of time comes to."""
    own = seconds["full"] - seconds["empty"]
    return (
        f"plain {seconds['plain']:.2f} s, module {own:.2f} s "
        f"({seconds['full']:.2f} less {seconds['empty']:.2f}), "
        f"ratio {own / seconds['plain']:.2f} (promised: at most 1.5), "
        f"a run without changes {seconds['again']:.2f} s"
    )


def write_list(form: str, number: int) -> None:
    """Write as many lines in no order, the same ones every time.

    In a process of its own: what another one starts is charged with the memory of that one.
    """
    chance = random.Random(number)  # noqa: S311  (no secret)
    names = [f"user{chance.randrange(10**9)}n{each}" for each in range(number)]
    end = "@spammer.example" if form == "keys" else ": person, other@else.example"
    LIST.write_text("".join(f"{name}{end}\n" for name in names), encoding="ascii")


def timed(way: str, form: str) -> tuple[tuple[float, float], dict[str, int]]:
    """Run one way as a process of its own; return its times, and its memory by who took it.

    The processor's time counts beside the clock's: it tells more on a machine that others use.
    """
    clock, processor = time.monotonic(), processor_seconds()
    done = subprocess.run(
        [sys.executable, __file__, way, form], stdout=subprocess.PIPE, text=True, check=True
    )
    times = time.monotonic() - clock, processor_seconds() - processor
    return times, json.loads(done.stdout.splitlines()[-1])


def processor_seconds() -> float:
    """Return what all processes that this one ran have taken of the processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def told(way: str) -> dict[str, int]:
    """Return the most memory that this process took."""
    return {way: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}


def plain(form: str) -> None:
    """Do it as one would by hand: read, sort, write, compile."""
    TABLES.mkdir(parents=True)
    with LIST.open(encoding="ascii") as lines, (TABLES / "table").open("w") as table:
        if form == "keys":
            table.writelines(f"{line.rstrip()} {VALUE}\n" for line in sorted(lines))
        else:
            table.writelines(sorted(alias(line) for line in lines))
    subprocess.run([POSTMAP, f"lmdb:{TABLES}/table"], check=True)
    print(json.dumps(told("plain")))


def alias(line: str) -> str:
    """Return a line of aliases(5) as one of a virtual table."""
    name, _colon, targets = line.rstrip().partition(":")
    full = (t if "@" in t else f"{t}@{ORIGIN}" for t in targets.strip().split(", "))
    return f"{name}@{ORIGIN} {', '.join(full)}\n"


def module(way: str, form: str) -> None:
    """Run the module as Ansible runs it on a host."""
    from ansible.module_utils.testing import patch_module_args  # noqa: PLC0415
    from ansible_collections.postern.mail.plugins.modules import postfix  # noqa: PLC0415

    source: dict[str, Any] = {"file": "list", "path": str(LIST), "form": form}
    if form == "keys":
        source["value"] = VALUE
    else:
        source |= {"origin": ORIGIN, "domains": [ORIGIN]}
    table = {"name": "table", "sources": [] if way == "empty" else [source]}
    try:
        with patch_module_args({"parameters": PARAMETERS, "maps": [table]}):
            postfix.main()
    except SystemExit as end:
        if end.code:
            raise
    print()
    print(json.dumps(told("module") if way == "full" else {}))


if __name__ == "__main__":
    sys.path.insert(0, str(INSIDE))
    match sys.argv[1:]:
        case ["inside", form, number]:
            inside(form, int(number))
        case ["list", form, number]:
            write_list(form, int(number))
        case ["plain", form]:
            plain(form)
        case [("empty" | "full" | "again") as way, form]:
            module(way, form)
        case _:
            main()
