"""Files by their paths: those that shall be there, and those that shall not."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.plan import make_plan
from ansible_collections.postern.mail.plugins.module_utils._sendmail.model import (
    Configuration,
    Mc,
    NameList,
    Table,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.render import (
    render,
    table_file,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.units import Services

WANTED = Configuration(
    Services(),
    Mc("debian-mta"),
    Mc("debian-msp"),
    tables=(
        Table("access", (b"From:x REJECT",)),
        Table("authinfo", (b"AuthInfo:h x",), secret=True),
    ),
    aliases=Table("aliases", (b"postmaster root, bob",)),
    lists=(NameList("local_host_names", (b"example.org",)),),
    sasl=(("pwcheck_method", "saslauthd"),),
)


def test_what_is_given_is_written_for_its_readers() -> None:
    files = render(WANTED)
    access, secret = files["/etc/mail/access"], files["/etc/mail/authinfo"]
    assert access is not None
    assert secret is not None
    assert (access.mode, access.owner, access.group) == (0o640, "root", "smmsp")
    assert access.content.endswith(b"\nFrom:x\tREJECT\n")
    assert (secret.mode, secret.group, secret.secret) == (0o600, "root", True)
    aliases = files["/etc/aliases"]
    assert aliases is not None
    assert aliases.content.endswith(b"\npostmaster: root, bob\n")


def test_what_is_not_given_shall_be_absent_with_its_database() -> None:
    files = render(WANTED)
    assert files["/etc/mail/virtusertable"] is None
    assert files["/etc/mail/virtusertable.db"] is None
    assert files["/etc/mail/relay-domains"] is None
    assert "/etc/mail/access.db" not in files
    bare = render(Configuration(Services(), Mc("a"), Mc("b")))
    assert bare["/etc/sasl2/Sendmail.conf"] is None
    assert "/etc/aliases" not in bare


def test_a_second_rendering_finds_nothing_to_do() -> None:
    assert not make_plan(render(WANTED), render(WANTED)).changed


def test_a_database_is_as_closed_as_its_text() -> None:
    assert table_file(Table("access")).mode == 0o640
    assert table_file(Table("authinfo", secret=True)).mode == 0o600
