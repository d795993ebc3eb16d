"""The host side of the firewall: reads the live table and the unit, loads, installs, removes."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from .._core import units
from .._core.apply import Refused, apply, put
from .._core.commands import NOT_FOUND, Outcome, run
from .._core.files import read_present
from .._core.plan import File, make_plan
from .checks import read_peer
from .model import FAMILY_TABLE, Peer
from .parse import Record, digest, read_record, restoring, without_counts, write_record
from .render import DROP_IN_PATH, NFT, RULES_PATH, UNIT, UNIT_PATH
from .steps import Present

RECORD_PATH = "/var/lib/postern/firewall.json"
WANTED_LINK = f"/etc/systemd/system/sysinit.target.wants/{UNIT}"
OWNED = (RULES_PATH, UNIT_PATH, DROP_IN_PATH)


def read_host() -> Present:
    """Return all that a plan depends on."""
    files = read_present([*OWNED, RECORD_PATH])
    record = files.pop(RECORD_PATH)
    return Present(
        files, read_listing(), read_record(record.content if record else None), _unit_in_force()
    )


def read_listing() -> str | None:
    """Return the live table in nft's own words, without what it counts; None when there is none."""
    done = run([NFT, "--stateless", "list", "table", *FAMILY_TABLE.split()])
    if done.ok:
        return without_counts(done.out)
    if done.rc == NOT_FOUND or "No such file or directory" in done.err:
        return None
    raise Refused(_unusable(done))


def check(rules: str) -> None:
    """Let nft and the kernel judge the rules without loading them; without nft, nobody can."""
    done = run([NFT, "--check", "--file", "-"], stdin=rules)
    if done.rc != NOT_FOUND:
        _expect_taken(done)


def load(rules: str) -> None:
    """Put the table in force, in one transaction of the kernel."""
    _expect_taken(run([NFT, "--file", "-"], stdin=rules))


def install(wanted: Mapping[str, File | None], rules: str, previous: str | None) -> None:
    """Make the rules those of every boot, and remember what the kernel lists for them.

    The unit loads the very file that the next boot loads. When it cannot, the old files and
    the previous live table return.
    """
    plan = make_plan(wanted, read_present(OWNED))
    has_units = bool(plan.paths & {UNIT_PATH, DROP_IN_PATH})

    def accept() -> None:
        if has_units:
            units.read_units_again(UNIT)
        if not Path(WANTED_LINK).is_symlink():
            units.demand(UNIT, "enable", "--quiet")
        units.demand(UNIT, "reload-or-restart")
        record = Record(digest(rules), read_listing() or "")
        put(RECORD_PATH, File(write_record(record), 0o600))

    def undo() -> None:
        with contextlib.suppress(Refused):
            load(restoring(previous))
        if has_units:
            units.systemctl("daemon-reload")

    apply(plan, accept, undo)


def remove(present: Present) -> None:
    """Take the table, the unit and every file away; tables of others stay."""
    if Path(UNIT_PATH).exists():
        units.systemctl("disable", "--quiet", "--now", UNIT)
    if present.listing is not None:
        load(restoring(None))
    apply(make_plan(dict.fromkeys([*OWNED, RECORD_PATH]), read_present([*OWNED, RECORD_PATH])))
    for folder in {Path(path).parent for path in (DROP_IN_PATH, RULES_PATH, RECORD_PATH)}:
        with contextlib.suppress(OSError):
            folder.rmdir()  # where others keep files, it stays
    units.read_units_again(UNIT)


def find_controller() -> Peer | None:
    """Return the far end of the SSH connection that this process descends from.

    sudo and su drop SSH_CONNECTION from the environment, so the ancestors are asked in turn.
    """
    process = Path("/proc/self")
    while process.is_dir():
        try:
            environment = process.joinpath("environ").read_bytes().split(b"\0")
            status = process.joinpath("stat").read_text()
        except OSError:
            return None
        for entry in environment:
            fields = entry.decode(errors="replace").removeprefix("SSH_CONNECTION=").split()
            if entry.startswith(b"SSH_CONNECTION=") and len(fields) == 4:
                return read_peer(fields[0], fields[3])
        process = Path("/proc") / status.rpartition(")")[2].split()[1]
    return None


def _unit_in_force() -> bool:
    """Whether the unit is started, and will be at the next boot."""
    return Path(WANTED_LINK).is_symlink() and units.is_active(UNIT)


def _expect_taken(done: Outcome) -> None:
    if done.rc == NOT_FOUND or "Operation not permitted" in done.err:
        raise Refused(_unusable(done))
    if not done.ok:
        raise Refused(f"nft refuses the rules, those before stay in force:\n{done.words}")


def _unusable(done: Outcome) -> str:
    return (
        "nftables cannot be used on this host, so it would have no firewall: "
        f"{done.words}\nIt takes root with CAP_NET_ADMIN (for a container: --cap-add NET_ADMIN), "
        "a kernel with nf_tables, and the package nftables."
    )
