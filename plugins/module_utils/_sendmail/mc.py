"""The statements of an mc file, in the order that Sendmail's macros call for."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator

from .m4 import Call, Section, Statement
from .model import Client, Daemon, Dnsbl, Masquerade, Mc, Milter, OwnMailer

CF_FOLDER = "/usr/share/sendmail/cf"
MISSING = {"tempfail": "T", "reject": "R", "accept": ""}
_CODE = re.compile(r"[45]\d\d ")

# Macros that features and mailers read at once; all others hold wherever they stand, and stand
# behind the features, so that what is said here wins over what a feature sets.
_EARLY = (
    "confEBINDIR",
    "confFROM_HEADER",
    "confLOCAL_MAILER",
    "confPID_FILE",
    "confRELAY_MAILER",
    "confRUN_AS_USER",
    "confSMTP_MAILER",
    "confTRUSTED_USER",
    "confUSERDB_SPEC",
)
# Features that others ask for stand first; those that bring the mailers along stand last.
_RANKS = {"no_default_msa": 0, "access_db": 1, "delay_checks": 2, "nullclient": 8, "msp": 9}


def statements(mc: Mc) -> tuple[Statement, ...]:
    """Return an mc file's statements."""
    early = [pair for pair in mc.defines if is_early(pair[0])]
    late = [pair for pair in mc.defines if not is_early(pair[0])]
    return (
        Call("define", ("_USE_ETC_MAIL_",)),
        Call("define", ("_NO_MAKEINFO_",)),  # it would tell the time and place of every run
        Call("include", (f"{CF_FOLDER}/m4/cf.m4",)),
        Call("VERSIONID", ("postern.mail",)),
        Call("OSTYPE", (mc.ostype,)),
        Call("DOMAIN", (mc.domain,)),
        *(_define(*pair) for pair in early),
        *(Call("MODIFY_MAILER_FLAGS", pair) for pair in mc.mailer_flags),
        *_connections(mc),
        *_masquerade(mc.masquerade),
        *_features(mc),
        *(_define(*pair) for pair in late),
        *(Call(macro, (argument,)) for macro, argument in mc.classes),
        *(Call("MAILER", (name,)) for name in mc.mailers),
        *_sections(mc),
    )


def is_early(name: str) -> bool:
    """Say whether a macro has to be defined before features and mailers."""
    return name in _EARLY or not name.startswith("conf")


def option_lines(mc: Mc) -> list[str]:
    """Return the lines that sendmail.cf has to have, whatever m4 makes of the rest."""
    return [
        *(f"O DaemonPortOptions={daemon_text(daemon)}" for daemon in mc.daemons),
        *(f"O ClientPortOptions={client_text(client)}" for client in mc.clients),
        *(f"X{milter.name}, {milter_text(milter)}" for milter in mc.milters),
        *(mailer_line(mailer) for mailer in mc.own_mailers),
        *([f"DM{mc.masquerade.name}"] if mc.masquerade.name else []),
        *(f"C{{M}}{name}" for name in mc.masquerade.domains),
        *(f"C{{N}}{name}" for name in mc.masquerade.exceptions),
        *(f"C{{E}}{name}" for name in mc.masquerade.exposed_users),
        *(f"C{{TrustAuthMech}}{name}" for name in mc.mechanisms),
        *mc.local_config,
        *mc.local_rule_0,
        *mc.local_net_config,
        *mc.local_rulesets,
    ]


def daemon_text(daemon: Daemon) -> str:
    """Return a listener as DaemonPortOptions has it."""
    words = [f"Name={daemon.name}", f"Family={daemon.family}"]
    words += [f"Addr={daemon.address}"] * bool(daemon.address)
    words += [f"Port={daemon.port}"] * bool(daemon.port)
    words += [f"M={daemon.modifiers}"] * bool(daemon.modifiers)
    if daemon.milters is not None:
        words.append(f"InputMailFilters={';'.join(daemon.milters)}")
    if daemon.children is not None:
        words.append(f"children={daemon.children}")
    return ", ".join(words)


def client_text(client: Client) -> str:
    """Return an own address as ClientPortOptions has it."""
    words = [f"Family={client.family}"]
    words += [f"Addr={client.address}"] * bool(client.address)
    words += [f"M={client.modifiers}"] * bool(client.modifiers)
    return ", ".join(words)


def milter_text(milter: Milter) -> str:
    """Return how a milter is reached."""
    words = [f"S={milter.socket}"]
    if flag := MISSING.get(milter.without_it):
        words.append(f"F={flag}")
    times = ";".join(f"{letter}:{time}" for letter, time in milter.timeouts)
    words += [f"T={times}"] * bool(times)
    return ", ".join(words)


def mailer_line(mailer: OwnMailer) -> str:
    """Return a mailer's line of sendmail.cf."""
    words = [f"M{mailer.name}", f"P={mailer.path}", f"F={mailer.flags}"]
    words += [f"S={mailer.sender}"] * bool(mailer.sender)
    words += [f"R={mailer.recipient}"] * bool(mailer.recipient)
    words += [f"E={mailer.line_end}"] * bool(mailer.line_end)
    words += [f"L={mailer.line_length}"] * (mailer.line_length is not None)
    words += [f"T={mailer.type}"] * bool(mailer.type)
    words += [f"U={mailer.user}"] * bool(mailer.user)
    return ", ".join([*words, f"A={mailer.arguments}"])


def _define(name: str, value: str | None) -> Call:
    return Call("undefine", (name,)) if value is None else Call("define", (name, value))


def _connections(mc: Mc) -> Iterator[Call]:
    yield from (Call("DAEMON_OPTIONS", (daemon_text(daemon),)) for daemon in mc.daemons)
    yield from (Call("CLIENT_OPTIONS", (client_text(client),)) for client in mc.clients)
    yield from (Call("TRUST_AUTH_MECH", (name,)) for name in mc.mechanisms)
    for milter in mc.milters:
        yield Call("INPUT_MAIL_FILTER", (milter.name, milter_text(milter)))


def _masquerade(wanted: Masquerade) -> Iterator[Call]:
    if wanted.name:
        yield Call("MASQUERADE_AS", (wanted.name,))
    yield from (Call("MASQUERADE_DOMAIN", (name,)) for name in wanted.domains)
    yield from (Call("MASQUERADE_EXCEPTION", (name,)) for name in wanted.exceptions)
    yield from (Call("EXPOSED_USER", (name,)) for name in wanted.exposed_users)
    chosen = {
        "masquerade_envelope": wanted.envelope,
        "masquerade_entire_domain": wanted.entire_domains,
        "allmasquerade": wanted.everything,
    }
    yield from (Call("FEATURE", (name,)) for name, wished in chosen.items() if wished)


def _features(mc: Mc) -> list[Call]:
    calls = [Call("FEATURE", (feature.name, *feature.arguments)) for feature in mc.features]
    calls += [_dnsbl(dnsbl) for dnsbl in mc.dnsbls]
    if mc.greet_pause is not None:
        calls.append(Call("FEATURE", ("greet_pause", str(mc.greet_pause))))
    return sorted(calls, key=lambda call: _RANKS.get(call.arguments[0], 5))


def _dnsbl(dnsbl: Dnsbl) -> Call:
    words = dnsbl.text if _CODE.match(dnsbl.text) else f"550 {dnsbl.text}"
    text = f'"{words}"' if dnsbl.text else ""
    arguments = [dnsbl.zone, text, "t" if dnsbl.tempfail else "", *dnsbl.results]
    while not arguments[-1]:
        arguments.pop()
    return Call("FEATURE", ("enhdnsbl", *arguments))


def _sections(mc: Mc) -> Iterator[Section]:
    mailers = tuple(mailer_line(mailer) for mailer in mc.own_mailers)
    for name, lines in (
        ("MAILER_DEFINITIONS", mailers),
        ("LOCAL_CONFIG", mc.local_config),
        ("LOCAL_RULE_0", mc.local_rule_0),
        ("LOCAL_NET_CONFIG", mc.local_net_config),
        ("LOCAL_RULESETS", mc.local_rulesets),
    ):
        if lines:
            yield Section(name, lines)
