"""Delivery into Maildirs by Postfix: who has a quota goes by the program that honours it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix import (
    postfix_parameters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_maps import (
    postfix_maps,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_services import (
    postfix_services,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of

MAILDIRS = {
    "folder": "/srv/vmail",
    "owner": "vmail",
    "owner_id": 5000,
    "command": ["/usr/bin/maildrop", "/etc/courier/postern-delivery"],
}
CHOICES = ({"maildirs": MAILDIRS},)
COURIER = site_of(good(mail_store="courier"))
UNLIMITED = site_of(good(mail_store="courier", mail_accounts=[{"name": "alice", "password": "x"}]))


def tables(site: object, choices: tuple[object, ...] = CHOICES) -> dict[str, dict[str, str]]:
    return {one["name"]: one["entries"] for one in postfix_maps(site, choices)}  # type: ignore[arg-type]


def test_domains_end_here_and_maildirs_are_one_users() -> None:
    found = postfix_parameters(COURIER, CHOICES)
    assert found["virtual_mailbox_domains"] == "example.net example.org"
    assert found["virtual_mailbox_base"] == "/srv/vmail"
    assert found["virtual_uid_maps"] == found["virtual_gid_maps"] == "static:5000"


def test_every_mailbox_has_a_maildir_and_only_one_with_a_quota_has_the_program() -> None:
    found = tables(COURIER)
    assert found["virtual_mailboxes"]["carol@example.org"] == "example.org/carol/Maildir/"
    ways = {name: way for name, way in found["transports"].items() if "@" in name}
    assert ways == {"alice@example.org": "maildir:"}


def test_the_program_runs_as_the_owner_without_a_shell_for_one_recipient_at_a_time() -> None:
    (service,) = (s for s in postfix_services(COURIER, CHOICES) if s["name"] == "maildir")
    assert (service["command"], service["chroot"], service["unpriv"]) == ("pipe", "n", "n")
    assert service["arguments"] == [
        "flags=DORXhu",
        "user=vmail:vmail",
        "argv=/usr/bin/maildrop",
        "/etc/courier/postern-delivery",
        "/srv/vmail/$domain/$user/Maildir",
    ]
    parameters = postfix_parameters(COURIER, CHOICES)
    assert parameters["maildir_destination_recipient_limit"] == "1"
    assert parameters["transport_maps"]


def test_without_quotas_there_is_no_program_and_no_table_is_asked() -> None:
    assert "maildir" not in {one["name"] for one in postfix_services(UNLIMITED, CHOICES)}
    parameters = postfix_parameters(UNLIMITED, CHOICES)
    assert "maildir_destination_recipient_limit" not in parameters
    assert parameters["transport_maps"] == ""


def test_another_store_has_none_of_it() -> None:
    site = site_of(good())
    assert "virtual_mailbox_base" not in postfix_parameters(site)
    assert set(tables(site, ())["virtual_mailboxes"].values()) == {"OK"}
    assert "maildir" not in {one["name"] for one in postfix_services(site)}
