"""Certificates for tests: good ones and bad ones, made in a moment."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


@dataclass(frozen=True)
class Pair:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def context(self) -> ssl.SSLContext:
        """Return a server's context with this certificate."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "both.pem"
            file.write_bytes(key + self.pem.encode())
            context.load_cert_chain(file)
        return context


@cache
def authority() -> Pair:
    """Return a certificate authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Test Authority")
    usage = x509.KeyUsage(*(at in (5, 6) for at in range(9)))
    builder = _builder(name, name, key, 100).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    ski = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = builder.add_extension(usage, critical=True).add_extension(ski, critical=False)
    return Pair(builder.sign(key, hashes.SHA256()), key)


@cache
def leaf(
    names: tuple[str, ...] = ("mail.example.org",), days: int = 90, self_signed: bool = False
) -> Pair:
    """Return a server's certificate that ends in so many days, which may lie in the past."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer = key if self_signed else authority().key
    subject = _name(names[0])
    issuer = subject if self_signed else authority().certificate.subject
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    aki = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    ski = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = (
        _builder(subject, issuer, key, days)
        .add_extension(alternatives, critical=False)
        .add_extension(x509.KeyUsage(*(at == 0 for at in range(9))), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(aki, critical=False)
        .add_extension(ski, critical=False)
    )
    return Pair(builder.sign(signer, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days, hours=1))
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
