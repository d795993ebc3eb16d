"""Behaviour of all accounts files together: a silent second run, and a diff without secrets."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._accounts.model import (
    Accounts,
    Entry,
    MachineAccount,
)
from ansible_collections.postern.mail.plugins.module_utils._accounts.passwd import Credential
from ansible_collections.postern.mail.plugins.module_utils._accounts.render import Saslauthd
from ansible_collections.postern.mail.plugins.module_utils._accounts.wanted import (
    diff,
    paths,
    wanted_files,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, make_plan

ACCOUNTS = Accounts((Entry("a", "pw"),), (MachineAccount("m", "/etc/postern/m.secret"),))
SASLAUTHD = Saslauthd("/run/saslauthd", 5)


def files_with(credential: Credential) -> dict[str, File | None]:
    return wanted_files(ACCOUNTS, {"m": "hush"}, {"a": credential}, SASLAUTHD)


def test_what_stands_already_is_not_planned() -> None:
    files = files_with(Credential("HASH"))
    assert not make_plan(files, files).changed


def test_every_file_is_read_before_it_is_planned() -> None:
    assert set(files_with(Credential("HASH"))) <= set(paths(ACCOUNTS))


def test_files_with_secrets_are_for_root_alone() -> None:
    secrets = [file for file in files_with(Credential("HASH")).values() if file and file.secret]
    assert len(secrets) == 2
    assert all(file.mode == 0o600 and file.owner == "root" for file in secrets)


def test_the_diff_says_who_and_never_a_hash_or_secret() -> None:
    plan = make_plan(files_with(Credential("NEWHASH", True)), files_with(Credential("OLDHASH")))
    (entry,) = diff(plan)
    assert (entry["before"], entry["after"]) == ("a: old password\n", "a: locked, new password\n")
    text = str(diff(make_plan(files_with(Credential("NEWHASH")), {})))
    assert "NEWHASH" not in text
    assert "hush" not in text


def test_wrong_permissions_show_as_such() -> None:
    files = files_with(Credential("HASH"))
    loose = {path: File(file.content, 0o644) for path, file in files.items() if file}
    shown = str(diff(make_plan(files, loose)))
    assert "0644" in shown
    assert "0600" in shown
