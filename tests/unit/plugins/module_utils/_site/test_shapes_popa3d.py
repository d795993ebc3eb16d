"""Accounts are UNIX users where popa3d keeps the mail, behind both agents."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_network import (
    stunnel_services,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_popa3d import (
    popa3d_listeners,
    popa3d_people,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix import (
    postfix_parameters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_services import (
    postfix_services,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail import (
    sendmail_local_users,
    sendmail_mc,
)
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of


@pytest.fixture
def site() -> Site:
    return site_of(_raw())


def _raw(**changes: Any) -> dict[str, Any]:
    accounts = [
        {"name": "alice", "password": "fake"},
        {"name": "dave", "domain": "example.net", "password": "fake", "locked": True},
    ]
    openings = {"smtp": "everyone", "pop3s": "everyone", "pop3": ["10.20.0.0/16"]}
    raw = {"mail_store": "popa3d", "mail_accounts": accounts, "mail_openings": openings}
    return good(**{**raw, **changes})


def test_people_log_in_with_their_address_and_are_unix_users_by_their_name(site: Site) -> None:
    assert popa3d_people(site) == [
        {"login": "alice@example.org", "user": "alice", "locked": False},
        {"login": "dave@example.net", "user": "dave", "locked": True},
    ]


def test_pop3_stands_behind_tls_and_in_clear_where_it_is_opened(site: Site) -> None:
    assert popa3d_listeners(site) == [
        {"name": "pop3s", "protocol": "pop3", "port": 910, "behind_tls": True},
        {"name": "pop3", "protocol": "pop3", "port": 110, "behind_tls": False},
    ]
    assert stunnel_services(site) == [
        {"name": "pop3s", "port": 995, "backend_port": 910, "protocol": "pop3"}
    ]


def test_with_another_store_there_is_nothing_of_it() -> None:
    other = site_of(_raw(mail_store="cyrus"))
    assert popa3d_people(other) == []
    assert popa3d_listeners(other) == []


def test_postfix_keeps_who_exists_and_lets_mail_wait_for_its_user(site: Site) -> None:
    assert postfix_parameters(site)["virtual_mailbox_domains"] == "example.net example.org"
    local = {"name": "local", "type": "unix", "options": {"soft_bounce": "yes"}}
    assert local in postfix_services(site)


def test_sendmail_gives_mail_to_procmail_by_the_users_name(site: Site) -> None:
    mc = sendmail_mc(site)
    (mailer,) = mc["own_mailers"]
    assert mailer["path"] == "/usr/bin/procmail"
    assert "R$+ < @ $* . postern-store . >\t$@ $1" in mc["local_rulesets"]
    assert sendmail_local_users(site) == "mbox"
    assert sendmail_local_users(site_of(good())) == "none"
