"""Units that come back, that strangers can't ask, and that wait for signatures where they must."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._clamav.render import (
    render_path,
    render_service_drop_in,
    render_socket_drop_in,
)

NO_CONDITION = "ConditionPathExistsGlob="


@pytest.mark.parametrize("render", [render_service_drop_in, render_socket_drop_in])
def test_only_without_freshclam_own_signatures_are_enough(render: object) -> None:
    assert NO_CONDITION in render("none").splitlines()  # type: ignore[operator]
    assert NO_CONDITION not in render("freshclam")  # type: ignore[operator]


def test_a_daemon_that_was_killed_comes_back_however_often() -> None:
    lines = render_service_drop_in("freshclam").splitlines()
    assert {"Restart=on-failure", "StartLimitIntervalSec=0"} <= {*lines}


def test_the_socket_is_no_strangers() -> None:
    assert "SocketMode=0660" in render_socket_drop_in("freshclam").splitlines()


def test_fresh_signatures_start_the_daemon() -> None:
    lines = render_path().splitlines()
    assert {"PathChanged=/var/lib/clamav", "Unit=clamav-daemon.service"} <= {*lines}
