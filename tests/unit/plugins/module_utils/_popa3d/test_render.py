"""Units that keep a session to one mailbox, and PAM that asks the credentials alone."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._popa3d.render import (
    render_pam,
    render_people,
    render_service,
    render_socket,
)
from ansible_collections.postern.mail.tests.unit.popa3ds import told


def test_a_session_knows_people_by_their_logins_and_nobody_else() -> None:
    assert render_people(told()) == (
        "popa3d:x:101:103::/var/lib/popa3d:/usr/sbin/nologin\n"
        "alice@example.org:x:1000:65534::/nonexistent:/usr/sbin/nologin\n"
        "carol@example.org:x:1001:65534::/nonexistent:/usr/sbin/nologin\n"
    )


def test_before_the_installation_popa3d_has_no_user() -> None:
    assert "popa3d" not in render_people(told(server=None))


def test_a_session_sees_each_mailbox_by_its_login_and_no_others() -> None:
    lines = render_service(told()).splitlines()
    assert "TemporaryFileSystem=/var/mail:ro" in lines
    assert [line for line in lines if line.startswith("BindPaths=")] == [
        "BindPaths=-/var/mail/alice:/var/mail/alice@example.org",
        "BindPaths=-/var/mail/carol:/var/mail/carol@example.org",
    ]


def test_a_flood_of_connections_does_not_end_the_service() -> None:
    lines = render_socket(told(max_connections=7, max_connections_per_source=3)).splitlines()
    assert {"MaxConnections=7", "MaxConnectionsPerSource=3", "TriggerLimitIntervalSec=0"} <= {
        *lines
    }


def test_a_wrong_password_costs_time() -> None:
    assert "pam_pwdfile.so pwdfile=/etc/postern/accounts.passwd\n" in render_pam()
    assert "nodelay" not in render_pam()
    assert "pam_unix" not in render_pam()
