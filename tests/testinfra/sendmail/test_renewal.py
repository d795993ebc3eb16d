"""A certificate that is renewed is served by Sendmail on each of its ports."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

from dialogues.scenario import Scenario

PORTS = {25: "-starttls smtp", 587: "-starttls smtp", 465: ""}


def served(scenario: Scenario) -> set[str]:
    """Return the serial numbers of all ports, as seen from outside."""
    ask = "openssl s_client -connect mail.example.org:{} {} </dev/null 2>/dev/null"
    shown = "openssl x509 -noout -serial"
    return {
        scenario.shell("outside", f"{ask.format(port, how)} | {shown}").strip()
        for port, how in PORTS.items()
    }


if os.environ.get("POSTERN_FULL"):  # a whole run; the scenario site renews in every run

    def test_a_renewed_certificate_is_served_on_every_port(scenario: Scenario) -> None:
        [before] = served(scenario)
        early = ("-e", "certificates_renew_days=500")  # as if it ended soon
        said = scenario.playbook("--limit", "mail", *early, name="site.yml")
        assert said.rc == 0, said.text
        [after] = served(scenario)
        assert before.startswith("serial=")
        assert after.startswith("serial=")
        assert after != before
