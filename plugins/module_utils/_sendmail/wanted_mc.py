"""From the options of an mc file to its model, with what tables and lists bring along."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .model import (
    Client,
    Daemon,
    Dnsbl,
    Feature,
    Masquerade,
    Mc,
    Milter,
    OwnMailer,
    Settings,
)
from .units import HANDOVER_PATH

Spec = Mapping[str, Any]

FOLDER = "/etc/mail"
# What each table or list brings along: a feature, or a macro with the list's path.
_BRINGS = {
    "access": "access_db",
    "authinfo": "authinfo",
    "domaintable": "domaintable",
    "genericstable": "genericstable",
    "local_host_names": "use_cw_file",
    "mailertable": "mailertable",
    "trusted_users": "use_ct_file",
    "virtusertable": "virtusertable",
}
_FILES = {"generics_domains": "GENERICS_DOMAIN_FILE", "virtuser_domains": "VIRTUSER_DOMAIN_FILE"}
READERS = {feature: name for name, feature in _BRINGS.items()}
# What comes by a socket of this host, which Sendmail knows by a name that it asks the DNS about.
_HANDED_OVER = ("RELAY_DOMAIN", "[UNIX:localhost]")
# Without a listener of its own Sendmail would make one for everybody, should it be started as one.
_NOBODY = Daemon("NoMTA", address="127.0.0.1", modifiers="E")


def list_path(name: str) -> str:
    """Return where a list lies."""
    return f"{FOLDER}/{name.replace('_', '-')}"


def mail_mc(spec: Spec, brought: Iterable[str]) -> Mc:
    """Return sendmail.mc with the features that the tables and lists of those names need."""
    names = sorted(brought)
    mc = _mc(spec, "debian-mta", ("local", "smtp"))
    own = {feature.name for feature in mc.features}
    needed = ["no_default_msa", *(_BRINGS[name] for name in names if name in _BRINGS)]
    extra = tuple(Feature(name) for name in needed if name not in own)
    files = tuple((_FILES[name], f"{list_path(name)} %[^\\#]") for name in names if name in _FILES)
    defines = {"confHOST_STATUS_DIRECTORY": None, **dict(mc.defines)}  # it has no folder there
    return replace(
        mc,
        features=(*mc.features, *extra),
        defines=tuple(sorted(defines.items(), key=lambda pair: pair[0])),
        classes=(_HANDED_OVER, *files),
        daemons=mc.daemons or (_NOBODY,),
    )


def submit_mc(spec: Spec, brought: Iterable[str] = ()) -> Mc:
    """Return submit.mc; it hands over to the socket of the units where nothing else is said.

    Who may go by another name is asked where people hand their mail in: it reads that list too.
    """
    mc = _mc(spec, "debian-msp", ())
    defines = dict(mc.defines)
    defines.setdefault("RELAY_MAILER_ARGS", f"FILE {HANDOVER_PATH}")
    own = {feature.name for feature in mc.features}
    needed = [Feature("msp", ("[127.0.0.1]",))]
    needed += [Feature(_BRINGS[name]) for name in brought if name == "trusted_users"]
    extra = tuple(feature for feature in needed if feature.name not in own)
    return replace(mc, features=(*mc.features, *extra), defines=tuple(sorted(defines.items())))


def text(value: object) -> str:
    """Return a value as Sendmail writes it."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, (list, tuple)):
        return ",".join(text(item) for item in value)
    return str(value)


def settings(values: Mapping[str, Any] | None) -> Settings:
    """Return settings sorted by their names, without those that are null."""
    return tuple(sorted((k, text(v)) for k, v in (values or {}).items() if v is not None))


def _mc(spec: Spec, domain: str, mailers: tuple[str, ...]) -> Mc:
    named = spec.get("mailers")
    return Mc(
        domain=spec.get("domain") or domain,
        ostype=spec.get("ostype") or "debian",
        defines=_defines(spec.get("defines") or {}),
        features=tuple(_feature(one) for one in spec.get("features") or ()),
        masquerade=_masquerade(spec.get("masquerade") or {}),
        daemons=tuple(_daemon(one) for one in spec.get("daemon_options") or ()),
        clients=tuple(Client(**_given(one)) for one in spec.get("client_options") or ()),
        mechanisms=tuple(spec.get("trusted_mechanisms") or ()),
        milters=tuple(_milter(one) for one in spec.get("milters") or ()),
        dnsbls=tuple(_dnsbl(one) for one in spec.get("dnsbls") or ()),
        greet_pause=spec.get("greet_pause_milliseconds"),
        mailers=mailers if named is None else tuple(named),
        mailer_flags=settings(spec.get("mailer_flags")),
        own_mailers=tuple(OwnMailer(**_given(one)) for one in spec.get("own_mailers") or ()),
        **{
            key: tuple(spec.get(key) or ())
            for key in ("local_config", "local_rule_0", "local_net_config", "local_rulesets")
        },
    )


def _given(spec: Spec) -> dict[str, Any]:
    return {key: value for key, value in spec.items() if value is not None}


def _defines(values: Mapping[str, Any]) -> tuple[tuple[str, str | None], ...]:
    return tuple(
        sorted((name, None if value is None else text(value)) for name, value in values.items())
    )


def _feature(spec: Spec) -> Feature:
    return Feature(spec["name"], tuple(spec.get("arguments") or ()))


def _daemon(spec: Spec) -> Daemon:
    given = _given(spec)
    if "milters" in given:
        given["milters"] = tuple(given["milters"])
    return Daemon(**given)


def _milter(spec: Spec) -> Milter:
    given = _given(spec)
    return Milter(**{**given, "timeouts": settings(given.get("timeouts"))})


def _dnsbl(spec: Spec) -> Dnsbl:
    given = _given(spec)
    return Dnsbl(**{**given, "results": tuple(given.get("results") or ())})


def _masquerade(spec: Spec) -> Masquerade:
    given = _given(spec)
    lists = {key: tuple(value) for key, value in given.items() if isinstance(value, list)}
    return Masquerade(**{**given, **lists})
