"""Results as mail_probe returns them, for tests of reports."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any


def result(name: str, state: str = "kept", **more: Any) -> dict[str, Any]:
    """Return one result."""
    return {
        "name": name,
        "promise": f"promise of {name}",
        "server": "mail.example.org",
        "state": state,
        "ok": state == "kept",
        "detail": "detail",
        "seconds": 0.25,
        "evidence": ["- connect", "> EHLO x", "< 250 ok"],
        "facts": {},
        "seen_from": "outside",
        **more,
    }


def probes() -> dict[str, Any]:
    """Return the probes of two hosts."""
    mail = [
        result("delivery:alice@example.org"),
        result("fetch:imaps", facts={"round_trip_seconds": 1.5}),
        result("certificate:imaps", facts={"days_left": 20, "serial": "A", "issuer": "CA"}),
        result("relay_refused:smtp:plain", state="broken", detail="accepted: 250 Ok"),
        result("submit:submission", state="skipped"),
    ]
    return {"mail": {"results": mail}, "edge": {"results": [result("banner:smtp")]}}
