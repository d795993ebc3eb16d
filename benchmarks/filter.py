"""Measure what searching mail costs: plain Postfix, with ClamAV, with everything, and Debian's own.

Run by hand: `.venv/bin/python benchmarks/filter.py [bookworm|trixie ...]`. Makes four containers
for each release and removes them; they take turns. Mail of 5 KB and of 200 KB comes over four SMTP
sessions; the clock stops when the last one is in its Maildir. For the latency they come one by one,
from the connection to the Maildir. Debian's own is amavis, ClamAV and SpamAssassin as the packages
set them up, handed to as their README says; it asks no network here either. The verdicts of both
about the same mail are compared, scores included.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import json
import statistics
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from delivery import HOST, RELEASES, Container, Way, converge, podman

WITHIN = Path(__file__).with_name("filter_within.py")
ROUNDS = 3
EICAR = (
    "58354f2150254041505b345c505a58353428505e2937434329377d2445494341522d5354414e444152442d414e54"
    "495649525553" + "2d544553542d46494c452124482b482a"
)
SIGNATURE = f"Site.Eicar:0:*:{EICAR}"
SITE: Mapping[str, object] = {"mail_store": "none", "mail_local_users": "maildir"}
SEARCHED: Mapping[str, object] = {
    "clamav_signatures_source": "none",
    "clamav_local_signatures": [{"name": "site.ndb", "content": SIGNATURE}],
    "amavis_network_tests": False,
}
EVERYTHING = {"virus": True, "spam": True, "attachments": {"policy": "block"}}
WAYS: Mapping[str, Mapping[str, object] | None] = {
    "plain Postfix": {},
    "and ClamAV": {"virus": True, "attachments": {"policy": "allow_all"}},
    "and everything": EVERYTHING,
    "Debian's own": None,
}
USERS = "for i in 1 2 3 4; do useradd -m bench$i; done"
# As the README of amavisd-new for Postfix and Debian's own comments say.
PACKAGED = rf"""
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends postfix amavisd-new spamassassin clamav-daemon \
    7zip arj bzip2 cabextract cpio file gzip lrzip lzop nomarch pax unzip xz-utils zstd
{USERS}
echo '{SIGNATURE}' >/var/lib/clamav/site.ndb
mkdir -p /etc/systemd/system/clamav-daemon.service.d
printf '[Unit]\nConditionPathExistsGlob=\n' >/etc/systemd/system/clamav-daemon.service.d/here.conf
adduser --quiet clamav amavis
sed -i 's/^# *\(@bypass_\|  *\\%bypass_\)/\1/' /etc/amavis/conf.d/15-content_filter_mode
cat >/etc/amavis/conf.d/50-user <<'END'
use strict;
$myhostname = '{HOST}';
@local_domains_acl = ('.example.org');
$sa_tag_level_deflt = -999;  # so that the scores can be compared
$sa_local_tests_only = 1;  # there is no network
1;
END
postconf -e home_mailbox=Maildir/ content_filter=smtp-amavis:[127.0.0.1]:10024
postconf -M smtp-amavis/unix='smtp-amavis unix - - y - 2 smtp'
postconf -P smtp-amavis/unix/smtp_data_done_timeout=1200 smtp-amavis/unix/disable_dns_lookups=yes
postconf -M 127.0.0.1:10025/inet='127.0.0.1:10025 inet n - y - - smtpd'
for option in content_filter= smtpd_delay_reject=no mynetworks=127.0.0.0/8 \
    smtpd_helo_restrictions= smtpd_sender_restrictions= \
    smtpd_data_restrictions=reject_unauth_pipelining \
    smtpd_client_restrictions=permit_mynetworks,reject smtpd_error_sleep_time=0 \
    smtpd_relay_restrictions=permit_mynetworks,reject smtpd_client_connection_count_limit=0 \
    smtpd_recipient_restrictions=permit_mynetworks,reject local_header_rewrite_clients= \
    local_recipient_maps= relay_recipient_maps= \
    receive_override_options=no_header_body_checks,no_unknown_recipient_checks; do
    postconf -P "127.0.0.1:10025/inet/$option"
done
systemctl daemon-reload
systemctl restart clamav-daemon amavis postfix
"""


def set_up(container: Container, title: str, policy: Mapping[str, object] | None) -> None:
    """Make a container what is measured: a policy of the role, or without one Debian's own."""
    print(f"{container.release}: {title} is set up", file=sys.stderr, flush=True)
    if policy is None:
        container.run(PACKAGED)
    else:
        container.run(USERS)
        site = {**SITE, **SEARCHED, "mail_filter": policy} if policy else SITE
        converge(container, Way(title, HOST, "/home/bench*/Maildir", site))
    podman("cp", str(WITHIN), f"{container.name}:/opt/within.py")


def asked(container: Container, *what: str) -> Any:  # noqa: ANN401 (what JSON holds)
    """Let the container measure; return what it says."""
    return json.loads(container.run(f"python3 /opt/within.py {' '.join(what)}"))


def table(release: str, containers: Mapping[str, Container]) -> None:
    """Measure in turns; print medians, beside Debian's own."""
    rounds: dict[tuple[str, str], list[dict[str, float]]] = {}
    for container in containers.values():
        asked(container, "load", "5")  # what is loaded once is loaded
    for _ in range(ROUNDS):
        for title, container in containers.items():
            for size in ("5", "200"):
                said = asked(container, "load", size) | asked(container, "latency", size)
                rounds.setdefault((title, size), []).append(said)
    titles = f"{'KB':>4} {'mails/s':>8} {'CPU ms':>7} {'p95 ms':>7} {'PSS MiB':>8}"
    print(f"{release:10} {'':16} {titles}")
    for (title, size), figures in rounds.items():
        middle = {key: statistics.median(one[key] for one in figures) for key in figures[0]}
        print(
            f"{release:10} {title:16} {size:>4} {middle['rate']:8.1f} {middle['cpu_ms']:7.0f} "
            f"{middle['p95_ms']:7.0f} {middle['pss_mib']:8.0f}",
            flush=True,
        )


def verdicts(release: str, containers: Mapping[str, Container]) -> None:
    """Print where the role and Debian's own differ about the same mail."""
    own, theirs = (asked(containers[one], "verdicts") for one in ("and everything", "Debian's own"))
    different = {name: (own[name], theirs[name]) for name in own if own[name] != theirs[name]}
    print(f"{release}: {len(own)} messages, {len(different)} verdicts differ {different or ''}")


def main() -> None:
    """Measure each release."""
    for release in [name for name in sys.argv[1:] if name in RELEASES] or RELEASES:
        with contextlib.ExitStack() as stack:
            containers = {
                title: stack.enter_context(Container(release, f"filter{number}"))
                for number, title in enumerate(WAYS)
            }
            for title, policy in WAYS.items():
                set_up(containers[title], title, policy)
            verdicts(release, containers)
            table(release, containers)


if __name__ == "__main__":
    main()
