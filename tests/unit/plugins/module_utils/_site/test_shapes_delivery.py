"""Which program each transfer agent starts for UNIX users."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix import (
    postfix_parameters,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_sendmail import sendmail_mc
from ansible_collections.postern.mail.tests.unit.delivery_models import popa3d
from ansible_collections.postern.mail.tests.unit.site_models import good, site_of

WAITS = "procmail -t -Y -a $h -d $u"
PROCMAIL = {"name": "local_procmail", "arguments": ["/usr/bin/procmail", WAITS]}
MAILDROP = {"name": "local_procmail", "arguments": ["/usr/bin/maildrop", "maildrop -d $u"]}


@pytest.mark.parametrize(
    ("delivery", "command"),
    [
        ("direct", None),
        ("procmail", '/usr/bin/procmail -t -a "$EXTENSION"'),
        ("maildrop", "/usr/bin/maildrop"),
    ],
)
def test_postfix_starts_the_program_that_is_asked_for(delivery: str, command: str | None) -> None:
    site = site_of(popa3d(mail_delivery=delivery))
    assert postfix_parameters(site).get("mailbox_command") == command


@pytest.mark.parametrize(
    ("delivery", "path"), [("procmail", "/usr/bin/procmail"), ("maildrop", "/usr/bin/maildrop")]
)
def test_sendmail_gives_the_mail_of_popa3d_to_it(delivery: str, path: str) -> None:
    site = site_of(popa3d(mail_transfer_agent="sendmail", mail_delivery=delivery))
    (mailer,) = sendmail_mc(site)["own_mailers"]
    assert mailer["path"] == path
    assert mailer["arguments"].split()[0] == path.rpartition("/")[2]


@pytest.mark.parametrize(
    ("delivery", "feature"),
    [("direct", PROCMAIL), ("procmail", PROCMAIL), ("maildrop", MAILDROP)],
)
def test_sendmail_gives_the_mail_of_unix_users_to_it(
    delivery: str, feature: dict[str, Any]
) -> None:
    raw = good(mail_transfer_agent="sendmail", mail_local_users="mbox", mail_delivery=delivery)
    assert feature in sendmail_mc(site_of(raw))["features"]
