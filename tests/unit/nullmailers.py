"""Models of nullmailer for tests: any that may be, and one to be changed in one place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._nullmailer.model import (
    Nullmailer,
    Smarthost,
    nullmailer,
)
from hypothesis import strategies as st

SECRET = "p:a[s]s 'w\"o\\r*d#"


def arguments(**changes: Any) -> dict[str, Any]:
    """Return the options of a module call, with these in place of its own."""
    return {
        "smarthosts": [
            {"host": "smart.example.com", "port": 587, "tls": "verify", "username": "fleet"},
            {"host": "mail.example.org", "port": 25, "tls": "none", "username": None},
        ],
        "passwords": {"smart.example.com:587": SECRET},
        "hostname": "desk.example.org",
        "default_host": "example.org",
        "default_domain": "example.org",
        "admin_addresses": ["root@example.org"],
        "pause_seconds": 60,
        "max_pause_seconds": 900,
        "send_timeout_seconds": 600,
        "queue_lifetime_seconds": 604800,
        **changes,
    }


def told(**changes: Any) -> Nullmailer:
    """Return the model of those options."""
    return nullmailer(arguments(**changes))


# Whatever fits on a line: nullmailer's quotes have to carry all of it.
_words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1)
_logins = st.one_of(st.just(("", "")), st.tuples(_words, _words))
_names = st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z](\.[a-z]{2,6}){1,2}", fullmatch=True)


@st.composite
def smarthosts(draw: st.DrawFn) -> Smarthost:
    """Draw a smarthost."""
    username, password = draw(_logins)
    tls = draw(st.sampled_from(["verify", "require"] if username else ["verify", "none"]))
    return Smarthost(draw(_names), draw(st.integers(1, 65535)), tls, username, password)


nullmailers = st.builds(
    Nullmailer,
    smarthosts=st.lists(smarthosts(), min_size=1, max_size=4).map(tuple),
    hostname=_names,
    default_host=_names,
    default_domain=_names,
    admin_addresses=st.lists(_names.map("root@{}".format), max_size=3).map(tuple),
    sender=st.one_of(st.just(""), _names.map("all@{}".format)),
    pause_seconds=st.integers(1, 10**6),
    max_pause_seconds=st.integers(1, 10**6),
    send_timeout_seconds=st.integers(1, 10**6),
    queue_lifetime_seconds=st.integers(1, 10**6),
)
