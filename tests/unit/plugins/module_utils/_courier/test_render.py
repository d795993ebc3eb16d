"""Behaviour of Courier's files: equal models give equal files, and locked logins have no hash."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys

import pytest
from ansible_collections.postern.mail.plugins.module_utils._accounts.passwd import Credential
from ansible_collections.postern.mail.plugins.module_utils._courier.mailboxes import Mailbox
from ansible_collections.postern.mail.plugins.module_utils._courier.model import Tree
from ansible_collections.postern.mail.plugins.module_utils._courier.parse import (
    parse_settings,
    parse_userdb,
)
from ansible_collections.postern.mail.plugins.module_utils._courier.render import (
    render_delivery,
    render_drop_in,
    render_settings,
    render_userdb,
    with_hashes,
)
from hypothesis import given
from hypothesis import strategies as st

TREE = Tree("/srv/vmail", "vmail", 5000)
HASH = "$6$rounds=20000$salt$abc"
SETTINGS = st.dictionaries(
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_]*", fullmatch=True),
    st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\`$')),
)


@given(SETTINGS)
def test_what_is_written_is_read_back(settings: dict[str, str]) -> None:
    assert parse_settings(render_settings(settings)) == settings


def test_the_order_of_settings_does_not_count() -> None:
    assert render_settings({"B": "1", "A": "2"}) == render_settings({"A": "2", "B": "1"})


def test_a_login_has_its_hash_and_its_maildir() -> None:
    text = render_userdb(TREE, [Mailbox("a@example.org")], {"a@example.org": Credential(HASH)})
    assert parse_userdb(text) == {
        "a@example.org": {
            "uid": "5000",
            "gid": "5000",
            "home": "/srv/vmail/example.org/a",
            "mail": "/srv/vmail/example.org/a/Maildir",
            "systempw": HASH,
        }
    }


def test_who_is_locked_or_has_no_credential_has_no_hash() -> None:
    boxes = [Mailbox("a@example.org"), Mailbox("b@example.org")]
    text = render_userdb(TREE, boxes, {"a@example.org": Credential(HASH, locked=True)})
    assert "systempw" not in text
    assert list(parse_userdb(text)) == ["a@example.org", "b@example.org"]


@given(
    st.dictionaries(
        st.sampled_from(["a@x.org", "b@x.org", "c@x.org"]),
        st.none() | st.builds(Credential, st.just(HASH), st.booleans()),
    )
)
def test_logins_that_stand_are_the_same_with_their_hashes_of_now(
    people: dict[str, Credential | None],
) -> None:
    boxes = [Mailbox(name) for name in people]
    known = {name: credential for name, credential in people.items() if credential}
    text = render_userdb(TREE, boxes, known)
    assert with_hashes(parse_userdb(text), boxes, known) == text
    locked = render_userdb(TREE, boxes, {})
    assert with_hashes(parse_userdb(locked), boxes, known) == text
    assert with_hashes(parse_userdb(text), [], known) == with_hashes({}, boxes, known) == ""


def test_logins_without_a_mailbox_are_none() -> None:
    assert render_userdb(TREE, [], {"machine": Credential(HASH)}) == ""


def test_delivery_takes_maildirs_alone() -> None:
    assert render_delivery().endswith('to "$1/."\n')


def test_what_serves_mail_writes_for_its_owner_alone() -> None:
    assert "UMask=0077" in render_drop_in(private=True)
    assert "UMask" not in render_drop_in(private=False)


# As courierlogger: starts a daemon, and never looks whether it still lives.
LOGGER = "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid); time.sleep(60)"


def test_a_daemon_with_sessions_ends_together_with_what_systemd_watches() -> None:
    (command,) = re.findall("^ExecStartPost=(.*)$", render_drop_in(private=True), re.MULTILINE)
    with subprocess.Popen([sys.executable, "-uc", LOGGER], stdout=subprocess.PIPE) as logger:
        assert logger.stdout is not None
        daemon = int(logger.stdout.readline())
        watcher = shlex.split(command.replace("$$", "$"))
        subprocess.run(watcher, env={**os.environ, "MAINPID": str(logger.pid)}, check=True)
        assert logger.poll() is None
        os.kill(daemon, signal.SIGKILL)
        assert logger.wait(10) == -signal.SIGKILL
    assert "ExecStartPost" not in render_drop_in(private=False)


@pytest.mark.parametrize("private", [True, False])
def test_courier_waits_for_the_hosts_addresses_at_boot(private: bool) -> None:
    unit, service = render_drop_in(private=private).split("\n\n")
    assert "[Unit]\n" in unit
    assert unit.endswith("\nAfter=network-online.target")
    assert service.startswith("[Service]\n")
