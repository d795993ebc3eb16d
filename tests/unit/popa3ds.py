"""Models of popa3d for tests: any that may be, and one to be changed in one place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._popa3d.model import (
    Popa3d,
    Reader,
    Server,
)
from hypothesis import strategies as st

ALICE = Reader("alice@example.org", "alice", 1000)
CAROL = Reader("carol@example.org", "carol", 1001)
SERVER = Server(101, 103)


def told(**changes: Any) -> Popa3d:
    """Return a model that holds, with these in place of its own."""
    values = {"listen": ("192.0.2.1:910", "110"), "readers": (ALICE, CAROL), "server": SERVER}
    return Popa3d(**{**values, **changes})


_users = st.from_regex(r"[a-z_][a-z0-9_.-]{0,31}", fullmatch=True)


@st.composite
def popa3ds(draw: st.DrawFn) -> Popa3d:
    """Draw a model."""
    users = draw(st.lists(_users, unique=True, max_size=5))
    readers = sorted(
        Reader(f"{user}@example.org", user, 1000 + number) for number, user in enumerate(users)
    )
    ports = draw(st.lists(st.integers(1, 65535), unique=True, min_size=1, max_size=3))
    listen = tuple(
        draw(st.sampled_from(["", "192.0.2.1:", "[2001:db8::1]:"])) + str(p) for p in ports
    )
    number = st.integers(1, 1000)
    server = draw(st.none() | st.builds(Server, number, number))
    return Popa3d(listen, draw(number), draw(number), tuple(readers), server)
