"""What is written is read back, and what stands on a host is read with care."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._popa3d.model import Popa3d, Server
from ansible_collections.postern.mail.plugins.module_utils._popa3d.parse import parse, parse_people
from ansible_collections.postern.mail.plugins.module_utils._popa3d.render import (
    render_people,
    render_service,
    render_socket,
)
from ansible_collections.postern.mail.tests.unit.popa3ds import popa3ds
from hypothesis import given


@given(popa3ds())
def test_what_is_written_is_read_back(wanted: Popa3d) -> None:
    texts = (render_socket(wanted), render_service(wanted), render_people(wanted))
    assert parse(*texts) == wanted


def test_a_host_without_files_has_nothing() -> None:
    assert parse("", "", "") == Popa3d((), 64, 0)


def test_lines_that_are_no_users_are_passed_over() -> None:
    text = "# x\npopa3d:x:101:103::/:/bin/false\nbroken\nalice@a.example:x:ten:1:::\n"
    assert parse_people(text) == (Server(101, 103), {})
