"""The host side of stunnel: reads files, units and routing; rehearses, applies, undoes."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from .._core.apply import Refused, apply
from .._core.commands import run
from .._core.files import read_present
from .._core.units import demand, log_of, properties, read_units_again, systemctl
from .model import Endpoint, Instance
from .parse import parse_listening
from .render import render, render_rehearsal
from .steps import Present, Routing, Steps, Verb
from .units import IP, NFT, NUMBER, OWNED, ROUTING_UNIT, TABLE, UNIT, undo_all, undo_family

STUNNEL = "/usr/bin/stunnel4"
PATIENCE_SECONDS = 15.0
# stunnel 5.68 calls it an error that a server trusts no client certificates, and a port that is
# taken only a notice.
_ERROR = re.compile(r"(LOG[0-3]\[|^\[!\]|Binding service .* to )(?!.*No trusted certificates)")
_TIME = re.compile(r"^[\d.]{10} [\d:]{8} ")
_SYSTEMCTL = {
    Verb.START: "start",
    Verb.RELOAD: "reload",
    Verb.RESTART: "restart",
    Verb.STOP: "stop",
}


def has_ipv6() -> bool:
    """Whether the kernel has IPv6 at all; without it nothing can listen on `::`."""
    return Path("/proc/net/if_inet6").exists()


def read_host() -> Present:
    """Return all that the steps depend on."""
    unit = _show(UNIT)
    active = unit.get("ActiveState") == "active"
    return Present(
        files=read_present(OWNED),
        routing=_read_routing(),
        active=active,
        enabled=unit.get("UnitFileState") == "enabled",
        listening=_listening(unit) if active else frozenset(),
    )


def rehearse(instance: Instance) -> None:
    """Let stunnel read the new configuration, keys included, without serving anything.

    Where stunnel or the key pair is not there yet, nobody can tell; a start will.
    """
    needed = (STUNNEL, instance.certificate, instance.key)
    if not all(Path(path).exists() for path in needed):
        return
    text = render_rehearsal(render(instance))
    done = run([STUNNEL, "-fd", "0"], stdin=text, timeout_seconds=20)
    if "Configuration successful" not in done.err + done.out:
        raise Refused(f"stunnel refuses the configuration:\n{_errors(done.words)}")


def converge(instance: Instance | None, steps: Steps, present: Present) -> None:
    """Take the steps; when stunnel does not come to listen, everything returns to what it was."""
    since = f"@{time.time():.3f}"
    apply(
        steps.plan,
        lambda: _accept(instance, steps, since),
        lambda: _undo(steps, present),
    )
    if steps.plan.changed:
        _remove_empty_folders()


def _accept(instance: Instance | None, steps: Steps, since: str) -> None:
    """Add routing, move the daemon, wait for it; what is not needed any more goes last."""
    if steps.units:
        read_units_again(UNIT)
    if steps.routing in (Verb.START, Verb.RELOAD):
        demand(ROUTING_UNIT, "reload-or-restart")
    if steps.daemon is Verb.STOP:
        demand(UNIT, "disable", "--quiet", "--now")
    elif steps.daemon is not Verb.KEEP:
        demand(UNIT, _SYSTEMCTL[steps.daemon])
    if instance is not None:
        _wait(instance.endpoints, since)
    if steps.enable:
        demand(UNIT, "enable", "--quiet")
    if steps.routing is Verb.STOP:
        _stop_routing()
    elif instance is not None and steps.routing is not Verb.KEEP:
        _stop_routing_of({4, 6} - set(instance.routed_families))


def _undo(steps: Steps, present: Present) -> None:
    """Bring the units back to the files that are there again; as much of it as goes."""
    if steps.units:
        systemctl("daemon-reload")
    if steps.routing is not Verb.KEEP:
        if present.routing.active:
            systemctl("reload-or-restart", ROUTING_UNIT)
        else:
            _stop_routing()
    if not present.active:
        systemctl("stop", UNIT)
        systemctl("reset-failed", UNIT)
    elif steps.daemon is Verb.RELOAD:
        systemctl("reload", UNIT)
        with contextlib.suppress(Refused):
            _wait(present.listening, "now")
            return
        systemctl("restart", UNIT)
    elif steps.daemon is not Verb.KEEP:
        systemctl("restart", UNIT)
    if not present.enabled and present.active:
        systemctl("disable", "--quiet", UNIT)


def _wait(wanted: frozenset[Endpoint], since: str) -> None:
    """Wait until stunnel listens where it shall, and nowhere else."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        unit = _show(UNIT)
        if unit.get("ActiveState") == "active" and _listening(unit) == wanted:
            return
        gone = unit.get("ActiveState") not in ("active", "reloading")
        if gone or time.monotonic() > deadline:
            ports = ", ".join(str(endpoint) for endpoint in sorted(wanted))
            words = _errors(log_of(UNIT, since=since))
            raise Refused(f"stunnel does not come to listen on {ports}:\n{words}")
        time.sleep(0.1)


def _listening(unit: dict[str, str]) -> frozenset[Endpoint]:
    pid = int(unit.get("MainPID") or 0)
    return parse_listening(run(["ss", "-Hltnp"]).out, pid) if pid else frozenset()


def _show(unit: str) -> dict[str, str]:
    return properties(unit, "ActiveState", "UnitFileState", "MainPID")


def _read_routing() -> Routing:
    families = set()
    for version in (4, 6):
        rule = run([IP, f"-{version}", "rule", "show", "priority", str(NUMBER)])
        route = run([IP, f"-{version}", "route", "show", "table", str(NUMBER)])
        if rule.out.strip() and route.out.strip():
            families.add(version)
    return Routing(
        active=_show(ROUTING_UNIT).get("ActiveState") == "active",
        table=run([NFT, "list", "table", *TABLE.split()]).ok,
        families=frozenset(families),
    )


def _stop_routing() -> None:
    """Stop the unit, and take away what remains where it was not the unit's any more."""
    systemctl("stop", ROUTING_UNIT)
    for words in undo_all():
        run(words)


def _stop_routing_of(versions: Iterable[int]) -> None:
    for version in versions:
        for words in undo_family(version):
            run(words)


def _errors(words: str) -> str:
    """Return the lines that say what is wrong, once each, or the last lines when none does."""
    lines: Sequence[str] = list(dict.fromkeys(_TIME.sub("", line) for line in words.splitlines()))
    return "\n".join([line for line in lines if _ERROR.search(line)] or lines[-10:])


def _remove_empty_folders() -> None:
    for folder in {Path(path).parent for path in OWNED} - {Path("/etc/stunnel")}:
        if folder != Path("/etc/systemd/system"):
            with contextlib.suppress(OSError):
                folder.rmdir()  # where others keep files, it stays
