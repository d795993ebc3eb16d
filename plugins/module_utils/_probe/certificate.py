"""Judgement of a served certificate: names, chain, time left."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .der import Certificate
from .model import Verdict, broken, kept


def covers(names: Iterable[str], wanted: str) -> bool:
    """Whether one of a certificate's names stands for the wanted host name (RFC 6125)."""
    host = wanted.lower().rstrip(".")
    _first, _dot, parent = host.partition(".")
    return any(
        name.lower() == host or (name.startswith("*.") and "." in parent and name[2:] == parent)
        for name in names
    )


def days_until(moment: datetime, now: datetime) -> int:
    """Return the whole days left, negative when the moment has passed."""
    return int((moment - now).total_seconds() // 86400)


def judge_certificate(
    certificate: Certificate,
    chain_fault: str,
    wanted: Iterable[str],
    days_wanted: int,
    now: datetime,
) -> Verdict:
    """Judge the certificate; `chain_fault` is what verification said, empty when it holds."""
    days = days_until(certificate.not_after, now)
    missing = [name for name in wanted if not covers(certificate.names, name)]
    faults = [f"no name {name} (has {_listed(certificate.names)})" for name in missing]
    if chain_fault:
        faults.append(f"chain: {chain_fault}")
    if certificate.not_after < now:
        faults.append(f"expired {-days} days ago")
    elif days < days_wanted:
        faults.append(f"only {days} days left, at least {days_wanted} wanted")
    if certificate.not_before > now:
        faults.append(f"not valid before {certificate.not_before:%Y-%m-%d}")
    facts: dict[str, float | int | str] = {
        "days_left": days,
        "not_after": f"{certificate.not_after:%Y-%m-%d}",
        "serial": certificate.serial,
        "issuer": certificate.issuer,
    }
    if faults:
        return broken("; ".join(faults), **facts)
    names = _listed(certificate.names)
    return kept(f"{names}, signed by {certificate.issuer}, {days} days left", **facts)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "no names"
