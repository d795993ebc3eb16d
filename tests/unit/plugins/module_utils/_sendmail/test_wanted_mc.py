"""From the options of an mc file to its model."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._sendmail.model import (
    Dnsbl,
    Feature,
    Milter,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.wanted_mc import (
    list_path,
    mail_mc,
    submit_mc,
    text,
)


def test_tables_and_lists_bring_their_features_unless_these_are_given() -> None:
    given = {"features": [{"name": "access_db", "arguments": ["", "skip"]}]}
    found = mail_mc(given, ["access", "authinfo", "generics_domains", "local_host_names"])
    assert found.features == (
        Feature("access_db", ("", "skip")),
        Feature("no_default_msa"),
        Feature("authinfo"),
        Feature("use_cw_file"),
    )
    assert found.classes == (
        ("RELAY_DOMAIN", "[UNIX:localhost]"),
        ("GENERICS_DOMAIN_FILE", "/etc/mail/generics-domains %[^\\#]"),
    )
    assert found.mailers == ("local", "smtp")


def test_the_submission_client_hands_over_to_the_socket_unless_told_otherwise() -> None:
    found = submit_mc({})
    assert found.features == (Feature("msp", ("[127.0.0.1]",)),)
    assert found.mailers == ()
    assert dict(found.defines)["RELAY_MAILER_ARGS"] == "FILE /run/postern-sendmail/handover"
    other = submit_mc(
        {"defines": {"RELAY_MAILER_ARGS": "TCP $h 25"}, "features": [{"name": "msp"}]}
    )
    assert dict(other.defines)["RELAY_MAILER_ARGS"] == "TCP $h 25"
    assert other.features == (Feature("msp"),)


def test_values_become_sendmails_words() -> None:
    assert text(True) == "True"
    assert text(["goaway", "noetrn"]) == "goaway,noetrn"
    assert text(5) == "5"
    found = mail_mc({"defines": {"confX": None}, "milters": [], "dnsbls": []}, ())
    assert ("confX", None) in found.defines


def test_nested_parts_are_kept_in_order() -> None:
    found = mail_mc(
        {
            "milters": [{"name": "b", "socket": "unix:/b", "timeouts": {"S": "1m", "R": "2m"}}],
            "dnsbls": [{"zone": "z.example", "results": ["127.0.0.2"], "tempfail": True}],
            "daemon_options": [{"name": "MTA", "milters": ["b"], "port": None}],
        },
        (),
    )
    assert found.milters == (Milter("b", "unix:/b", timeouts=(("R", "2m"), ("S", "1m"))),)
    assert found.dnsbls == (Dnsbl("z.example", results=("127.0.0.2",), tempfail=True),)
    assert found.daemons[0].milters == ("b",)


def test_a_list_lies_where_debian_has_it() -> None:
    assert list_path("local_host_names") == "/etc/mail/local-host-names"


def test_trusted_users_are_known_where_people_hand_their_mail_in() -> None:
    names = [feature.name for feature in submit_mc({}, ["access", "trusted_users"]).features]
    assert names == ["msp", "use_ct_file"]
    own = {"features": [{"name": "use_ct_file"}]}
    names = [feature.name for feature in submit_mc(own, ["trusted_users"]).features]
    assert sorted(names) == ["msp", "use_ct_file"]
    assert [feature.name for feature in submit_mc({}).features] == ["msp"]
