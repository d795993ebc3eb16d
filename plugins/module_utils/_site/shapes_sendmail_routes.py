"""Shapes for Sendmail: the ways out, and who is refused, let in or may relay."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._site.maildirs import (
    NAME,
    maildirs_of,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import (
    Access,
    AccessFile,
    Site,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_delivery import (
    store_program,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail_addresses import (
    STORE,
    UNKNOWN,
)

STORE_MAILER = "store"
_TAGS = {"client": "Connect", "sender": "From", "recipient": "To"}
_VERDICTS = {"accept": "OK", "relay": "RELAY", "discard": "DISCARD"}
_TLS_PORT = 465
_SMTP_PORT = 25
# As Sendmail's own mailers for hosts that speak SMTP, and LMTP.
_REMOTE = {
    "flags": "mDFMuXa8",
    "sender": "EnvFromSMTP/HdrFromSMTP",
    "recipient": "MasqSMTP",
    "line_end": r"\r\n",
    "line_length": 2040,
    "type": "DNS/RFC822/SMTP",
}
# What the role of a store publishes of it: the socket where it takes LMTP, or its Maildirs.
LMTP = {"socket": "/run/cyrus/socket/lmtp"}
_LMTP = {
    "flags": "lsDFMnqXzm",
    "sender": "EnvFromSMTP/HdrFromSMTP",
    "recipient": "ToStore/HdrFromSMTP",
    "line_end": r"\r\n",
    "type": "DNS/RFC822/SMTP",
}
# As Sendmail's own for procmail; which program it is the site says.
_UNIX_USERS = {
    "flags": "lsDFMqSPfhn9",
    "sender": "EnvFromL/HdrFromL",
    "recipient": "ToStore/HdrFromL",
    "type": "DNS/RFC822/X-Unix",
}
_MAILDIR = {
    "flags": "lsDFMPnu",
    "sender": "EnvFromSMTP/HdrFromSMTP",
    "recipient": "ToStore/HdrFromSMTP",
    "type": "DNS/RFC822/X-Unix",
}


def smart_host(site: Site) -> dict[str, str]:
    """Return the defines for the server that takes all other mail."""
    relay = site.relay
    if relay is None:
        return {}
    _refuse_wrapped(site)
    return {
        "SMART_HOST": f"relay:{_host(relay.host)}",
        "RELAY_MAILER_ARGS": f"TCP $h {relay.port}",
    }


def own_mailers(site: Site, store: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the mailers that Sendmail does not bring: for other ports, and for the store."""
    ports = {domain.port for domain in site.relay_domains} - {_SMTP_PORT}
    mailers = [
        {"name": _mailer(port), **_REMOTE, "arguments": f"TCP $h {port}"} for port in sorted(ports)
    ]
    if site.store == "popa3d":
        mailers.append({"name": STORE_MAILER, **_UNIX_USERS, **store_program(site)})
    elif site.store != "none":
        mailers.append({"name": STORE_MAILER, **_store_mailer(store)})
    return mailers


def _store_mailer(store: Mapping[str, Any]) -> dict[str, Any]:
    maildirs = maildirs_of(store.get("maildirs"))
    if maildirs is None:
        return {**_LMTP, "arguments": f"FILE {store['socket']}"}
    path, *words = maildirs.command
    words = [path.rpartition("/")[2], *words, f"{maildirs.folder}/$u/{NAME}"]
    # By number: Sendmail is there before the store makes the user.
    user = f"{maildirs.owner_id}:{maildirs.owner_id}"
    return {**_MAILDIR, "path": path, "user": user, "arguments": " ".join(words)}


def to_store(site: Site, store: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ruleset of what the store's mailer is told: an address, a user, or a folder."""
    if site.store == "none":
        return ()
    if site.store == "popa3d":
        # A mailbox is known by its UNIX user, and what stands behind a plus is none of its name.
        users = (f"R$+ + $* < @ $* . {STORE} . >\t$@ $1", f"R$+ < @ $* . {STORE} . >\t$@ $1")
        return ("SToStore", *users)
    if "maildirs" not in store:
        return ("SToStore", f"R$+ < @ $* . {STORE} . >\t$: $1 < @ $2 >")
    return (
        "SToStore",
        f"R$+ + $* < @ $* . {STORE} . >\t$@ $3 / $1",
        f"R$+ < @ $* . {STORE} . >\t$@ $2 / $1",
    )


def mailertable(site: Site) -> dict[str, str]:
    """Return where mail goes that does not take the way of all other mail."""
    _refuse_wrapped(site)
    entries = {d.name: f"{_mailer(d.port)}:{_host(d.host)}" for d in site.relay_domains}
    if site.store != "none":
        entries[f".{STORE}"] = f"{STORE_MAILER}:{site.hostname}"
    return dict(sorted(entries.items()))


def _mailer(port: int) -> str:
    return "esmtp" if port == _SMTP_PORT else f"port{port}"


def _host(name: str) -> str:
    """Return a host so that no MX is looked up for it."""
    return f"[IPv6:{name}]" if ":" in name else f"[{name}]"


def _refuse_wrapped(site: Site) -> None:
    if problems := wrapped_ports(site):
        raise ValueError(report(problems))


def wrapped_ports(site: Site) -> list[Problem]:
    """Return the ports of other servers on which Sendmail can't speak."""
    ports = [(f"{domain.where}.port", domain.port) for domain in site.relay_domains]
    if site.relay:
        ports.insert(0, ("mail_relay.port", site.relay.port))
    hint = "give one that begins with STARTTLS, such as 587"
    return [
        Problem(where, "465 begins with TLS, which Sendmail can't as a client", hint)
        for where, port in ports
        if port == _TLS_PORT
    ]


def authinfo(site: Site) -> dict[str, Any]:
    """Return the login at the smarthost; secret."""
    relay = site.relay
    if relay is None or not relay.username:
        return {}
    login = {"username": relay.username, "password": relay.password}
    return {relay.host: {**login, "mechanisms": ["PLAIN", "LOGIN"]}}


def access(site: Site) -> dict[str, str]:
    """Return the access table: exceptions, who may relay, who exists elsewhere, and TLS."""
    entries = {f"Connect:{network}": "RELAY" for _where, network in site.trusted_networks}
    for domain in site.relay_domains:
        if domain.knows_recipients:
            entries[f"To:{domain.name}"] = UNKNOWN.replace("error:", "ERROR:")
            entries |= {f"To:{name}": "OK" for name in domain.recipients}
    for item in site.access:
        if (item.kind, item.action) != ("recipient", "discard"):
            what = str(item.network) if item.network is not None else item.value
            entries[f"{_TAGS[item.kind]}:{what}"] = _verdict(item)
    entries |= {f"TLS_Srv:{host}": asked for host, asked in _tls(site) if asked}
    return dict(sorted(entries.items()))


def access_sources(site: Site) -> list[dict[str, Any]]:
    """Return the long lists of the access table."""
    sources: list[dict[str, Any]] = [
        {"file": f.path, "form": "keys", "tag": _TAGS[f.kind], "value": _verdict(f)}
        for f in site.access_files
        if (f.kind, f.action) != ("recipient", "discard")
    ]
    return sources + [
        {
            "file": domain.recipients_file,
            "form": "keys",
            "tag": "To",
            "domains": [domain.name],
            "value": "OK",
        }
        for domain in site.relay_domains
        if domain.recipients_file
    ]


def _tls(site: Site) -> Iterator[tuple[str, str]]:
    """Yield what is asked of the TLS of a server: its name in a certificate that is trusted."""
    levels = {"verify": "VERIFY:112+CN", "require": "ENCR:112", "opportunistic": ""}
    if site.relay:
        yield site.relay.host, levels[site.relay.tls]
    for domain in site.relay_domains:
        yield domain.host, levels[domain.tls]


def _verdict(item: Access | AccessFile) -> str:
    if item.action == "reject":
        text = item.text.replace('"', "'") or "Access denied"
        return f"ERROR:5.7.1:550 {text}"
    return _VERDICTS[item.action]
