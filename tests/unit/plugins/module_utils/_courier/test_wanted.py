"""Behaviour of Courier's files as a whole: their modes, and what starts anew for which."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._accounts.passwd import Credential
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, make_plan
from ansible_collections.postern.mail.plugins.module_utils._courier.wanted import (
    AUTHDAEMON_UNIT,
    DELIVERY,
    DROP_INS,
    IMAP_UNIT,
    POP_UNIT,
    USERDB,
    to_restart,
    wanted_files,
    wanted_rights,
)
from ansible_collections.postern.mail.tests.unit.courier_samples import courier

CREDENTIALS = {"alice@example.org": Credential("$6$s$h")}
TEAM = {"name": "team", "writers": ["alice@example.org"]}


def files(**changes: object) -> dict[str, File]:
    model = courier(**changes)
    found = wanted_files(model, CREDENTIALS) | wanted_rights(model, {"team": [".sub"]})
    return {path: file for path, file in found.items() if file is not None}


def test_hashes_are_secret_and_for_root_alone() -> None:
    assert (files()[USERDB].mode, files()[USERDB].secret) == (0o600, True)


def test_maildrop_finds_instructions_of_its_own_user() -> None:
    assert (files()[DELIVERY].owner, files()[DELIVERY].mode) == ("vmail", 0o400)


def test_courier_never_speaks_tls_itself() -> None:
    assert b'IMAPDSTARTTLS="NO"' in files()["/etc/courier/imapd-ssl"].content


def test_folders_that_people_made_in_a_shared_one_have_its_rights() -> None:
    found = files(shared_folders=[TEAM])
    top = "/srv/vmail/shared/team/Maildir"
    assert found[f"{top}/courierimapacl"] == found[f"{top}/.sub/courierimapacl"]


def test_only_what_reads_a_changed_file_starts_anew() -> None:
    present = files()
    changed = files(imap_settings={"IMAP_ACL": False}, shared_folders=[TEAM])
    assert to_restart(make_plan(changed, present)) == {IMAP_UNIT}
    without = {path: file for path, file in present.items() if path != DROP_INS[AUTHDAEMON_UNIT]}
    assert to_restart(make_plan(present, without)) == {AUTHDAEMON_UNIT}
    assert to_restart(make_plan(present, {})) == {AUTHDAEMON_UNIT, IMAP_UNIT, POP_UNIT}
    assert not make_plan(present, files()).changed
