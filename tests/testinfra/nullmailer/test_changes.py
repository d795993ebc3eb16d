"""Changes to a host that only sends: what is verified, what is refused, what never gets lost."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dialogues.desk import Desk
from dialogues.mail import BOB, new_token
from dialogues.scenario import Scenario, wait_for

MESSAGES = 60
SEND = """
import subprocess, sys, time
token, count, recipient = sys.argv[1], int(sys.argv[2]), sys.argv[3]
for number in range(count):
    text = f"Subject: {token}\\nX-Number: {number}\\n\\nWords.\\n"
    subprocess.run(["/usr/sbin/sendmail", recipient], input=text.encode(), check=True)
    time.sleep(0.1)
"""
NO_PROOF = [("wrong.example.com", 3587), ("untrusted.example.com", 4587)]


def smarthosts(*places: tuple[str, int], tls: str = "verify") -> dict[str, Any]:
    """Return the variables that name these smarthosts in this order; tls is the first one's."""
    password = "{{ fleet_password }}"
    first, *others = [{"host": host, "port": port, "username": "fleet"} for host, port in places]
    return {
        "mail_relay": first | {"tls": tls, "password": password},
        "nullmailer_extra_smarthosts": others,
        "nullmailer_extra_passwords": {f"{host}:{port}": password for host, port in places[1:]},
    }


def sign_for_the_site(scenario: Scenario, name: str) -> None:
    """Give a smarthost a certificate of the site's own authority."""
    for ending in ("key", "crt"):
        text = (scenario.state / "ca" / f"ca.{ending}").read_text(encoding="ascii")
        scenario.run("outside", "sh", "-c", f"cat > /etc/provider/site-ca.{ending}", stdin=text)
    script = f"""
    cd /etc/provider
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 90 \
        -CA site-ca.crt -CAkey site-ca.key -subj /CN={name} \
        -addext subjectAltName=DNS:{name} -addext basicConstraints=critical,CA:FALSE \
        -keyout site.key -out site.crt
    cat site.key site.crt > site.pem
    rm site-ca.key
    postfix reload
    """
    scenario.shell("outside", script)


def test_no_mail_goes_where_tls_proves_nothing_and_none_gets_lost_in_a_converge(
    desk: Desk, scenario: Scenario, changed_inventory: Callable[..., str]
) -> None:
    sign_for_the_site(scenario, "site.example.com")
    since, token = desk.now(), new_token()
    changed = changed_inventory(**smarthosts(*NO_PROOF, ("site.example.com", 5587)))
    with ThreadPoolExecutor(1) as background:
        sending = background.submit(
            scenario.run, "desk", "python3", "-c", SEND, token, str(MESSAGES), BOB
        )
        said = scenario.playbook(changed)
        assert said.rc == 0, said.text
        assert said.changed == {"desk": 1}
        sent = sending.result()
        assert sent.rc == 0, sent.text
    assert "by site.example.com (Postfix) with ESMTPSA" in desk.arrives_once(desk.sends(BOB))
    assert desk.log("does not match hostname", since)
    assert desk.log("certificate is untrusted", since)
    for host, _port in NO_PROOF:
        unit = f"postfix/{host.partition('.')[0]}/smtpd"
        seen = scenario.shell("outside", f"journalctl -q --no-pager --since=@{since} -t {unit}")
        assert "connect from" in seen
        assert "sasl_username" not in seen

    wait_for("all have arrived", lambda: len(desk.arrived(token)) >= MESSAGES, 60)
    numbers = [text.partition("X-Number: ")[2].split()[0] for text in desk.arrived(token)]
    assert Counter(numbers) == Counter(map(str, range(MESSAGES)))


def test_any_certificate_will_do_where_encryption_alone_is_required(
    desk: Desk,
    scenario: Scenario,
    changed_inventory: Callable[..., str],
    connections: Callable[[int, str], None],
) -> None:
    places = ("untrusted.example.com", 4587), ("smart.example.com", 465)
    said = scenario.playbook(changed_inventory(**smarthosts(*places, tls="require")))
    assert said.rc == 0, said.text
    text = desk.arrives_once(desk.sends(BOB))
    assert "by untrusted.example.com (Postfix) with ESMTPSA" in text
    connections(4587, "reject with tcp reset")
    text = desk.arrives_once(desk.sends(BOB))
    assert "by smart.example.com (Postfix) with ESMTPSA" in text
    assert scenario.playbook().changed == {"desk": 1}


def test_what_nullmailer_can_not_read_is_refused_and_no_secret_is_told(
    desk: Desk, scenario: Scenario, password: str, changed_inventory: Callable[..., str]
) -> None:
    files = "sha256sum /etc/nullmailer/*"
    before = desk.shell(files)
    desk.shell("printf '%s\\n' '-----BEGIN CERTIFICATE-----' rubbish > /etc/rubbish.pem")
    rubbish = changed_inventory(certificates_files={"ca": "/etc/rubbish.pem"})
    said = scenario.playbook(rubbish, "--diff", "-vvv")
    assert said.rc != 0
    assert "nullmailer does not take the new files" in said.text
    assert "Error loading SSL/TLS X.509 trust file" in said.text
    assert desk.shell(files) == before
    journal = desk.shell("journalctl -q --no-pager -o cat")
    for secret in (password, scenario.secret("fleet")):
        assert secret not in said.text
        assert secret not in journal


def test_an_upgrade_of_the_package_does_not_break_the_password(desk: Desk) -> None:
    """Debian's package writes the smarthosts anew at each upgrade, and splits lines at colons."""
    before = desk.shell("sha256sum /etc/nullmailer/*")
    desk.shell("DEBIAN_FRONTEND=noninteractive dpkg-reconfigure nullmailer 2>/dev/null")
    assert desk.shell("systemctl is-active nullmailer").strip() == "active"
    assert desk.shell("sha256sum /etc/nullmailer/*") == before
    desk.arrives_once(desk.sends(BOB))
