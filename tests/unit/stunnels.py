"""Instances of stunnel for the tests: one by hand, and any."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._stunnel.model import (
    EVERY_IPV4,
    Endpoint,
    Instance,
    Listener,
)
from hypothesis import strategies as st

IMAPS = Listener("imaps", Endpoint(EVERY_IPV4, 993), Endpoint("192.0.2.1", 1143), transparent=True)
IMAPS_IPV6 = Listener(
    "imaps-ipv6", Endpoint("::", 993), Endpoint("2001:db8::1", 1143), transparent=True
)
PLAIN = Listener("pop3s", Endpoint(EVERY_IPV4, 995), Endpoint("127.0.0.1", 1110))


def instance(*listeners: Listener, **other: Any) -> Instance:
    return Instance(
        **{
            "certificate": "/etc/postern/tls/mail.crt",
            "key": "/etc/postern/tls/mail.key",
            "listeners": listeners,
            "minimum_tls": "TLSv1.2",
            "ciphers": "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ciphersuites": "TLS_AES_128_GCM_SHA256",
            "curves": "X25519:P-256",
            "idle_seconds": 7200,
            "log_level": "notice",
            **other,
        }
    )


_ports = st.integers(1, 65535)
_addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)
_endpoints = st.builds(Endpoint, _addresses, _ports)
_names = st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True)
listeners = st.builds(
    Listener,
    _names,
    _endpoints,
    _endpoints,
    st.booleans(),
    st.sampled_from(["", "imap", "pop3", "smtp", "proxy"]),
)
instances = st.builds(
    lambda several, idle, libwrap: instance(
        *sorted(several, key=lambda one: one.name), idle_seconds=idle, libwrap=libwrap
    ),
    st.lists(listeners, min_size=1, max_size=5, unique_by=lambda one: one.name),
    st.integers(60, 100000),
    st.booleans(),
)
