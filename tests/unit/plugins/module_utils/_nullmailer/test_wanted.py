"""Which files stand on the host, for whom, and what a diff shows of them."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.model import Nullmailer
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.render import AUTHORITIES
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.wanted import (
    DROP_IN,
    MASTER_COPY,
    REMOTES,
    authorities_of,
    diff,
    plan_files,
    wanted_files,
)
from ansible_collections.postern.mail.tests.unit.nullmailers import SECRET, nullmailers, told
from hypothesis import given

ONE = b"-----BEGIN CERTIFICATE-----\none\n-----END CERTIFICATE-----\n"


@given(nullmailers)
def test_a_second_plan_is_empty(wanted: Nullmailer) -> None:
    files = wanted_files(wanted, ONE)
    assert not plan_files(files, files).changed


def test_the_password_is_for_the_daemon_and_root_alone() -> None:
    files = wanted_files(told(), ONE)
    with_secret = {
        path: (file.mode, file.owner)
        for path, file in files.items()
        if file and b"--pass" in file.content
    }
    assert with_secret == {REMOTES: (0o600, "mail"), MASTER_COPY: (0o600, "root")}


def test_a_diff_shows_no_password_and_counts_authorities() -> None:
    shown = str(diff(plan_files(wanted_files(told(), ONE * 2), {})))
    assert SECRET not in shown
    assert "fleet" not in shown
    assert "(2 certificates)" in shown


def test_files_that_would_say_otherwise_leave() -> None:
    stray = {"/etc/nullmailer/me": File(b"other\n"), "/etc/nullmailer/bounceto": File(b"a@b\n")}
    plan = plan_files(wanted_files(told(), ONE), stray)
    assert {change.path for change in plan.changes if change.after is None} == set(stray)


def test_what_an_upgrade_breaks_is_mended_at_the_next_start() -> None:
    drop_in = wanted_files(told(), ONE)[DROP_IN]
    assert drop_in is not None
    assert f"{MASTER_COPY} {REMOTES}\n".encode() in drop_in.content


def test_authorities_are_those_of_all_files_once() -> None:
    present = {"/a": File(ONE), "/b": File(ONE.strip())}
    assert authorities_of(present, ("/a", "/b", "/a")) == (ONE + ONE, [])


def test_a_file_without_a_certificate_is_a_problem() -> None:
    found, problems = authorities_of({"/a": File(ONE), "/b": File(b"x")}, ("/a", "/b", "/c"))
    assert found == ONE
    assert [str(problem).split(" holds")[0] for problem in problems] == [
        "ca_file: /b",
        "ca_file: /c",
    ]


def test_authorities_stand_where_smarthosts_look_for_them() -> None:
    assert AUTHORITIES in wanted_files(told(), ONE)
