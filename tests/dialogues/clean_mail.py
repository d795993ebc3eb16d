"""Mail that nothing on its way may change or stop, of every kind that people get."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable

from .archives import zipped
from .corpus import Sample
from .messages import attachment, forwarded, head, in_base64, mixed, multipart, noise, part, text

_PNG = bytes.fromhex("89504e470d0a1a0a") + noise(300, 2)
_PDF = b"%PDF-1.4\n" + noise(2000, 3) + b"\n%%EOF\n"
_HTML = b'<html><body style="color: black"><p>Good <b>morning</b></p></body></html>\n'
_SIGNATURE = b"-----BEGIN PGP SIGNATURE-----\n\n%s-----END PGP SIGNATURE-----\n" % (
    in_base64(noise(96, 4))
)
_ARMOUR = b"-----BEGIN PGP MESSAGE-----\n\n%s-----END PGP MESSAGE-----\n" % in_base64(noise(900, 5))
_EVENT = b"""\
BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:1@outside.example
DTSTART:20260102T090000Z
SUMMARY:Board meeting
END:VEVENT
END:VCALENDAR
"""


def _plain(subject: str, body: bytes, *more: str) -> bytes:
    return head(subject, *(more or ("Content-Type: text/plain; charset=utf-8",))) + b"\n" + body


def _smime_signed() -> bytes:
    kind = 'signed; protocol="application/pkcs7-signature"; micalg=sha-256'
    content = f'Content-Type: multipart/{kind}; boundary="=_a"'
    signature = attachment("smime.p7s", noise(1200, 6), "application/pkcs7-signature")
    return head("S/MIME signed", content) + b"\n" + multipart([text(), signature])


def _pgp(kind: str, *parts: bytes) -> bytes:
    content = f'multipart/{kind}; protocol="application/pgp-{kind}"; boundary="=_a"'
    return head(f"PGP {kind}", f"Content-Type: {content}") + b"\n" + multipart(parts)


def _pgp_encrypted() -> bytes:
    version = part("application/pgp-encrypted", b"Version: 1\n")
    return _pgp("encrypted", version, part("application/octet-stream", _ARMOUR))


def _delivery_status() -> bytes:
    report = b"""\
Reporting-MTA: dns; mx.outside.example

Final-Recipient: rfc822; nobody@outside.example
Action: failed
Status: 5.1.1
"""
    kind = 'multipart/report; report-type=delivery-status; boundary="=_a"'
    parts = [
        text("Your message could not be delivered.\n"),
        part("message/delivery-status", report),
        part("text/rfc822-headers", head("what I sent")),
    ]
    return head("Undelivered", f"Content-Type: {kind}", "Auto-Submitted: auto-replied") + (
        b"\n" + multipart(parts)
    )


def _digest() -> bytes:
    inner = [b"\n" + _plain(f"post {number}", b"words\n") for number in range(3)]
    return head("list digest", 'Content-Type: multipart/digest; boundary="=_a"') + (
        b"\n" + multipart(inner)
    )


def _nested_multiparts() -> bytes:
    inner = text()
    for level in range(8):
        boundary = f"=_level{level}"
        inner = part(f'multipart/mixed; boundary="{boundary}"', multipart([inner], boundary))
    return mixed("nested", inner)


def _related() -> bytes:
    image = part(
        "image/png", in_base64(_PNG), "Content-ID: <a@b>", "Content-Transfer-Encoding: base64"
    )
    inner = multipart([part("text/html; charset=utf-8", _HTML), image], "=_b")
    return mixed("a page with an image", text(), part('multipart/related; boundary="=_b"', inner))


def _named(subject: str, *name: str) -> bytes:
    file = part(
        "application/pdf",
        in_base64(_PDF),
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment;" + "".join(f"\n {line}" for line in name),
    )
    return mixed(subject, text(), file)


def _many_recipients() -> bytes:
    people = ",\n ".join(f"person{number}@outside.example" for number in range(400))
    return _plain("to everybody", b"Welcome\n", f"Cc: {people}")


def _received() -> bytes:
    line = "Received: from a.example (a.example [192.0.2.1])\n\tby b.example; {}"
    many = [line.format("Thu, 01 Jan 2026 12:00:00 +0000")] * 40
    return _plain("a long way", b"At last\n", *many, "DKIM-Signature: v=1; b=" + "x" * 800)


def _quoted_printable() -> bytes:
    body = (
        b"Gr=C3=BC=C3=9Fe =3D und ein sehr langer Satz, der auf der n=C3=A4chsten Zei=\nle endet.\n"
    )
    kind = "Content-Type: text/plain; charset=utf-8"
    return _plain("quoted-printable", body, kind, "Content-Transfer-Encoding: quoted-printable")


CLEAN: dict[str, Callable[[], bytes]] = {
    "plain text": lambda: _plain("plain", b"Good morning\n"),
    "no MIME at all": lambda: b"From: a@outside.example\nSubject: old\n\nGood morning\n",
    "no subject": lambda: b"From: a@outside.example\nTo: alice@example.org\n\nGood morning\n",
    "empty body": lambda: _plain("empty", b""),
    "From at a line's beginning": lambda: _plain("From", b"Words\n\nFrom here on, more.\n"),
    "a dot alone": lambda: _plain("dots", b"one\n.\n..\n...\nlast\n"),
    "8-bit UTF-8": lambda: _plain("8-bit", "Grüße, 你好, Привет\n".encode()),
    "8-bit Latin-1": lambda: _plain("latin", "Grüße\n".encode("latin-1")),
    "quoted-printable": _quoted_printable,
    "long lines": lambda: _plain("long", b"word " * 190 + b"\n" + b"x" * 990 + b"\n"),
    "no line end at the end": lambda: _plain("cut", b"the last line"),
    "trailing blanks": lambda: _plain("blanks", b"one  \n\t\n two \n\n\n"),
    "HTML alone": lambda: _plain("page", _HTML, "Content-Type: text/html; charset=utf-8"),
    "text and HTML": lambda: mixed(
        "both", text(), part("text/html; charset=utf-8", _HTML), kind="alternative"
    ),
    "a page with an image": _related,
    "S/MIME signed": _smime_signed,
    "S/MIME enveloped": lambda: _plain(
        "S/MIME enveloped",
        in_base64(noise(3000, 7)),
        'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
        "Content-Transfer-Encoding: base64",
        'Content-Disposition: attachment; filename="smime.p7m"',
    ),
    "PGP signed": lambda: _pgp("signed", text(), part("application/pgp-signature", _SIGNATURE)),
    "PGP encrypted": _pgp_encrypted,
    "PGP in the text": lambda: _plain("inline", _ARMOUR),
    "winmail.dat": lambda: mixed(
        "TNEF",
        text(),
        attachment("winmail.dat", b"\x78\x9f\x3e\x22" + noise(500, 8), "application/ms-tnef"),
    ),
    "calendar": lambda: mixed(
        "invitation",
        text(),
        part('text/calendar; method=REQUEST; charset="utf-8"', _EVENT),
        kind="alternative",
    ),
    "PDF": lambda: mixed("PDF", text(), attachment("minutes.pdf", _PDF, "application/pdf")),
    "image": lambda: mixed("image", text(), attachment("photo.png", _PNG, "image/png")),
    "zip of text": lambda: mixed(
        "zip", text(), attachment("notes.zip", zipped("notes.txt", b"words\n" * 99))
    ),
    "binary without NUL": lambda: mixed(
        "binary", text(), attachment("data.dat", bytes(range(1, 256)) * 8)
    ),
    "half a mebibyte": lambda: mixed("large", text(), attachment("large.dat", noise(1 << 19, 9))),
    "name by RFC 2231": lambda: _named("2231", "filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf"),
    "name by RFC 2231 in pieces": lambda: _named(
        "2231 in pieces", "filename*0*=utf-8''Gr%C3%BC;", 'filename*1="sse.pdf"'
    ),
    "name by RFC 2047": lambda: _named("2047", 'filename="=?utf-8?Q?Gr=C3=BC=C3=9Fe=2Epdf?="'),
    "subject by RFC 2047": lambda: _plain("=?utf-8?B?R3LDvMOfZQ==?=", b"words\n"),
    "nested multiparts": _nested_multiparts,
    "delivery status": _delivery_status,
    "digest": _digest,
    "forwarded": lambda: forwarded(_plain("the first", b"words\n")),
    "many recipients": _many_recipients,
    "a long way with a signature": _received,
    "boundary never closed": lambda: mixed("open", text(), text())[: -len("--=_a--\n")],
    "boundary never seen": lambda: _plain(
        "missing", b"words\n", 'Content-Type: multipart/mixed; boundary="nowhere"'
    ),
    "multipart without boundary": lambda: _plain(
        "without", b"words\n", "Content-Type: multipart/mixed"
    ),
    "broken base64": lambda: mixed(
        "broken",
        text(),
        part("application/pdf", b"%%% no base64 %%%\n", "Content-Transfer-Encoding: base64"),
    ),
    "charset that nobody knows": lambda: _plain(
        "charset", b"words \xff\n", "Content-Type: text/plain; charset=x-nobody"
    ),
    "text about scripts": lambda: _plain(
        "advice", b"Never open invoice.pdf.exe; <script> is bad.\n"
    ),
    "preamble and epilogue": lambda: (
        head("around", 'Content-Type: multipart/mixed; boundary="=_a"')
        + b"\nThis is a message in MIME.\n"
        + multipart([text()])
        + b"Sent by a list.\n"
    ),
}


def clean() -> list[Sample]:
    """Return one message of each kind."""
    return [Sample(name, build()) for name, build in CLEAN.items()]
