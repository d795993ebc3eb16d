"""Behaviour of finding where a service greets."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._cyrus.endpoints import (
    Endpoint,
    endpoints,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import Entry, Layout


def place(command: str, listen: str, **words: str) -> list[Endpoint]:
    entry = Entry("x", tuple({"cmd": command, "listen": listen, **words}.items()))
    return list(endpoints(Layout(services=(entry,))))


@pytest.mark.parametrize(
    ("listen", "path", "host", "port"),
    [
        ("/run/x", "/run/x", "", ""),
        ("imap", "", "127.0.0.1", "imap"),
        ("143", "", "127.0.0.1", "143"),
        ("192.0.2.1:943", "", "192.0.2.1", "943"),
        ("[2001:db8::1]:143", "", "2001:db8::1", "143"),
        ("*:143", "", "127.0.0.1", "143"),
        ("localhost:sieve", "", "localhost", "sieve"),
    ],
)
def test_each_way_of_listening(listen: str, path: str, host: str, port: str) -> None:
    assert place("imapd -U 30", listen) == [Endpoint("x", path, host, port, b"* ")]


def test_each_program_greets_in_its_own_way() -> None:
    greetings = [place(name, "1")[0].greeting for name in ("/usr/x/pop3d", "lmtpd -a", "timsieved")]
    assert greetings == [b"+OK", b"220", b'"']


def test_what_does_not_greet_is_not_waited_for() -> None:
    assert place("notifyd", "/run/notify") == []
    assert place("imapd", "1", proto="udp") == []
