"""From text to the model: the rules file, the record of what the kernel made of it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from ipaddress import ip_network

from .checks import read_peer
from .model import FAMILY_TABLE, Firewall, Opening, Sources, collapsed
from .render import ESSENTIALS, EXTRA_RULES, LOG, WAYS_IN

SET = re.compile(r"\tset (\S+)_v[46] \{\n(?:\t\t.*\n)*?\t\telements = \{ (.*) \}\n")
ADMIT = re.compile(
    r"\t\t(?:ip6? saddr @\S+ )?(tcp|udp) dport (\d+|\{ [\d, ]+ \}) accept comment \"(\S+)\""
)
LIMIT = re.compile(r"add @(\S+)\.clients_v[46] \{ ip6? saddr .*?ct count over (\d+) \}")
CONTROLLER = re.compile(r'\t\tip6? saddr (\S+) tcp dport (\d+) accept comment "controller"')


# What the kernel counts shows up as elements of a set; they come and go with the clients.
# Later releases of nft also say behind a set's size how many elements it has.
COUNTED = re.compile(r"(\n\t\tflags dynamic\n)\t\telements = \{[^}]*\}\n")
COUNT = re.compile(r"[ \t]*# count \d+$", re.MULTILINE)


@dataclass(frozen=True)
class Record:
    """What the kernel listed right after it took a rules file, and which file that was."""

    rules: str
    listing: str


def digest(rules: str) -> str:
    """Return what a record remembers of a rules file."""
    return hashlib.sha256(rules.encode()).hexdigest()


def read_record(content: bytes | None) -> Record | None:
    """Return the record in a file's content; rubbish counts as none."""
    try:
        raw = json.loads(content or b"")
        return Record(str(raw["rules"]), str(raw["listing"]))
    except (ValueError, TypeError, KeyError):
        return None


def write_record(record: Record) -> bytes:
    """Return the content of the record's file."""
    text = json.dumps({"rules": record.rules, "listing": record.listing}, indent=1, sort_keys=True)
    return text.encode() + b"\n"


def without_counts(listing: str) -> str:
    """Return a listing without the clients that the kernel counts at this moment."""
    return COUNT.sub("", COUNTED.sub(r"\1", listing))


def restoring(listing: str | None) -> str:
    """Return an nft file that brings a listed table back, or the absence of one."""
    return f"table {FAMILY_TABLE}\ndelete table {FAMILY_TABLE}\n{listing or ''}"


def read_rules(text: str) -> Firewall:
    """Return the model of a rules file that render_rules wrote."""
    head, extra_rules, essentials, ways_in = _sections(text)
    networks = _sets(head)
    ssh_ports: tuple[int, ...] = ()
    openings: dict[str, Opening] = {}
    limits = dict(LIMIT.findall(ways_in))
    for protocol, ports, name in ADMIT.findall(ways_in):
        numbers = tuple(int(port) for port in re.findall(r"\d+", ports))
        if name == "ssh":
            ssh_ports = numbers
        else:
            openings[name] = Opening(
                name, numbers[0], protocol, networks.get(name), int(limits.get(name, 0))
            )
    controller = CONTROLLER.search(ways_in)
    return Firewall(
        openings=tuple(openings.values()),
        ssh_ports=ssh_ports,
        ssh_sources=networks.get("ssh"),
        controller=read_peer(controller[1], controller[2]) if controller else None,
        extra_rules=tuple(line.strip() for line in extra_rules.splitlines()),
        ping="echo-request" in essentials,
        log_drops=LOG in ways_in,
        drop_forwarded="\tchain forward {\n" in ways_in,
    )


def _sections(text: str) -> tuple[str, str, str, str]:
    """Return what stands before, between and after the comments that part the input chain."""
    head, _comment, rest = text.partition(f"\t\t{EXTRA_RULES}\n")
    extra_rules, _comment, rest = rest.partition(f"\t\t{ESSENTIALS}\n")
    essentials, _comment, ways_in = rest.partition(f"\t\t{WAYS_IN}\n")
    return head, extra_rules, essentials, ways_in


def _sets(text: str) -> dict[str, Sources]:
    found: dict[str, Sources] = {}
    for name, elements in SET.findall(text):
        read = tuple(ip_network(element) for element in elements.split(", "))
        found[name] = collapsed((*(found.get(name) or ()), *read))
    return found
