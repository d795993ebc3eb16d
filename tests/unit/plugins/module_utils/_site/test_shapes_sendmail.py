"""Sendmail's mode and its mc files follow from the site."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail.wanted import configuration
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail import (
    sendmail_lists,
    sendmail_mc,
    sendmail_mode,
    sendmail_submit,
    sendmail_tables,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail_addresses import (
    sendmail_aliases,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail_routes import (
    authinfo,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of


def names_of(parts: list[dict[str, Any]]) -> list[str]:
    return [part["name"] for part in parts]


def test_who_only_sends_listens_to_nobody() -> None:
    site = site_of(send_only())
    assert sendmail_mode(site) == "queue"
    assert sendmail_mc(site)["daemon_options"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"mail_openings": {"submission": "everyone"}},
        {"mail_relay_domains": [{"name": "b.example", "host": "mx.b.example"}]},
    ],
)
def test_who_is_reached_or_relays_is_a_daemon(changes: dict[str, Any]) -> None:
    assert sendmail_mode(site_of(send_only(**changes))) == "daemon"


def test_queue_mode_with_an_open_port_is_refused() -> None:
    with pytest.raises(ValueError, match=r"nothing listens in queue mode, and mail_openings\.smtp"):
        sendmail_mc(site_of(good()), ("queue", {"socket": "/x"}, True))


def test_only_what_is_opened_is_reached_from_elsewhere() -> None:
    mc = sendmail_mc(site_of(good(mail_openings={"submissions": ["10.20.0.0/16"]})))
    places = {one["name"]: one.get("address") for one in mc["daemon_options"]}
    assert places == {"MTA": "127.0.0.1", "TLSMSA": None}


def test_one_listener_takes_both_families_where_there_are_two() -> None:
    site = site_of(good(mail_openings={"smtp": "everyone"}))
    families = [
        [
            one["family"]
            for one in sendmail_mc(site, ("daemon", {"socket": "/x"}, ipv6))["daemon_options"]
        ]
        for ipv6 in (True, False)
    ]
    assert families == [["inet6"], ["inet"]]


def test_logins_are_asked_for_on_submission_and_not_taken_on_smtp() -> None:
    options = {
        one["name"]: one["modifiers"] for one in sendmail_mc(site_of(good()))["daemon_options"]
    }
    assert "A" in options["MTA"]
    assert "a" in options["MSA"]


def test_a_login_is_bound_to_its_addresses() -> None:
    config = sendmail_mc(site_of(good()))["local_config"]
    assert "C{SenderLogins}alice@example.org/sales@example.org" in config
    assert "C{SenderLogins}carol@example.org/@example.net" in config
    assert "C{SenderLogins}carol@example.org/alice@example.org" not in config
    assert "C{Senders}alice@example.org" in config


def test_without_submission_there_are_no_logins() -> None:
    mc = sendmail_mc(site_of(good(mail_openings={"smtp": "everyone"})))
    assert mc["trusted_mechanisms"] == []
    assert not [line for line in mc["local_config"] if "SenderLogins" in line]


@pytest.mark.parametrize(("users", "name"), [("none", "example.org"), ("mbox", "web.example.org")])
def test_names_without_a_domain_are_those_of_the_site_or_of_the_hosts_users(
    users: str, name: str
) -> None:
    submit = sendmail_submit(site_of(send_only(mail_local_users=users)))
    assert submit == {"defines": {"confDOMAIN_NAME": name}}


def test_what_users_of_a_closed_host_send_bears_the_sites_name() -> None:
    closed = site_of(send_only(mail_local_users="mbox"))
    assert sendmail_mc(closed)["masquerade"]["name"] == "example.org"
    opened = site_of(send_only(mail_local_users="mbox", mail_openings={"smtp": "everyone"}))
    assert sendmail_mc(opened)["masquerade"] == {}


def test_users_get_their_mail_by_procmail_where_they_have_mailboxes() -> None:
    boxes = {
        kind: sendmail_mc(site_of(send_only(mail_local_users=kind)))["features"]
        for kind in ("none", "mbox", "maildir")
    }
    assert "local_procmail" not in names_of(boxes["none"])
    assert "local_procmail" in names_of(boxes["mbox"])
    assert boxes["maildir"] == boxes["mbox"]  # procmail's own file tells them apart


@pytest.mark.parametrize("raw", [good(), send_only(), send_only(mail_local_users="maildir")])
def test_all_of_it_together_is_what_the_module_takes(raw: dict[str, Any]) -> None:
    site = site_of(raw)
    spec = {
        "mode": sendmail_mode(site),
        "queue_interval": "1h",
        "mc": sendmail_mc(site),
        "submit": sendmail_submit(site),
        "tables": sendmail_tables(site),
        "aliases": sendmail_aliases(site),
        "lists": sendmail_lists(site),
        "authinfo": authinfo(site),
    }
    _configuration, problems = configuration(spec)
    assert not problems


def test_a_sender_of_the_site_need_not_be_somebody_whom_mail_reaches() -> None:
    rules = sendmail_mc(site_of(good()))["local_rule_0"]
    assert any("e s $|" in rule and "$={VirtHost}" in rule for rule in rules)
    assert sendmail_mc(site_of(send_only()))["local_rule_0"] == []


def test_one_recipient_elsewhere_may_be_relayed_to_without_its_domain() -> None:
    features = sendmail_mc(site_of(good()))["features"]
    assert {"name": "access_db", "arguments": ["", "relaytofulladdress"]} in features


def test_the_form_of_a_mailbox_inside_is_refused_before_it_is_asked_who_relays() -> None:
    rules = sendmail_mc(site_of(good()))["local_rulesets"]
    start = rules.index("SLocal_check_rcpt")
    refusal = next(n for n, rule in enumerate(rules) if ". postern-store $*\t$#error " in rule)
    assert start < refusal < rules.index("R$*\t$: $&{auth_authen} $| $&f")
    assert rules.count("SLocal_check_rcpt") == 1


def test_without_a_store_and_logins_nothing_is_asked_of_recipients() -> None:
    rules = sendmail_mc(site_of(send_only()))["local_rulesets"]
    assert "SLocal_check_rcpt" not in rules


def test_further_clients_are_asked_for_where_sendmail_would_refuse_to_relay() -> None:
    found = sendmail_mc(site_of(good()), ("daemon", {"socket": "/run/x"}, True, "/run/y/map"))
    assert "Krelay_clients socket -T<TMPF> local:/run/y/map" in found["local_config"]
    rules = found["local_rulesets"]
    asked = rules.index("R$*\t$: $1 $| $>FurtherClients $1")
    assert rules.index("SFurtherClients") < rules.index("SLocal_check_rcpt") < asked
    assert asked < rules.index("R$*\t$: $&{auth_authen} $| $&f")  # which ends the rules for most
    assert not any("urther" in rule for rule in sendmail_mc(site_of(good()))["local_rulesets"])
