"""A rehearsal gets as far as connecting with each smarthost, or tells nullmailer's words."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._nullmailer import rehearsal
from ansible_collections.postern.mail.tests.unit.nullmailers import SECRET, told

# Does with each line of remotes what nullmailer-send does when nobody listens.
DAEMON = """#!/bin/sh
cd "$NULLMAILER_TEST_PREFIX" || exit 1
[ "$(cat conf/pausetime)" = 0 ] && [ -p queue/trigger ] && [ -e queue/queue/1 ] || exit 2
[ -L protocols ] && [ -s authorities.pem ] || exit 3
cp conf/remotes "$0.saw"
echo "Rescanning queue."
while read -r host rest; do
    echo "Starting delivery: host: $host protocol: smtp file: 1"
    case $host in
        odd.*) echo "Sending failed: Unspecified temporary error"
               echo "unknown option" >&2 ;;
        *) echo "Sending failed: Connection refused" ;;
    esac
done <conf/remotes
"""


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "nullmailer-send"
    path.write_text(DAEMON)
    path.chmod(0o755)
    monkeypatch.setattr(rehearsal, "DAEMON", str(path))
    monkeypatch.setattr(rehearsal, "_AS_MAIL", ())
    monkeypatch.setattr(rehearsal.shutil, "chown", lambda *_args: None)
    return path


def test_each_smarthost_is_tried_here_where_nobody_listens(daemon: Path) -> None:
    rehearsal.rehearse(told(), b"certificates")
    lines = Path(f"{daemon}.saw").read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["smart.example.com", "mail.example.org"]
    assert all(" --host=127.0.0.1 --port=" in line for line in lines)
    assert "/etc/nullmailer" not in lines[0]


@pytest.mark.usefixtures("daemon")
def test_what_nullmailer_says_of_a_line_is_told_without_the_routine() -> None:
    odd = {"host": "odd.example", "port": 25, "tls": "none", "username": None}
    wanted = told(smarthosts=[odd, told().smarthosts[0].__dict__])
    with pytest.raises(Refused) as refused:
        rehearsal.rehearse(wanted, b"certificates")
    said = str(refused.value)
    assert "unknown option" in said
    assert "host: odd.example" in said
    assert "Rescanning" not in said
    assert SECRET not in said


def test_a_daemon_that_ends_badly_is_told(daemon: Path) -> None:
    daemon.write_text("#!/bin/sh\necho no room >&2\nexit 1\n")
    with pytest.raises(Refused, match="no room"):
        rehearsal.rehearse(told(), b"certificates")


def test_where_there_is_no_nullmailer_there_is_no_rehearsal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rehearsal, "DAEMON", "/nowhere/nullmailer-send")
    rehearsal.rehearse(told(), b"")
