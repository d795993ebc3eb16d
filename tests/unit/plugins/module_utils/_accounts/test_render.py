"""Behaviour of the PAM services and of saslauthd's unit."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._accounts.render import (
    Saslauthd,
    render_pam,
    render_unit,
)


def test_pam_looks_at_no_system_user() -> None:
    text = render_pam()
    assert "include" not in text
    assert "pam_unix" not in text
    assert "auth required pam_pwdfile.so pwdfile=/etc/postern/accounts.passwd nodelay\n" in text


def test_a_guesser_cannot_hold_the_workers_by_failing() -> None:
    assert "nodelay" in render_pam()


def test_saslauthd_keeps_no_cache_so_that_locked_people_are_out_at_once() -> None:
    start = next(
        line for line in render_unit(Saslauthd("/run/x", 7)).splitlines() if "-a pam" in line
    )
    assert start == "ExecStart=/usr/sbin/saslauthd -a pam -r -m /run/x -n 7"


def test_the_socket_is_in_its_folder() -> None:
    assert Saslauthd("/run/x", 1).socket == "/run/x/mux"
