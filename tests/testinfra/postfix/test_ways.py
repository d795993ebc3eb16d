"""Ways that policies and files decide: names of a certificate, TLS at will, whom to relay for."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dialogues.mail import BOB, People, new_token
from dialogues.raw import connected
from dialogues.scenario import Scenario, wait_for

DAVE = "dave@example.org"
# The server of others, with a certificate that the site trusts, for a name of its own.
CERTIFICATE = """
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 90 \\
    -CA /run/site-ca.crt -CAkey /run/site-ca.key -subj /CN=mx.provider.example \\
    -addext subjectAltName=DNS:mx.provider.example -addext basicConstraints=critical,CA:FALSE \\
    -keyout /run/named.key -out /run/named.crt 2>/dev/null
cat /run/named.key /run/named.crt > /etc/postfix/named.pem
rm /run/site-ca.key
postconf smtpd_tls_chain_files=/etc/postfix/named.pem
systemctl reload postfix
"""
BACK = "postconf -X smtpd_tls_chain_files; postconf smtpd_tls_security_level=may; "
BACK += "systemctl reload postfix"


@pytest.fixture
def back(scenario: Scenario) -> Iterator[None]:
    """The world outside as it was, and nothing left in the queue."""
    yield
    scenario.shell("outside", BACK)
    scenario.shell("mail", "postsuper -d ALL deferred 2>/dev/null")


def waits(scenario: Scenario, address: str, reason: str) -> None:
    """Wait until mail for an address waits for a reason."""
    waiting = f"postqueue -p | grep -B 2 {address} | grep -Eq '{reason}'"
    wait_for(f"{address} waits", lambda: scenario.run("mail", "sh", "-c", waiting).rc == 0, 30)


def test_a_certificate_may_bear_the_names_that_a_policy_says_and_no_others(
    scenario: Scenario, people: People, back: None
) -> None:
    for ending in ("key", "crt"):
        text = (scenario.state / "ca" / f"ca.{ending}").read_text(encoding="ascii")
        scenario.run("outside", "sh", "-c", f"umask 077; cat > /run/site-ca.{ending}", stdin=text)
    scenario.shell("outside", CERTIFICATE)
    people.bob_receives(people.sendmail("mail", DAVE, "any@partner.example"))
    log = "journalctl -q --no-pager -o cat -t postfix/smtp --since=-1min"
    verified = f"{log} | grep -c 'Verified TLS connection established to outside.example.com'"
    assert scenario.shell("mail", verified).strip() != "0"
    people.sendmail("mail", DAVE, "x@bank.example")
    waits(scenario, "x@bank.example", "certificate not verified")


def test_where_tls_is_at_will_mail_leaves_without_it_and_elsewhere_it_waits(
    scenario: Scenario, people: People, back: None
) -> None:
    scenario.shell("outside", "postconf smtpd_tls_security_level=none; systemctl reload postfix")
    text = people.bob_receives(people.sendmail("mail", DAVE, "any@plain.example"))
    assert "(using TLS" not in text.partition("for <any@plain.example>")[0]
    people.sendmail("mail", DAVE, BOB)
    waits(scenario, BOB, "TLS is required, but was not offered")


def test_an_edge_takes_mail_for_domains_of_a_file_and_knows_who_exists(
    scenario: Scenario, people: People
) -> None:
    token = new_token()
    with connected(scenario.address("edge")) as raw:
        raw.reply()
        raw.say("EHLO stranger.example.com")
        raw.say("MAIL FROM:<bob@example.com>")
        answers = [
            raw.say(f"RCPT TO:<{address}>")
            for address in ("x@annex.example", "x@third-annex.example", "any@annex.example")
        ]
        assert raw.say("DATA").startswith("354")
        assert raw.say(f"Subject: {token}\r\n\r\nWords.\r\n.").startswith("250")
    assert answers == [
        "550 5.1.1 <x@annex.example>: Recipient address rejected: User unknown",
        "554 5.7.1 <x@third-annex.example>: Relay access denied",
        "250 2.1.5 Ok",
    ]
    people.bob_receives(token)


def test_who_is_allowed_is_not_asked_to_wait(scenario: Scenario) -> None:
    """This machine, the network's first address, is on the edge's list."""
    with connected(scenario.address("edge")) as raw:
        raw.send(b"EHLO stranger.example.com\r\n")  # too early, which others are refused for
        assert raw.reply() == "220 edge.example.org ESMTP"
        assert raw.reply().startswith("250")
    first = scenario.address("edge").rpartition(".")[0] + ".1"
    logged = f"journalctl -q --no-pager -o cat -t postfix/postscreen | grep 'ALLOWLISTED.*{first}'"
    wait_for("it is logged", lambda: scenario.run("edge", "sh", "-c", logged).rc == 0, 10)
