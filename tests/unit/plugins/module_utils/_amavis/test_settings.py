"""What each option does to mail: where it comes from, where it goes, who is told."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._amavis.model import Attachments, Scores
from ansible_collections.postern.mail.plugins.module_utils._amavis.perl import (
    Name,
    Pattern,
    Patterns,
)
from ansible_collections.postern.mail.plugins.module_utils._amavis.settings import (
    BOUNCE,
    DISCARD,
    PASS,
    REJECT,
    Settings,
    settings_of,
)
from ansible_collections.postern.mail.tests.unit.amavises import CLAMAV, OTHER, told

DESTINIES = ("$final_virus_destiny", "$final_banned_destiny")


def settings(**changes: Any) -> Settings:
    return settings_of(told(**changes))


def own(**changes: Any) -> dict[str, Any]:
    """Return what differs for mail of people who have logged in."""
    bank = settings(**changes)["$policy_bank{'OWN'}"]
    assert isinstance(bank, dict)
    return bank


@pytest.mark.parametrize("takes", ["lmtp", "milter"])
def test_nothing_listens_on_a_port(takes: str) -> None:
    found = settings(takes=takes)
    assert found["$inet_socket_port"] is None
    sockets = found["@listen_sockets"]
    assert isinstance(sockets, tuple)
    assert all(str(socket).startswith("/") for socket in sockets)
    assert found["$unix_socket_mode"] == 0o660


def test_mail_out_of_a_queue_goes_back_into_it() -> None:
    found = settings(sockets="/run/filter", filtered="/run/back")
    assert found["@listen_sockets"] == (
        "/var/lib/amavis/amavisd.sock",
        "/run/filter/strangers",
        "/run/filter/own",
    )
    assert found["$interface_policy{'/run/filter/own'}"] == "OWN"
    assert found["$policy_bank{'STRANGERS'}"] == {"protocol": "LMTP"}
    methods = ("$forward_method", "$notify_method", "$release_method")
    assert {found[name] for name in methods} == {"smtp:/run/back"}  # type: ignore[arg-type]


def test_behind_a_milter_the_agent_keeps_the_mail_and_takes_notices() -> None:
    found = settings(takes="milter", filtered="/run/back")
    assert found["@listen_sockets"] == ("/var/lib/amavis/amavisd.sock",)
    assert found["$forward_method"] is None
    assert found["$notify_method"] == found["$release_method"] == "smtp:/run/back"
    assert "$policy_bank{'OWN'}" not in found


def test_broken_scanners_stop_mail_unless_it_is_to_pass() -> None:
    assert settings(when_broken="defer")["$virus_scanners_failure_is_fatal"] == 1
    assert settings(when_broken="pass")["$virus_scanners_failure_is_fatal"] == 0


def test_every_scanner_is_asked_and_none_stands_in_for_another() -> None:
    found = settings(scanners=(CLAMAV, OTHER))
    assert found["@av_scanners_backup"] == ()
    assert found["@bypass_virus_checks_maps"] == ()
    scanners = found["@av_scanners"]
    assert isinstance(scanners, tuple)
    clamav, other = scanners
    assert isinstance(clamav, tuple)
    assert clamav[:3] == (
        "ClamAV",
        Name("\\&ask_daemon"),
        ("*", "clamd:/run/clamav/clamd.ctl"),
    )
    assert other == ("Other", "/usr/bin/other", "--quiet {}", (0,), (1, 2), Pattern("(.+)"))


def test_without_a_scanner_nothing_is_searched_for_viruses() -> None:
    found = settings(scanners=())
    assert found["@bypass_virus_checks_maps"] == (1,)
    assert found["$X_HEADER_LINE"] == ""
    assert "$X_HEADER_LINE" not in settings()


@pytest.mark.parametrize("policy", ["allow_only", "block"])
def test_a_bomb_is_stopped_where_attachments_alone_are_judged(policy: str) -> None:
    """amavis tells of one only those for whom viruses may be looked for, if by no scanner."""
    found = settings(scanners=(), attachments=Attachments(policy, ("exe",)))
    assert found["@bypass_virus_checks_maps"] == found["@av_scanners"] == ()
    assert found["$X_HEADER_LINE"] == ""


def test_own_people_are_told_and_strangers_are_not() -> None:
    found = settings(warn_senders="own")
    assert [found[name] for name in DESTINIES] == [DISCARD, DISCARD]
    assert found["@viruses_that_fake_sender_maps"] == (1,)
    assert own() == {
        "protocol": "LMTP",
        "originating": 1,
        "final_virus_destiny": BOUNCE,
        "final_banned_destiny": BOUNCE,
        "viruses_that_fake_sender_maps": (),
    }
    milter = settings(takes="milter")["$policy_bank{'SMTP_AUTH'}"]
    assert milter == {key: value for key, value in own().items() if key != "protocol"}


def test_own_mail_is_rated_where_its_score_can_stop_it() -> None:
    assert own(spam=True)["bypass_spam_checks_maps"] == (1,)
    assert "bypass_spam_checks_maps" not in own(spam=True, scores=Scores(quarantined=9.0))
    assert "bypass_spam_checks_maps" not in own(spam=False)


def test_everybody_is_told_where_the_site_insists() -> None:
    found = settings(warn_senders="everybody")
    assert [found[name] for name in DESTINIES] == [BOUNCE, BOUNCE]
    assert found["@viruses_that_fake_sender_maps"] == (0,)


def test_nobody_is_told_where_the_site_says_so() -> None:
    found = settings(warn_senders="nobody")
    assert [found[name] for name in DESTINIES] == [DISCARD, DISCARD]
    assert own(warn_senders="nobody") == {"protocol": "LMTP", "originating": 1}


@pytest.mark.parametrize("senders", ["own", "everybody", "nobody"])
def test_what_is_rejected_is_told_by_the_agent_and_kept(senders: str) -> None:
    found = settings(stopped="reject", takes="milter", warn_senders=senders)
    assert [found[name] for name in (*DESTINIES, "$final_spam_destiny")] == [REJECT] * 3
    assert found["$policy_bank{'SMTP_AUTH'}"] == {"originating": 1}
    assert found["$virus_quarantine_method"] == "local:virus-%m"


def test_all_that_is_stopped_is_kept_in_quarantine() -> None:
    found = settings()
    assert found["$QUARANTINEDIR"] == "/var/lib/amavis/virusmails"
    kinds = ("virus", "banned_files", "spam")
    assert [found[f"${kind}_quarantine_method"] for kind in kinds] == [
        "local:virus-%m",
        "local:attachment-%m",
        "local:spam-%m",
    ]


@pytest.mark.parametrize("kind", ["{'7,2'}", "{'7,3'}"])
def test_bombs_and_what_programs_read_in_different_ways_are_stopped(kind: str) -> None:
    """In amavis' numbers, 7 is what could not be checked: 2 over limits, 3 ambiguous."""
    found = settings()
    assert found[f"$final_destiny_maps_by_ccat{kind}"] == DISCARD
    assert found[f"$quarantine_method_by_ccat{kind}"] == "local:unchecked-%m"
    assert found[f"$quarantine_to_maps_by_ccat{kind}"] == ("unchecked-quarantine",)
    assert found[f"$admin_maps_by_ccat{kind}"] == ("virusalert@example.org",)
    assert found[f"$warnrecip_maps_by_ccat{kind}"] == (1,)
    silent = settings(virusalert="", warn_recipients=False)
    assert silent[f"$admin_maps_by_ccat{kind}"] == ()
    assert silent[f"$warnrecip_maps_by_ccat{kind}"] == (0,)
    rejected = settings(stopped="reject", takes="milter", warn_senders="everybody")
    assert rejected[f"$final_destiny_maps_by_ccat{kind}"] == REJECT
    everybody = settings(warn_senders="everybody")
    assert everybody[f"$final_destiny_maps_by_ccat{kind}"] == BOUNCE


@pytest.mark.parametrize("broken", ["defer", "pass"])
def test_what_is_only_encrypted_passes_and_is_no_reason_to_tell_anybody(broken: str) -> None:
    found = settings(when_broken=broken)
    assert found["$final_unchecked_destiny"] == PASS
    assert found["$unchecked_quarantine_method"] is None
    # Only who is told differs: a failing scanner is 7 without a further number.
    encrypted = {name for name in found if name.endswith("{'7,1'}")}
    assert encrypted == {"$admin_maps_by_ccat{'7,1'}"}
    assert found["$admin_maps_by_ccat{'7,1'}"] == ()
    told_of = ("virusalert@example.org",) if broken == "pass" else ()
    assert found["$admin_maps_by_ccat{'7'}"] == told_of


def test_programs_are_found_by_their_names_where_root_alone_puts_them() -> None:
    found = settings()
    assert found["$path"] == "/usr/sbin:/usr/bin:/sbin:/bin"
    assert found["$file"] == "file"
    assert found["$unrar"] == ("unrar", "unrar-free")
    assert found["$arc"] == ("nomarch", "arc")


def test_the_administrator_and_recipients_are_told_if_they_are_to() -> None:
    found = settings()
    assert found["$virus_admin"] == found["$banned_admin"] == "virusalert@example.org"
    assert found["$warnvirusrecip"] == found["$warnbannedrecip"] == 1
    assert found["$warn_offsite"] == 0
    silent = settings(virusalert="", warn_recipients=False)
    assert silent["$virus_admin"] is None
    assert silent["$warnvirusrecip"] == silent["$warnbannedrecip"] == 0


def test_attachments_become_one_table_or_none() -> None:
    assert settings()["$banned_namepath_re"] is None
    found = settings(attachments=Attachments("block", ("exe",)))["$banned_namepath_re"]
    assert isinstance(found, Patterns)
    assert len(found.patterns) == 2


def test_spam_is_marked_and_stays_unless_a_score_says_more() -> None:
    found = settings(spam=True)
    assert found["@bypass_spam_checks_maps"] == ()
    assert found["$sa_tag2_level_deflt"] == "5"
    assert found["$sa_kill_level_deflt"] == "9999"
    kept = settings(spam=True, scores=Scores(4.5, 12.0), network_tests=False)
    assert (kept["$sa_tag2_level_deflt"], kept["$sa_kill_level_deflt"]) == ("4.5", "12")
    assert kept["$sa_local_tests_only"] == 1
    assert settings()["@bypass_spam_checks_maps"] == (1,)


def test_exempt_recipients_get_what_was_found() -> None:
    exempt = {"virus": ("lab@example.org",), "attachments": ("b.example", "a.example")}
    found = settings(exempt=exempt)
    assert found["@virus_lovers_maps"] == ({"lab@example.org": 1},)
    assert found["@banned_files_lovers_maps"] == ({"a.example": 1, "b.example": 1},)


def test_an_exemption_from_spam_needs_a_search_for_it() -> None:
    exempt = {"spam": ("abuse@example.org",)}
    assert settings(exempt=exempt)["@bypass_spam_checks_maps"] == (1,)
    found = settings(exempt=exempt, spam=True)
    assert found["@bypass_spam_checks_maps"] == ({"abuse@example.org": 1},)


def test_the_site_is_known_by_its_domains_and_networks() -> None:
    found = settings(networks=("10.0.0.0/8",), concurrency=7)
    assert found["@local_domains_maps"] == (("example.net", "example.org"),)
    assert found["@mynetworks"] == ("127.0.0.0/8", "[::1]", "10.0.0.0/8")
    assert found["$max_servers"] == 7
