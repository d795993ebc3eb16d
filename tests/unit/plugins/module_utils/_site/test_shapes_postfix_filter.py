"""Postfix hands everything over once, and takes back from the filter alone."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix import (
    postfix_parameters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    Choices,
    FilterWay,
    choices_of,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_filter import (
    filter_parameters,
    filter_services,
    own_filter,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_services import (
    postfix_services,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only, site_of

BELOW = "/var/spool/postfix/run/filter"
LMTP = {"strangers": f"{BELOW}/strangers", "own": f"{BELOW}/own", "concurrency": 4}
MILTER = {"milter": f"{BELOW}/milter", "concurrency": 4}


def chosen(way: dict[str, Any]) -> Choices:
    return choices_of(({"filter": way},), "example.org")


def services(way: dict[str, Any], raw: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    site = site_of(raw or good())
    return {one["name"]: one for one in postfix_services(site, ({"filter": way},))}


def test_the_filters_sockets_are_named_as_the_chroot_sees_them() -> None:
    assert chosen(LMTP).filter == FilterWay("run/filter/strangers", "run/filter/own", "", 4)
    assert chosen({"milter": "/elsewhere/milter", "concurrency": 1}).filter == FilterWay(
        milter="/elsewhere/milter", concurrency=1
    )
    assert chosen({}).filter is None


def test_mail_is_handed_over_with_its_addresses_as_they_came() -> None:
    assert filter_parameters(chosen(LMTP)) == {
        "content_filter": "filter:unix:run/filter/strangers",
        "receive_override_options": "no_address_mappings",
        "filter_destination_concurrency_limit": "4",
        "filter_destination_recipient_limit": "1000",
    }
    over = services(LMTP)["filter"]
    assert (over["command"], over["maxproc"]) == ("lmtp", "4")
    assert over["options"]["lmtp_send_xforward_command"] == "yes"


@pytest.mark.parametrize("name", ["submission", "submissions"])
def test_who_has_logged_in_has_a_way_of_their_own(name: str) -> None:
    raw = good(mail_openings={"smtp": "everyone", name: "everyone", "imaps": "everyone"})
    options = services(LMTP, raw)[name]["options"]
    assert options["content_filter"] == "filter:unix:run/filter/own"
    assert "content_filter" not in services(MILTER, raw)[name]["options"]
    assert own_filter(chosen({})) == {}


def test_a_milter_is_asked_before_and_without_it_mail_is_put_off() -> None:
    assert filter_parameters(chosen(MILTER)) == {
        "smtpd_milters": "unix:run/filter/milter",
        "non_smtpd_milters": "unix:run/filter/milter",
        "milter_default_action": "tempfail",
        "milter_content_timeout": "600s",
    }
    assert "filter" not in services(MILTER)


@pytest.mark.parametrize("way", [LMTP, MILTER])
def test_what_comes_back_is_not_searched_again_and_comes_from_no_port(way: dict[str, Any]) -> None:
    back = services(way)["filtered"]
    assert (back["type"], back["command"]) == ("unix", "smtpd")
    options = back["options"]
    assert options["content_filter"] == options["smtpd_milters"] == ""
    assert "no_milters" in options["receive_override_options"]
    assert "no_address_mappings" not in options["receive_override_options"]
    assert options["smtpd_recipient_restrictions"] == "permit_mynetworks, reject"
    assert options["mynetworks"] == "127.0.0.0/8"
    inet = [one for one in filter_services(site_of(good()), chosen(way)) if one["type"] == "inet"]
    assert inet == []


@pytest.mark.parametrize("way", [LMTP, MILTER])
def test_what_comes_back_larger_than_it_came_is_not_held_to_the_limit_again(
    way: dict[str, Any],
) -> None:
    back = services(way)["filtered"]["options"]
    assert back["message_size_limit"] == "0"
    clean = services(way)[back["cleanup_service_name"]]
    assert (clean["type"], clean["private"], clean["command"]) == ("unix", "n", "cleanup")
    assert (clean["maxproc"], clean["options"]["message_size_limit"]) == ("0", "0")


def test_milters_of_ones_own_are_asked_before_the_filters() -> None:
    own = [{"socket": "inet:127.0.0.1:8891"}, {"socket": "unix:run/two", "mail": ["smtpd"]}]
    joined = filter_parameters(choices_of(({"filter": MILTER, "milters": own},), "example.org"))
    assert joined["smtpd_milters"] == "inet:127.0.0.1:8891, unix:run/two, unix:run/filter/milter"
    assert joined["non_smtpd_milters"] == "inet:127.0.0.1:8891, unix:run/filter/milter"
    behind = filter_parameters(choices_of(({"filter": LMTP, "milters": own},), "example.org"))
    assert behind["smtpd_milters"] == "inet:127.0.0.1:8891, unix:run/two"
    assert behind["content_filter"] == "filter:unix:run/filter/strangers"
    alone = filter_parameters(choices_of(({"milters": own},), "example.org"))
    assert alone == {
        "smtpd_milters": "inet:127.0.0.1:8891, unix:run/two",
        "non_smtpd_milters": "inet:127.0.0.1:8891",
    }


@pytest.mark.parametrize("raw", [good(), send_only()])
def test_without_a_filter_nothing_is_said_of_it(raw: dict[str, Any]) -> None:
    site = site_of(raw)
    assert filter_services(site, Choices()) == []
    assert not {"content_filter", "smtpd_milters"} & {*postfix_parameters(site)}
    assert "filtered" not in services({}, raw)


def test_a_host_that_only_sends_is_searched_as_well() -> None:
    parameters = postfix_parameters(site_of(send_only()), ({"filter": LMTP},))
    assert parameters["content_filter"] == "filter:unix:run/filter/strangers"
    assert {"filter", "filtered"} <= {*services(LMTP, send_only())}
