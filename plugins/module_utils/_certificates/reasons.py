"""Reasons to make a certificate anew, from what is there and what is wanted."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_TIME = "%Y%m%d%H%M%SZ"


@dataclass(frozen=True)
class Wanted:
    """What a certificate shall be; an empty value stands for "no matter".

    pems:      texts that must be there, such as the authority's certificate.
    authority: key identifier of who shall have signed it; SELF when it shall be self-signed.
    """

    SELF = "self"

    names: Sequence[str] = ()
    key_type: str = ""
    key_bits: int = 0
    authority: str = ""
    pems: Sequence[str] = ()
    renew_days: int = 0


def reasons(wanted: Wanted, text: str, info: Mapping[str, Any], now: datetime) -> list[str]:
    """Return why the certificate must be made anew, an empty list when it must not.

    text: the certificate in force and what goes with it, "" when there is no whole pair.
    info: what community.crypto.x509_certificate_info says of it; empty when it need not be read.
    """
    if not text.strip():
        return ["there is no whole pair of key and certificate"]
    found = ["other certificates are given" for pem in wanted.pems if pem.strip() not in text]
    if info:
        found += [*_names(wanted, info), *_key(wanted, info), *_authority(wanted, info)]
        found += _days(wanted, info, now)
    return list(dict.fromkeys(found))


def _names(wanted: Wanted, info: Mapping[str, Any]) -> Iterator[str]:
    present = sorted(info["subject_alt_name"] or [])
    if wanted.names and present != sorted(f"DNS:{name}" for name in wanted.names):
        yield "its names are " + ", ".join(name.removeprefix("DNS:") for name in present)


def _key(wanted: Wanted, info: Mapping[str, Any]) -> Iterator[str]:
    key_type = info["public_key_type"]
    if wanted.key_type and key_type != wanted.key_type:
        yield f"its key is {key_type}"
    elif wanted.key_bits and info["public_key_data"].get("size") != wanted.key_bits:
        yield f"its key has {info['public_key_data'].get('size')} bits"


def _authority(wanted: Wanted, info: Mapping[str, Any]) -> Iterator[str]:
    alone = info["issuer"] == info["subject"]
    if wanted.authority == Wanted.SELF:
        if not alone:
            yield "an authority signed it"
    elif wanted.authority and info["authority_key_identifier"] != wanted.authority:
        yield "another authority signed it"


def _days(wanted: Wanted, info: Mapping[str, Any], now: datetime) -> Iterator[str]:
    left = datetime.strptime(info["not_after"], _TIME).replace(tzinfo=UTC) - now
    if wanted.renew_days and left.days < wanted.renew_days:
        yield f"{max(left.days, 0)} days are left"
