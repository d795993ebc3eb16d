"""Behaviour of the proof: the bytes served are compared, with patience, port by port."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._certificates import served
from ansible_collections.postern.mail.tests.unit.mail_certificates import leaf
from ansible_collections.postern.mail.tests.unit.mail_servers import Behaviour, Sieve, running
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

START = datetime.now(UTC) - timedelta(hours=1)
GREETING = {
    "smtp": [b"220 mail\r\n", b"250-mail\r\n250 STARTTLS\r\n", b"220 go\r\n"],
    "pop3": [b"+OK mail\r\n", b"+OK\r\nSTLS\r\n.\r\n", b"+OK go\r\n"],
    "imap": [
        b"* OK mail\r\n",
        b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%s OK done\r\n",
        b"%s OK go\r\n",
        b"* CAPABILITY IMAP4rev1\r\n%s OK done\r\n",
    ],
}


def pem(body: bytes) -> str:
    text = base64.encodebytes(body).decode()
    return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"


def test_the_first_certificate_of_a_chain_counts() -> None:
    assert served.first_certificate("Subject: x\n" + pem(b"leaf") + pem(b"root")) == b"leaf"


def test_a_file_without_a_certificate_is_an_error() -> None:
    with pytest.raises(ValueError, match="substring"):
        served.first_certificate("nothing")


def test_ports_that_serve_it_are_no_problem() -> None:
    assert served.problems_of(b"new", [465, 993], lambda _port: b"new", 0) == []


def test_an_old_certificate_and_a_closed_port_are_both_reported() -> None:
    def fetch(port: int) -> bytes:
        if port == 25:
            raise ConnectionRefusedError("refused")
        return b"old"

    said = [str(problem) for problem in served.problems_of(b"new", [993, 25], fetch, 0)]
    assert said[0] == "port 25: serves no certificate: refused"
    assert said[1].startswith("port 993: serves the certificate CB:A0:6B:")


def test_a_daemon_may_take_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    answers = {993: [b"old", b"old", b"new"], 995: [b"new"]}
    assert served.problems_of(b"new", [993, 995], lambda port: answers[port].pop(0), 60) == []
    assert answers == {993: [], 995: []}


@pytest.mark.parametrize("protocol", ["", "imap", "pop3", "smtp"])
def test_the_certificate_is_fetched_over_a_real_connection(
    protocol: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1)
    builder = builder.not_valid_before(START).not_valid_after(START + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    file = tmp_path / "pair.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setitem(served.STARTTLS, port, protocol)
        threading.Thread(target=serve_once, args=(server, protocol, file), daemon=True).start()
        got = served.fetch("127.0.0.1", port, 5)
    assert got == certificate.public_bytes(serialization.Encoding.DER)


def serve_once(server: socket.socket, protocol: str, file: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    plain, _peer = server.accept()
    with plain:
        greeting, *answers = GREETING.get(protocol, [b""])
        plain.sendall(greeting)
        for answer in answers[:2]:
            plain.sendall(answer.replace(b"%s", plain.recv(1000).split(b" ")[0]))
        with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as secure:
            for answer in answers[2:]:
                secure.sendall(answer.replace(b"%s", secure.recv(1000).split(b" ")[0]))
            secure.recv(1000)


def test_a_port_that_speaks_no_tls_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setitem(served.STARTTLS, port, "smtp")

        def refuse() -> None:
            plain, _peer = server.accept()
            with plain:
                plain.sendall(b"554 no\r\n")
                plain.recv(100)

        threading.Thread(target=refuse, daemon=True).start()
        with pytest.raises(OSError, match="554"):
            served.fetch("127.0.0.1", port, 5)


def test_managesieve_begins_tls_in_a_way_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for offers, words in ((True, ""), (False, "no TLS")):
        behaviour = Behaviour(tls=leaf().context(), offers_starttls=offers)
        with running(Sieve, behaviour) as port:
            monkeypatch.setitem(served.STARTTLS, port, "sieve")
            if offers:
                assert served.fetch("127.0.0.1", port, 5)[:1] == b"\x30"
                continue
            with pytest.raises(OSError, match=words):
                served.fetch("127.0.0.1", port, 5)
