"""Sendmail's ways out and its access table follow from the site."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail_routes import (
    access,
    access_sources,
    authinfo,
    mailertable,
    own_mailers,
    smart_host,
    to_store,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of

BRANCH = {"name": "branch.example", "host": "mx.branch.example", "recipients": ["info"]}


def test_the_smarthost_takes_everything_and_must_prove_its_name() -> None:
    site = site_of(send_only())
    assert smart_host(site) == {
        "SMART_HOST": "relay:[mail.example.org]",
        "RELAY_MAILER_ARGS": "TCP $h 587",
    }
    assert access(site)["TLS_Srv:mail.example.org"] == "VERIFY:112+CN"
    assert authinfo(site) == {
        "mail.example.org": {
            "username": "alice@example.org",
            "password": "fake",
            "mechanisms": ["PLAIN", "LOGIN"],
        }
    }


def test_without_a_smarthost_mail_takes_its_own_way() -> None:
    site = site_of(good())
    assert smart_host(site) == {}
    assert authinfo(site) == {}


@pytest.mark.parametrize(("tls", "asked"), [("require", "ENCR:112"), ("opportunistic", None)])
def test_less_tls_is_asked_where_the_site_says_so(tls: str, asked: str | None) -> None:
    relay = {"host": "mail.example.org", "tls": tls}
    assert access(site_of(send_only(mail_relay=relay))).get("TLS_Srv:mail.example.org") == asked


def test_a_port_that_begins_with_tls_is_refused_with_its_place() -> None:
    site = site_of(send_only(mail_relay={"host": "mail.example.org", "port": 465}))
    with pytest.raises(ValueError, match=r"mail_relay\.port: 465 begins with TLS"):
        smart_host(site)
    edge = site_of(good(mail_relay_domains=[{**BRANCH, "port": 465}]))
    with pytest.raises(ValueError, match=r"mail_relay_domains\[0\]\.port"):
        mailertable(edge)


def test_a_relay_domain_goes_to_its_server_and_knows_its_people() -> None:
    site = site_of(good(mail_relay_domains=[BRANCH]))
    assert mailertable(site)["branch.example"] == "esmtp:[mx.branch.example]"
    found = access(site)
    assert found["To:info@branch.example"] == "OK"
    assert found["To:branch.example"] == "ERROR:5.1.1:550 User unknown"


def test_a_relay_domain_on_another_port_has_a_mailer_of_its_own() -> None:
    site = site_of(good(mail_relay_domains=[{**BRANCH, "port": 2525}]))
    assert mailertable(site)["branch.example"] == "port2525:[mx.branch.example]"
    first, store = own_mailers(site, {"socket": "/run/x"})
    assert (first["name"], first["arguments"]) == ("port2525", "TCP $h 2525")
    assert store["arguments"] == "FILE /run/x"


def test_a_relay_domain_without_a_list_takes_everybody() -> None:
    site = site_of(good(mail_relay_domains=[{"name": "b.example", "host": "mx.b.example"}]))
    assert not [key for key in access(site) if key.startswith("To:")]


def test_exceptions_bear_the_tag_of_what_they_name() -> None:
    items = [
        {"client": "192.0.2.0/24", "action": "reject", "text": 'go "away"'},
        {"client": "mx.spam.example", "action": "discard"},
        {"client": "192.0.2.9", "action": "relay"},
        {"sender": "spammer.example", "action": "reject"},
        {"recipient": "old@example.org", "action": "accept"},
        {"recipient": "void@example.org", "action": "discard"},
    ]
    found = access(site_of(good(mail_access=items)))
    assert found["Connect:10.20.0.0/16"] == "RELAY"
    assert found["Connect:192.0.2.0/24"] == "ERROR:5.7.1:550 go 'away'"
    assert found["Connect:mx.spam.example"] == "DISCARD"
    assert found["Connect:192.0.2.9/32"] == "RELAY"
    assert found["From:spammer.example"] == "ERROR:5.7.1:550 Access denied"
    assert found["To:old@example.org"] == "OK"
    assert "To:void@example.org" not in found  # an alias does it, for that recipient alone


def test_long_lists_get_their_tag_too() -> None:
    files = [
        {"kind": "sender", "path": "/x/senders.txt", "action": "reject", "text": "no"},
        {"kind": "recipient", "path": "/x/void.txt", "action": "discard"},
    ]
    domain = {"name": "branch.example", "host": "mx.b.example", "recipients_file": "/x/people.txt"}
    site = site_of(good(mail_access_files=files, mail_relay_domains=[domain]))
    senders, people = access_sources(site)
    assert (senders["tag"], senders["value"]) == ("From", "ERROR:5.7.1:550 no")
    assert (people["tag"], people["value"], people["domains"]) == ("To", "OK", ["branch.example"])
    assert access(site)["To:branch.example"].startswith("ERROR:")


MAILDIRS = {
    "folder": "/srv/vmail",
    "owner": "vmail",
    "owner_id": 5000,
    "command": ["/usr/bin/maildrop", "/etc/courier/postern-delivery"],
}


def test_a_store_with_maildirs_gets_each_message_from_a_program_of_their_owner() -> None:
    site = site_of(good(mail_store="courier"))
    (mailer,) = own_mailers(site, {"maildirs": MAILDIRS})
    assert (mailer["path"], mailer["user"]) == ("/usr/bin/maildrop", "5000:5000")
    assert mailer["arguments"] == ("maildrop /etc/courier/postern-delivery /srv/vmail/$u/Maildir")
    assert "m" not in mailer["flags"]  # one recipient at a time


def test_the_program_is_told_a_folder_and_lmtp_an_address() -> None:
    site = site_of(good(mail_store="courier"))
    told = to_store(site, {"maildirs": MAILDIRS})
    assert told[0] == "SToStore"
    assert all(rule.endswith(" / $1") for rule in told[1:])
    assert to_store(site, {"socket": "/x"})[1].endswith("$: $1 < @ $2 >")
    assert to_store(site_of(send_only()), {}) == ()
