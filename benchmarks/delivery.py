"""Measure messages a second into Maildirs: the role's Postfix beside Debian's own, on one machine.

Run by hand: `.venv/bin/python benchmarks/delivery.py [--knobs] [bookworm|trixie ...]`. Makes one
container for each release and removes it. 20 SMTP sessions at once bring 5 KiB each for 20 people;
the clock stops when the last message is in its Maildir and the queue is empty. They take turns
on the same spool and disk, whose durability nobody touches: no tmpfs, no eatmydata. Debian's own
delivers to UNIX users; the role to UNIX users as well, and to accounts of `mail_store: courier`.
With --knobs, each setting that was considered is measured alone, on top of Debian's own.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ROOT / ".lab/containers.conf"
RELEASES = ("bookworm", "trixie")
ROUNDS = 5
MESSAGES, SESSIONS, BYTES = 2000, 20, 5120
SETTLE_SECONDS = 6  # ext4 without a journal is slow to reuse what was removed just now
HOST = "bench.example.org"
INSTALL = (
    "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q "
    "--no-install-recommends postfix && "
    f"for i in $(seq {SESSIONS}); do useradd -m bench$i; done"
)
# Debian's own settings, and the one that names the mailboxes.
PACKAGED = "postconf -e home_mailbox=Maildir/"
SITE = {
    "ansible_connection": "containers.podman.podman",
    "ansible_become": False,  # podman makes root of us
    "mail_domain": "example.org",
    "mail_hostname": HOST,
    "mail_openings": {"smtp": "everyone"},
    "mail_tls": {"source": "self_signed"},
}


@dataclass(frozen=True)
class Way:
    """Whose Maildirs mail goes to: a domain, where they lie, and what makes it so."""

    title: str
    domain: str
    maildirs: str
    site: Mapping[str, object]


USERS = Way(
    "the role, UNIX users",
    HOST,
    "/home/bench*/Maildir",
    {"mail_store": "none", "mail_local_users": "maildir"},
)
ACCOUNTS = Way(
    "the role, accounts (promised: at least 1.3)",
    "example.org",
    "/srv/vmail/example.org/bench*/Maildir",
    {
        "mail_store": "courier",
        "mail_domains": [{"name": "example.org"}],
        "mail_aliases": dict.fromkeys(("root", "postmaster", "abuse"), "bench1"),
        "mail_accounts": [
            {"name": f"bench{number + 1}", "password": f"a password of bench{number + 1}"}
            for number in range(SESSIONS)
        ],
    },
)
# Prints seconds, CPU seconds and messages that arrived, for a domain and a pattern of Maildirs.
RUN = f"""
cd /var/spool/postfix
find $maildirs/new $maildirs/cur -type f -delete 2>/dev/null || true
sync; sleep {SETTLE_SECONDS}
cpu() {{ cat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null ||
         awk '/usage_usec/ {{print $2 * 1000}}' /sys/fs/cgroup/cpu.stat; }}
began=$(date +%s.%N); used=$(cpu)
for i in $(seq {SESSIONS}); do
    smtp-source -s 1 -m {MESSAGES // SESSIONS} -l {BYTES} -f root@{HOST} -t bench$i@$domain \\
        127.0.0.1:25 &
done
wait
while [ -n "$(find incoming active deferred maildrop -type f -print -quit)" ]; do sleep 0.05; done
ended=$(date +%s.%N); used=$(($(cpu) - used))
arrived=$(find $maildirs/new -type f | wc -l)
echo "$began $ended $used $arrived" | awk '{{print $2 - $1, $3 / 1e9, $4}}'
"""
DIRECT = (
    "getent passwd | sed 's/:.*/@'$(postconf -h myhostname)' x/' >/etc/postfix/users && "
    "postmap lmdb:/etc/postfix/users && postconf -e local_recipient_maps=lmdb:/etc/postfix/users"
)
KNOBS = {
    "in_flow_delay = 0": "postconf -e in_flow_delay=0",
    "max_use = 1000": "postconf -e max_use=1000",
    "default_process_limit = 20": "postconf -e default_process_limit=20",
    "process limit of local = 4": "postconf -F local/unix/process_limit=4",
    "process limit of trivial-rewrite = 1": "postconf -F rewrite/unix/process_limit=1",
    "one delivery to a mailbox at once": "postconf -e local_destination_concurrency_limit=1",
    "20 deliveries to a mailbox at once": "postconf -e local_destination_concurrency_limit=20",
    "hash_queue_names with incoming, active": (
        "postconf -e 'hash_queue_names=incoming, active, deferred, defer'"
    ),
    "qmgr_message_active_limit = 50000": "postconf -e qmgr_message_active_limit=50000",
    "forward_path empty": "postconf -e forward_path=",
    "alias_maps empty": "postconf -e alias_maps= alias_database=",
    "recipients in lmdb, not by proxymap": DIRECT,
    "local_header_rewrite_clients empty": "postconf -e local_header_rewrite_clients=",
    "smtpd_peername_lookup = no": "postconf -e smtpd_peername_lookup=no",
    "smtpd_tls_security_level = none": "postconf -e smtpd_tls_security_level=none",
    "connection limits off (anvil)": "postconf -e smtpd_client_connection_count_limit=0",
    "no chroot": "for s in smtp/inet cleanup/unix rewrite/unix; do postconf -F $s/chroot=n; done",
    "enable_long_queue_ids = yes": "postconf -e enable_long_queue_ids=yes",
    "maillog_file": "postconf -e maillog_file=/var/log/mail.log",
}


@dataclass(frozen=True)
class Figures:
    """One run: messages a second, and milliseconds of CPU for each."""

    rate: float
    cpu_ms: float


class Container:
    """A machine with Postfix, on which configurations take turns."""

    def __init__(self, release: str, name: str = "delivery") -> None:
        self.release, self.name = release, f"postern-bench-{name}-{release}"

    def __enter__(self) -> Container:
        """Start it."""
        capabilities = ("--cap-add", "NET_ADMIN", "--cap-add", "SYS_ADMIN")
        image = f"localhost/postern-{self.release}"
        options = ("--systemd=always", *capabilities, "--hostname", HOST, "--name", self.name)
        podman("run", "-d", *options, image, "/sbin/init")
        return self

    def __exit__(self, *_what: object) -> None:
        """Remove it."""
        podman("rm", "-f", "-t", "1", self.name)

    def run(self, script: str) -> str:
        """Run a script; return what it printed."""
        return podman("exec", self.name, "sh", "-ec", script)

    def keep(self, name: str) -> None:
        """Keep the configuration that is there under a name."""
        self.run(f"rm -rf /root/{name} && cp -a /etc/postfix /root/{name}")

    def take(self, name: str, change: str = ":") -> None:
        """Run Postfix with a configuration that was kept, and with a change of it."""
        back = f"systemctl stop postfix && rm -rf /etc/postfix && cp -a /root/{name} /etc/postfix"
        # Debian's settings name a table that a role removes where nothing asks it.
        start = "{ newaliases || true; } && systemctl start postfix && postfix status"
        self.run(f"{back} && {{ {change}; }} && {start}")

    def measure(self, way: Way) -> Figures:
        """Send; every message must arrive."""
        script = f"domain={way.domain}; maildirs='{way.maildirs}'\n{RUN}"
        seconds, cpu_seconds, arrived = map(float, self.run(script).split())
        if arrived != MESSAGES:
            raise SystemExit(f"{arrived:.0f} of {MESSAGES} messages arrived")
        return Figures(MESSAGES / seconds, cpu_seconds * 1000 / MESSAGES)


def podman(*argv: str) -> str:
    """Run podman, as the lab does; return what it printed."""
    environment = {**os.environ, "PODMAN_IGNORE_CGROUPSV1_WARNING": "yes"}
    if ENGINE.exists():
        environment["CONTAINERS_CONF"] = str(ENGINE)
    done = subprocess.run(
        ["podman", *argv],  # noqa: S607 whichever the machine has
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def converge(container: Container, way: Way) -> None:
    """Make the machine what a site with such mailboxes asks for."""
    host = {**SITE, **way.site, "ansible_host": container.name}
    inventory = {"all": {"children": {"mail_hosts": {"hosts": {"bench": host}}}}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hosts.json"
        path.write_text(json.dumps(inventory), encoding="utf-8")
        engine = {"CONTAINERS_CONF": str(ENGINE)} if ENGINE.exists() else {}
        done = subprocess.run(
            [ROOT / ".venv/bin/ansible-playbook", "-i", path, "site.yml"],
            cwd=ROOT,
            env={**os.environ, **engine, "PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}"},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(done.stdout)


def alternate(
    container: Container, changes: Mapping[str, tuple[str, str]], way: Way = USERS
) -> None:
    """Let configurations take turns with Debian's own; print medians and their ratio."""
    for title, (name, change) in changes.items():
        own: list[Figures] = []
        other: list[Figures] = []
        for _ in range(ROUNDS):
            container.take("packaged")
            own.append(container.measure(USERS))
            container.take(name, change)
            other.append(container.measure(way))
        rate, cpu = middle(own)
        new_rate, new_cpu = middle(other)
        print(
            f"{container.release} {title:42} {new_rate:5.0f}/s beside {rate:5.0f}/s: "
            f"{new_rate / rate:.2f}  (CPU {new_cpu:.2f} ms beside {cpu:.2f} ms: "
            f"{new_cpu / cpu:.2f})",
            flush=True,
        )


def middle(figures: list[Figures]) -> tuple[float, float]:
    """Return the medians of some runs."""
    return (
        statistics.median(one.rate for one in figures),
        statistics.median(one.cpu_ms for one in figures),
    )


def main() -> None:
    """Measure each release in a container of its own."""
    asked = [name for name in sys.argv[1:] if name in RELEASES] or RELEASES
    knobs = {title: ("packaged", change) for title, change in KNOBS.items()}
    for release in asked:
        with Container(release) as container:
            container.run(INSTALL)
            container.run(PACKAGED)
            container.keep("packaged")
            if "--knobs" in sys.argv:
                alternate(container, knobs)
                continue
            print(container.run("findmnt -n -o FSTYPE,OPTIONS -T /var/spool/postfix").strip()[:60])
            for number, way in enumerate((USERS, ACCOUNTS)):
                converge(container, way)
                container.keep(f"role{number}")
                alternate(container, {way.title: (f"role{number}", ":")}, way)


if __name__ == "__main__":
    main()
