"""Checks of a role's variables beside the site: a value that would undo what the site says."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._accounts.schemes import (
    DEFAULT_SCHEME,
    SCHEMES,
    rounds_hint,
    too_long,
)
from ansible_collections.postern.mail.plugins.module_utils._amavis.notices import read_notices
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child, show
from ansible_collections.postern.mail.plugins.module_utils._site import values
from ansible_collections.postern.mail.plugins.module_utils._site.checks_delivery import (
    check_delivery,
)
from ansible_collections.postern.mail.plugins.module_utils._site.checks_network import CLEAR
from ansible_collections.postern.mail.plugins.module_utils._site.findings import (
    Finding,
    Findings,
    problem,
    warning,
)
from ansible_collections.postern.mail.plugins.module_utils._site.model import RECEIVING, Site
from ansible_collections.postern.mail.plugins.module_utils._site.reader import Reader
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
    read_choices,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_filter import (
    RESERVED,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_routes import (
    credential_problems,
    policy_problems,
)

_READING = ("imaps", "pop3s", "imap", "pop3")


def check_roles(site: Site, variables: Mapping[str, Any]) -> Findings:
    """Yield what is wrong with variables that the inventory gives to roles, in structure sound."""
    if variables.get("firewall_enabled") is False:
        yield from _without_firewall(site)
    if variables.get("sendmail_mode") == "queue" and site.transfer_agent == "sendmail":
        yield from _only_queue(site)
    yield from _password_policy(site, variables)
    if variables.get("pop_before_smtp_enabled") is True:
        yield from _pop_before_smtp(site, variables)
    yield from check_delivery(site, variables)
    if site.filter.searches:
        _notices, problems = read_notices("amavis_notices", variables.get("amavis_notices") or {})
        yield from (Finding(found, fatal=True) for found in problems)
    if site.transfer_agent == "postfix":
        yield from _postfix_choices(site, variables)
        yield from _past_the_filter(site, variables)


def _without_firewall(site: Site) -> Iterator[Finding]:
    """The firewall alone keeps everyone else out of what is open to some."""
    for opening in site.openings:
        if opening.name in CLEAR:
            what = f"false would show {opening.name} passwords in clear text to everyone"
            hint = f"let the firewall guard {opening.where}, or open {opening.name}s instead"
            yield problem("firewall_enabled", what, hint)
        elif opening.sources is not None:
            what = f"false lets everyone reach {opening.name}, whatever {opening.where} says"
            yield warning("firewall_enabled", what, "be sure that something else keeps them out")


def _password_policy(site: Site, variables: Mapping[str, Any]) -> Iterator[Finding]:
    scheme = variables.get("accounts_scheme", DEFAULT_SCHEME)
    rounds = variables.get("accounts_rounds") or 0
    if rounds and (hint := rounds_hint(scheme, rounds)):
        yield problem("accounts_rounds", f"{rounds} is not a cost of {scheme}", hint)
    for account in site.mailboxes:
        if account.password is not None and too_long(scheme, account.password):
            what = f"is longer than the {SCHEMES[scheme].password_bytes} bytes that {scheme} reads"
            yield problem(f"{account.where}.password", what, "shorten it, or choose sha512_crypt")


def _only_queue(site: Site) -> Iterator[Finding]:
    reasons = {
        "mail_domains": site.domains,
        "mail_relay_domains": site.relay_domains,
        "mail_openings": [opening for opening in site.openings if opening.name in RECEIVING],
    }
    found = [name for name, given in reasons.items() if given]
    if found:
        names, need = " and ".join(found), "needs" if len(found) == 1 else "need"
        hint = "leave it out, or set sendmail_mode: daemon"
        yield problem("sendmail_mode", f"queue listens for no mail, which {names} {need}", hint)


def _pop_before_smtp(site: Site, variables: Mapping[str, Any]) -> Iterator[Finding]:
    """Somebody has to log in to read mail here, and to be able to send it here."""
    name = "pop_before_smtp_enabled"
    if site.store == "none":
        yield problem(name, "nobody logs in to a host without a mail store", "leave it out")
    elif not any(site.opening(service) for service in _READING):
        what = "nobody can log in to read mail"
        yield problem(name, what, f"open {' or '.join(_READING)} in mail_openings, or leave it out")
    if site.transfer_agent == "nullmailer":
        yield problem(name, "nullmailer relays for nobody", "leave it out")
    elif not site.opening("smtp"):
        what = "nobody can send through port 25, the only one that it is for"
        yield problem(name, what, "open smtp in mail_openings, or leave it out")
    for option in ("pop_before_smtp_lifetime_seconds", "pop_before_smtp_addresses"):
        if (given := variables.get(option, 1)) < 1:
            yield problem(option, f"{given} grants nothing", "leave it out for the default")
    reader = Reader()
    for number, text in enumerate(variables.get("pop_before_smtp_never", ())):
        reader.read(f"pop_before_smtp_never[{number}]", values.network, text)
    yield from (Finding(found, fatal=True) for found in reader.problems)


def _postfix_choices(site: Site, variables: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what a filter would refuse later, when hosts have been touched already."""
    given = {name.removeprefix("postfix_"): value for name, value in variables.items()}
    chosen = {field.name: given[field.name] for field in fields(Choices) if field.name in given}
    chosen |= {"postscreen": given["postscreen"]} if "postscreen" in given else {}
    choices, problems = read_choices(chosen, site.domain)
    if not problems:
        problems = policy_problems(site, choices)
        if "sender_relay_passwords" in given:  # one that needs facts is not here yet
            problems += credential_problems(choices, given["sender_relay_passwords"])
    for found in problems:
        yield Finding(found, fatal=True)


def _past_the_filter(site: Site, variables: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the parameters of one's own that would take the place of what searches mail."""
    if not site.filter.searches:
        return
    name = "postfix_extra_parameters"
    given = variables.get(name) or {}
    for parameter, hint in RESERVED.items():
        if parameter in given:
            what = f"{show(str(given[parameter]))} would undo how mail_filter has mail searched"
            yield problem(child(name, parameter), what, hint)
