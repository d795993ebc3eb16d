"""Shapes for Sendmail: its mode, its two mc files, tables and lists, as they follow from a site."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_delivery import local_mailer
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_aliases import (
    sender_logins,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail_addresses import (
    STORE,
    local_host_names,
    virtuser_domains,
    virtusertable,
    virtusertable_sources,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail_routes import (
    LMTP,
    access,
    access_sources,
    mailertable,
    own_mailers,
    smart_host,
    to_store,
)

_RECEIVING = ("smtp", "submission", "submissions")
# E: no ETRN, A: no logins, a: nobody without one, s: TLS from the first byte.
_LISTENERS = {"smtp": ("MTA", 25, "AE"), "submission": ("MSA", 587, "aE")} | {
    "submissions": ("TLSMSA", 465, "aEs")
}
# A login sends under its own addresses; a bounce has none. Asked at each recipient, since the
# checks of a sender are left out for who has logged in.
_SENDERS = (
    "R$*\t$: $&{auth_authen} $| $&f",
    "R$| $*\t$@ NOLOGIN",
    "R$+ $|\t$@ BOUNCE",
    "R$+ $| <>\t$@ BOUNCE",
    "R$+ $| $+\t$: $1 $| $>CanonAddr $2",
    "R$+ $| $+ < @ $+ . >\t$: $1 / $2 @ $3",
    "R$+ $| $+ < @ $+ >\t$: $1 / $2 @ $3",
    "R$={SenderLogins}\t$@ OWNER",
    "R$+ / $+ + $* @ $+\t$: $1 / $2 @ $4",
    "R$={SenderLogins}\t$@ OWNER",
    "R$+ / $={Senders}\t$: OTHERS",
    "R$+ / $+ @ $+\t$: $1 / @ $3",
    "R$={SenderLogins}\t$@ OWNER",
    'R$*\t$#error $@ 5.7.1 $: "553 Sender address rejected: not owned by user"',
)


# What stands for a mailbox inside is nobody's to write to, whoever may relay: it would pass by the
# tables that refuse, and that make copies. Asked of what comes by SMTP alone, never of a table.
# Quotes, percent signs and routes are taken off as they are before mail is sent on.
_CLOSED_STORE = (
    "R$*\t$: $1 $| $>CanonAddr $1",
    "R$* $| $-\t$: $1 $| $(dequote $2 $)",
    "R$* $| $+\t$: $1 $| $2 $| $>ParseRecipient $2",
    f'R$* $| $* . {STORE} $*\t$#error $@ 5.1.1 $: "550 User unknown"',
    "R$* $| $* $| $*\t$: $1",
    "R$* $| $*\t$: $1",
)

# Another program may know further clients that may relay. It is asked only where Sendmail would
# refuse to: without it all other mail comes in. What refuses a sender or a client still does.
_FURTHER_CLIENTS = (
    "SFurtherClients",
    'R$*\t$: $1 $| $>"Rcpt_ok" $1',
    "R$* $| $#$*\t$@ NOT ASKED",
    "R$* $| RELAY\t$@ NOT ASKED",
    'R$* $| $*\t$: $1 $| $>"Relay_ok" $1',
    "R$* $| RELAY\t$@ NOT ASKED",
    "R$*\t$: $(relay_clients $&{client_addr} $: NOBODY $)",
    'R$* <TMPF>\t$#error $@ 4.3.0 $: "451 Who may relay is not known now. Please try again later."',
    "ROK\t$: GRANTED $| $>checkmail $&{mail_from}",
    "RGRANTED $| $#$*\t$#$1",
    "RGRANTED $| $*\t$: GRANTED $| $>checkrelay $&{client_name} $| $&{client_addr}",
    "RGRANTED $| $#$*\t$#$1",
    "RGRANTED $| $*\t$#RELAY",
)
_ASK_FURTHER_CLIENTS = (
    "R$*\t$: $1 $| $>FurtherClients $1",
    "R$* $| $#$*\t$#$2",
    "R$* $| $*\t$: $1",
)


def sendmail_mode(site: Site) -> str:
    """Return `daemon` where others reach this host or mail ends here, else `queue`."""
    receives = any(site.opening(name) for name in _RECEIVING)
    return "daemon" if receives or site.domains or site.relay_domains else "queue"


def sendmail_local_users(site: Site) -> str:
    """Return where UNIX users have their mail: those of popa3d have it in /var/mail too."""
    return "mbox" if site.store == "popa3d" else site.local_users


def sendmail_mc(site: Site, arguments: tuple[Any, ...] = ()) -> dict[str, Any]:
    """Return sendmail.mc.

    The arguments: mode, the store's mailer, whether the host has IPv6, and the socket of a program
    that knows further clients that may relay.
    """
    mode, store, ipv6, *further = arguments or (sendmail_mode(site), LMTP, True)
    clients = further[0] if further else ""
    _refuse_deaf(site, mode)
    logins = _login_classes(site)
    return {
        "defines": {"confDOMAIN_NAME": site.hostname, **smart_host(site)},
        "features": [
            *({"name": name} for name in _FEATURES),
            _FULL_ADDRESSES,
            *_local_features(site),
        ],
        "masquerade": _masquerade(site),
        "daemon_options": _listeners(site, ipv6) if mode == "daemon" else [],
        "trusted_mechanisms": ["LOGIN", "PLAIN"] if logins else [],
        "own_mailers": own_mailers(site, store),
        "local_config": [
            *([f"CP{STORE}"] if site.store != "none" else []),
            *([f"Krelay_clients socket -T<TMPF> local:{clients}"] if clients else []),
            *logins,
        ],
        "local_rule_0": list(_ANY_SENDER) if site.domains else [],
        "local_rulesets": [
            *to_store(site, store),
            *(_FURTHER_CLIENTS if clients else ()),
            *_recipients(site, logins, bool(clients)),
        ],
    }


_FEATURES = (
    "blocklist_recipients",
    "delay_checks",  # an exception for one recipient or login holds, whoever else is refused
    "check_cert_altnames",
    "nocanonify",  # addresses in headers stay as they were written
    "relay_hosts_only",
)
# One recipient that is handled elsewhere may be relayed to, not all of the domain.
_FULL_ADDRESSES = {"name": "access_db", "arguments": ["", "relaytofulladdress"]}
# A sender need not be somebody whom mail reaches: news@, or a program's user. Sendmail would look
# it up like a recipient and refuse the message as "User unknown".
_ANY_SENDER = (
    "R$+ < @ $+ . >\t$: $&{addr_type} $| $1 < @ $2 . >",
    "Re s $| $+ < @ $={VirtHost} . >\t$#esmtp $@ $2 $: $1 < @ $2 . >",
    "R$* $| $+\t$: $2",
)


def sendmail_submit(site: Site) -> dict[str, Any]:
    """Return submit.mc: as whom names without a domain leave, and whose they are."""
    bare = site.domain if site.local_users == "none" else site.hostname
    return {"defines": {"confDOMAIN_NAME": bare}}


def sendmail_tables(site: Site) -> dict[str, Any]:
    """Return the lookup tables."""
    return {
        "access": _table(access(site), access_sources(site)),
        "mailertable": _table(mailertable(site)),
        "virtusertable": _table(virtusertable(site), virtusertable_sources(site)),
    }


def sendmail_lists(site: Site) -> dict[str, Any]:
    """Return the lists of names."""
    return {
        "local_host_names": {"entries": local_host_names(site)},
        "relay_domains": {"entries": sorted(site.relay_domain_names)},
        "virtuser_domains": {"entries": virtuser_domains(site)},
    }


def _table(entries: dict[str, str], sources: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    listed = list(sources)
    return {"entries": entries} | ({"sources": listed} if listed else {})


def _refuse_deaf(site: Site, mode: str) -> None:
    problems = [
        Problem("sendmail_mode", f"nothing listens in queue mode, and {opening.where} opens a port")
        for opening in (site.opening(name) for name in _RECEIVING)
        if opening and mode == "queue"
    ]
    if problems:
        raise ValueError(report(problems))


def _listeners(site: Site, ipv6: bool) -> list[dict[str, Any]]:
    """Return where the daemon listens: beyond the host itself only where it is opened.

    A listener for IPv6 takes IPv4 too, and another one beside it would find the port taken.
    """
    found: list[dict[str, Any]] = []
    for service, (name, port, modifiers) in _LISTENERS.items():
        one = {"name": name, "port": str(port), "modifiers": modifiers}
        if site.opening(service):
            found.append({**one, "family": "inet6" if ipv6 else "inet"})
        elif service == "smtp":
            found.append({**one, "address": "127.0.0.1"})
    return found


def _local_features(site: Site) -> list[dict[str, Any]]:
    """Return how UNIX users get their mail: by a program whose own file says where it lies."""
    own = {"name": "local_no_masquerade"}
    if site.local_users == "none":
        return [own]
    return [own, local_mailer(site)]


def _masquerade(site: Site) -> dict[str, Any]:
    """What leaves a host that nobody can write to bears the names of the site."""
    if site.local_users == "none" or site.opening("smtp") or site.hostname == site.domain:
        return {}
    return {"name": site.domain, "envelope": True, "everything": True}


def _recipients(site: Site, logins: list[str], further_clients: bool) -> tuple[str, ...]:
    """Return what is asked of each recipient, before it is asked who may relay."""
    rules = [
        *(_CLOSED_STORE if site.store != "none" else ()),
        *(_ASK_FURTHER_CLIENTS if further_clients else ()),
        *(_SENDERS if logins else ()),
    ]
    return ("SLocal_check_rcpt", *rules) if rules else ()


def _login_classes(site: Site) -> list[str]:
    """Return which login may send as which address, as classes: `login/address`, `login/@domain`.

    An address that has logins of its own is nobody else's, whatever holds for its domain.
    """
    if not any(site.opening(name) for name in ("submission", "submissions")):
        return []
    lines = []
    for sender, logins in sender_logins(site).items():
        lines += [f"C{{SenderLogins}}{login}/{sender}" for login in logins.split(", ")]
        lines += [f"C{{Senders}}{sender}"] if not sender.startswith("@") else []
    return lines
