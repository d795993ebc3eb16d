"""A certificate is renewed before it ends, and what is renewed is served."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dialogues.scenario import Scenario

PORTS = {25: "-starttls smtp", 587: "-starttls smtp", 465: "", 993: "", 995: ""}


def served_serials(scenario: Scenario) -> dict[int, str]:
    """Return the serial number that each port serves, as seen from outside."""
    ask = "openssl s_client -connect mail.example.org:{port} {how} </dev/null 2>/dev/null"
    return {
        port: scenario.shell(
            "outside", f"{ask.format(port=port, how=how)} | openssl x509 -noout -serial"
        ).strip()
        for port, how in PORTS.items()
    }


def test_a_renewed_certificate_is_served_on_every_port(scenario: Scenario) -> None:
    before = served_serials(scenario)
    assert len(set(before.values())) == 1
    early = ("-e", "certificates_renew_days=500")  # as if it ended soon
    said = scenario.playbook("--limit", "mail", *early, name="site.yml")
    assert said.rc == 0, said.text
    after = served_serials(scenario)
    assert len(set(after.values())) == 1
    assert set(after.values()).isdisjoint(before.values())
    assert all(serial.startswith("serial=") for serial in after.values())
