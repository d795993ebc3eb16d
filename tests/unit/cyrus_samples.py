"""Samples of what Cyrus is told, shared by the tests of its files and its module."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import (
    Cyrus,
    Entry,
    Layout,
)
from hypothesis import strategies as st


def arguments(**changes: Any) -> dict[str, Any]:
    """Return the module's options as Ansible hands them over, with some changed."""
    return {
        "settings": {"configdirectory": "/var/lib/cyrus", "virtdomains": "userid"},
        "services": [
            {"name": "lmtpunix", "command": "lmtpd", "listen": "/run/lmtp", "settings": {}},
            {
                "name": "admin",
                "command": "imapd -U 30",
                "listen": "/run/admin",
                "settings": {"admins": ["cyrus-admin", "other"], "allowplaintext": True},
            },
        ],
        "listeners": [
            {"name": "imaps", "protocol": "imap", "port": 943, "behind_tls": True},
            {"name": "pop3", "protocol": "pop3", "port": 110, "behind_tls": False},
        ],
        "backend_address": "192.0.2.10",
        "max_connections": 200,
        "start": [{"name": "recover", "command": "/usr/sbin/cyrus ctl_cyrusdb -r"}],
        "daemons": [],
        "events": [{"name": "checkpoint", "command": "ctl_cyrusdb -c", "period_minutes": 30}],
        **changes,
    }


_names = st.text("abcxyz09", min_size=1).map(lambda text: f"n{text}")
_values = st.text("abc XYZ/:.-_{}#='é", min_size=1).map(str.strip).filter(bool)
_entries = st.builds(
    lambda name, words: Entry(name, tuple(sorted(words.items()))),
    _names,
    st.dictionaries(st.sampled_from(["cmd", "listen", "maxchild", "at"]), _values, min_size=1),
)
_sections = st.lists(_entries, unique_by=lambda entry: entry.name).map(
    lambda entries: tuple(sorted(entries, key=lambda entry: entry.name))
)

models = st.builds(
    Cyrus,
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True), _values),
    st.builds(Layout, _sections, _sections, _sections, _sections),
)
