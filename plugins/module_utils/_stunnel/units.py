"""Render what systemd and the kernel need around stunnel: drop-in, routing unit, nft rules."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence

from .._core.plan import File
from .model import Endpoint, Instance
from .render import render

UNIT = "stunnel@postern.service"
ROUTING_UNIT = "postern-stunnel-routing.service"
CONF_PATH = "/etc/stunnel/postern.conf"
DROP_IN_PATH = f"/etc/systemd/system/{UNIT}.d/postern.conf"
ROUTING_PATH = f"/etc/systemd/system/{ROUTING_UNIT}"
RULES_PATH = "/etc/postern/stunnel-routing.nft"
NFTABLES_PATH = "/etc/systemd/system/nftables.service.d/postern-stunnel-routing.conf"
OWNED = (CONF_PATH, DROP_IN_PATH, ROUTING_PATH, RULES_PATH, NFTABLES_PATH)
UNIT_PATHS = frozenset({DROP_IN_PATH, ROUTING_PATH, NFTABLES_PATH})

TABLE = "inet postern_stunnel"
# One number for mark, routing table and rule priority: "pm" in ASCII, unlikely to be another's.
NUMBER = 0x706D
IP = "/usr/sbin/ip"
NFT = "/usr/sbin/nft"
DELETE_TABLE = (NFT, "delete", "table", *TABLE.split())

_HEADER = "# Written by postern.mail's module stunnel; what is changed here by hand is mended."

# Debian's /etc/nftables.conf empties every table, also those of others, on each start and stop.
_NFTABLES = f"""{_HEADER}
[Service]
ExecStartPost=-/usr/bin/systemctl --no-block try-reload-or-restart {ROUTING_UNIT}
ExecStopPost=-/usr/bin/systemctl --no-block try-reload-or-restart {ROUTING_UNIT}
"""


def render_files(instance: Instance | None) -> dict[str, File | None]:
    """Return every file this collection owns around stunnel; None where it shall be absent."""
    files: dict[str, File | None] = dict.fromkeys(OWNED)
    if instance is None:
        return files
    files[CONF_PATH] = _file(render(instance))
    files[DROP_IN_PATH] = _file(_drop_in(bool(instance.routed)))
    if instance.routed:
        files[ROUTING_PATH] = _file(_routing(instance.routed_families))
        files[RULES_PATH] = _file(_rules(instance.routed))
        files[NFTABLES_PATH] = _file(_NFTABLES)
    return files


def _file(text: str) -> File:
    return File(text.encode())


def _drop_in(transparent: bool) -> str:
    """Return what the packaged unit lacks: reload, restart, bounds.

    stunnel stays root: it reads a key of mode 0600 at every reload, and a source that is not the
    host's own takes CAP_NET_ADMIN. Root without CAP_DAC_OVERRIDE reads root's files only.
    """
    capabilities = "CAP_NET_BIND_SERVICE" + (" CAP_NET_ADMIN" if transparent else "")
    after = f"{ROUTING_UNIT} network.target" if transparent else "network.target"
    wants = [f"Wants={ROUTING_UNIT}"] if transparent else []
    lines = [_HEADER, "[Unit]", f"After={after}", *wants, "", "[Service]", *_CARE]
    return "\n".join([*lines, f"CapabilityBoundingSet={capabilities}", *_BOUNDS, ""])


_CARE = (
    "ExecReload=/bin/kill -HUP $MAINPID",
    "Restart=on-failure",
    "RestartSec=5s",
    "LimitNOFILE=8192",
    "UMask=0077",
)
_BOUNDS = (
    "NoNewPrivileges=yes",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "PrivateDevices=yes",
    "PrivateTmp=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHome=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "ProtectSystem=strict",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "SystemCallArchitectures=native",
    "SystemCallErrorNumber=EPERM",
    "SystemCallFilter=@system-service",
)


def undo_family(version: int) -> tuple[tuple[str, ...], ...]:
    """Return the commands that take the rule and the routes of one family away."""
    return (
        (IP, f"-{version}", "rule", "del", "priority", str(NUMBER)),
        (IP, f"-{version}", "route", "flush", "table", str(NUMBER)),
    )


def undo_all() -> tuple[tuple[str, ...], ...]:
    """Return the commands that take the whole way back away."""
    return (*undo_family(4), *undo_family(6), DELETE_TABLE)


def _routing(families: Sequence[int]) -> str:
    """Return the unit that leads the backends' answers back to stunnel.

    A reload adds and replaces and takes nothing away: an answer that is not led back in between
    would end its session. A rule that is there already is no error, hence the hyphens.
    It comes back after nftables.service has emptied every table (_NFTABLES). network.target comes
    after systemd-networkd, which removes rules that are not its own.
    """
    steps: list[str] = []
    for version in families:
        rule = f"{IP} -{version} rule add fwmark {NUMBER} table {NUMBER} priority {NUMBER}"
        steps += [f"-{rule}", f"{IP} -{version} route replace local default dev lo table {NUMBER}"]
    steps.append(f"{NFT} -f {RULES_PATH}")
    lines = [_HEADER, "[Unit]", "Description=Way back for stunnel's transparent connections"]
    lines += ["After=network.target nftables.service"]
    lines += ["ReloadPropagatedFrom=nftables.service", ""]
    lines += ["[Service]", "Type=oneshot", "RemainAfterExit=yes"]
    lines += [f"ExecStart={step}" for step in steps]
    lines += [f"ExecReload={step}" for step in steps]
    lines += [f"ExecStop=-{' '.join(words)}" for words in undo_all()]
    return "\n".join([*lines, ""])


def _rules(routed: Sequence[Endpoint]) -> str:
    """Return the nft table: it marks what the backends send, so that it is routed anew."""
    marks = []
    for family in ("ip", "ip6"):
        ends = [end for end in routed if end.is_ipv6 == (family == "ip6")]
        if ends:
            elements = ", ".join(f"{end.address} . {end.port}" for end in ends)
            match = f"{family} saddr . tcp sport {{ {elements} }}"
            marks.append(f"\t\t{match} meta mark set {NUMBER}")
    lines = [_HEADER, f"table {TABLE}", f"delete table {TABLE}", f"table {TABLE} {{"]
    lines += ["\tchain output {", "\t\ttype route hook output priority mangle; policy accept;"]
    return "\n".join([*lines, *marks, "\t}", "}", ""])
