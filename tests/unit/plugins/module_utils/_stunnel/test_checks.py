"""Behaviour of the options: services become listeners of each family, or problems by place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._stunnel.checks import read_instance
from ansible_collections.postern.mail.plugins.module_utils._stunnel.model import (
    EVERY_IPV4,
    Endpoint,
)

TLS = {
    "certificate": "/etc/postern/tls/mail.crt",
    "key": "/etc/postern/tls/mail.key",
    "minimum_tls": "TLSv1.2",
    "ciphers": "HIGH:!aNULL",
    "ciphersuites": "TLS_AES_128_GCM_SHA256",
    "curves": "X25519",
    "idle_seconds": 7200,
    "log_level": "notice",
    "libwrap": False,
    "backend_address": "192.0.2.1",
}


def service(**other: Any) -> dict[str, Any]:
    return {
        "name": "imaps",
        "port": 993,
        "backend_port": 1143,
        "backend_address": None,
        "backend_address_ipv6": None,
        "addresses": None,
        "transparent": True,
        "protocol": None,
        "starttls": False,
        "proxy_header": False,
        **other,
    }


def listeners_of(*services: dict[str, Any], ipv6: bool = True, **other: Any) -> list[Any]:
    found, problems = read_instance({**TLS, **other, "services": services}, ipv6)
    assert found is not None, problems
    return list(found.listeners)


def problems_of(*services: dict[str, Any], **other: Any) -> list[str]:
    found, problems = read_instance({**TLS, **other, "services": services}, True)
    assert found is None
    return [str(problem) for problem in problems]


def test_no_services_want_no_instance() -> None:
    assert read_instance({**TLS, "services": []}, True) == (None, [])


def test_a_service_listens_on_both_families() -> None:
    assert [one.accept for one in listeners_of(service())] == [
        Endpoint(EVERY_IPV4, 993),
        Endpoint("::", 993),
    ]


def test_a_kernel_without_ipv6_gets_no_ipv6_listener() -> None:
    assert [one.name for one in listeners_of(service(), ipv6=False)] == ["imaps"]


def test_ipv6_clients_stay_themselves_only_with_an_ipv6_backend() -> None:
    ipv4, ipv6 = listeners_of(service())
    assert (ipv4.transparent, ipv6.transparent) == (True, False)
    assert ipv6.connect == Endpoint("192.0.2.1", 1143)
    ipv4, ipv6 = listeners_of(service(backend_address_ipv6="2001:db8::1"))
    assert (ipv4.transparent, ipv6.transparent) == (True, True)
    assert ipv6.connect == Endpoint("2001:db8::1", 1143)


def test_a_protocol_alone_changes_nothing_on_the_wire() -> None:
    assert {one.protocol for one in listeners_of(service(protocol="imap"))} == {""}
    starttls = service(protocol="imap", starttls=True)
    assert {one.protocol for one in listeners_of(starttls)} == {"imap"}
    proxy = service(proxy_header=True, transparent=False)
    assert {one.protocol for one in listeners_of(proxy)} == {"proxy"}


def test_a_plain_service_may_have_its_backend_on_loopback() -> None:
    plain = service(transparent=False, backend_address="127.0.0.1", addresses=["192.0.2.1"])
    assert listeners_of(plain)[0].connect == Endpoint("127.0.0.1", 1143)


def test_several_addresses_of_a_family_get_sections_of_their_own() -> None:
    several = service(addresses=["192.0.2.1", "2001:db8::1", "192.0.2.2"])
    assert [one.name for one in listeners_of(several)] == ["imaps", "imaps-2", "imaps-ipv6"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "IMAPS"}, "stunnel_services[0].name"),
        ({"name": "a]\nexec = /bin/sh"}, "stunnel_services[0].name"),
        ({"port": 0}, "stunnel_services[0].port"),
        ({"backend_port": 70000}, "stunnel_services[0].backend_port"),
        ({"addresses": ["here"]}, "stunnel_services[0].addresses[0]"),
        ({"backend_address": "127.0.0.1"}, "can't answer to a client's address"),
        ({"backend_address": "2001:db8::1"}, "of the other family"),
        ({"backend_address": "mail"}, "is not an address"),
        ({"backend_address_ipv6": "::1"}, "can't answer to a client's address"),
        ({"backend_address_ipv6": "192.0.2.1"}, "of the other family"),
        ({"starttls": True}, "no STARTTLS is known"),
        ({"starttls": True, "protocol": "nntp"}, "no STARTTLS is known"),
        ({"proxy_header": True}, "not by both"),
        ({"addresses": ["192.0.2.1", "192.0.2.1"]}, "want the same 192.0.2.1:993"),
    ],
)
def test_a_wrong_service_is_named_by_its_place(wrong: dict[str, Any], said: str) -> None:
    assert any(said in problem for problem in problems_of(service(**wrong)))


def test_a_host_without_a_default_route_must_be_told_the_backend() -> None:
    assert "no default route" in problems_of(service(), backend_address="")[0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"key": "mail.key"}, "stunnel_tls_files.key"),
        ({"ciphers": "HIGH\nexec = /bin/sh"}, "stunnel_ciphers"),
        ({"curves": ""}, "stunnel_curves"),
        ({"idle_seconds": 5}, "stunnel_idle_seconds"),
    ],
)
def test_a_wrong_tls_option_is_named(wrong: dict[str, Any], said: str) -> None:
    assert said in problems_of(service(), **wrong)[0]


def test_all_problems_come_at_once() -> None:
    assert len(problems_of(service(port=0), service(backend_port=0))) == 3


def test_two_services_cannot_have_one_port() -> None:
    said = problems_of(service(), service(name="other"))
    assert "want the same" in said[0]
