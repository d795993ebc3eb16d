"""Measure the program of the role pop_before_smtp: lookups, memory, the time to catch up.

Run by hand: `.venv/bin/python benchmarks/pop_before_smtp.py [bookworm|trixie]`. Makes a container
for each release and removes it. A stand-in for Cyrus logs 100,000 logins to the journal; then 20
clients ask 1,000 times a second as smtpd does, while 100 people a second log in.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROLE = ROOT / "roles/pop_before_smtp"
RELEASES = ("bookworm", "trixie")
ENGINE = ROOT / ".lab/containers.conf"
CAPABILITIES = ("NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE")
ADDRESSES = 100_000
CLIENTS, RATE, SECONDS = 20, 1000, 20
LOGINS = 100  # a second
SOCKET = "/run/bench-pop/map"
SERVICE = "postern-pop-before-smtp.service"
INSTALL = (
    "apt-get update -q && apt-get install -y -q --no-install-recommends python3-systemd"
    " && useradd --system cyrus && useradd --system postern-pop"
    " && cp /usr/bin/logger /usr/local/bin/imapd"
    # Nobody logs in as often as this for real.
    " && printf '[Journal]\\nRateLimitIntervalSec=0\\n' >> /etc/systemd/journald.conf"
    " && systemctl restart systemd-journald"
)
# Logs what is in a file, or comes by a pipe, as Cyrus does: its unit, its user, its program.
STAND_IN = """[Service]
User=cyrus
ExecStart=/usr/local/bin/imapd -t cyrus/imaps -f /opt/logins
ExecStart=/usr/local/bin/imapd -t cyrus/imaps -f /opt/pipe
Type=oneshot
"""
LOGIN = "login: [{}] a@b.example PLAIN User logged in SESSIONID=<bench>\n"


def engine(*argv: str | Path, stdin: str = "") -> str:
    """Run podman, as the lab does; return what it printed."""
    environment = {**os.environ, "PODMAN_IGNORE_CGROUPSV1_WARNING": "yes"}
    if ENGINE.exists():
        environment["CONTAINERS_CONF"] = str(ENGINE)
    command = (shutil.which("podman") or "podman", *argv)
    done = subprocess.run(
        command, env=environment, input=stdin, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def prepared(name: str, release: str) -> None:
    """Start a container with the program, as the role installs it, and the stand-in."""
    import jinja2  # noqa: PLC0415  (only here: the container has none)

    rights = [word for one in CAPABILITIES for word in ("--cap-add", one)]
    image = f"localhost/postern-{release}"
    engine("run", "-d", "--name", name, "--systemd=always", *rights, image)
    engine("exec", name, "sh", "-c", f"sleep 5; export DEBIAN_FRONTEND=noninteractive; {INSTALL}")
    values = {
        "ansible_managed": "",
        "pop_before_smtp_store": "cyrus",
        "pop_before_smtp_lifetime_seconds": 3600,
        "pop_before_smtp_addresses": ADDRESSES,
        "pop_before_smtp_never": [],
        "pop_before_smtp_socket": SOCKET,
        "pop_before_smtp_socket_user": "root",
    }
    texts = {"cyrus-imapd.service": STAND_IN}
    for template in (ROLE / "templates").glob("*.j2"):
        texts[template.stem] = jinja2.Template(template.read_text(encoding="utf-8")).render(values)
    for unit, text in texts.items():
        put = f"cat > /etc/systemd/system/{unit}"
        engine("exec", "-i", name, "sh", "-c", put, stdin=text)
    program = "/usr/local/sbin/postern-pop-before-smtp"
    engine("cp", ROLE / "files/pop_before_smtp.py", f"{name}:{program}")
    engine("cp", Path(__file__), f"{name}:/opt/bench.py")


def main() -> None:
    """Measure in each release."""
    for release in [word for word in sys.argv[1:] if word in RELEASES] or RELEASES:
        name = f"postern-bench-pop-{release}"
        try:
            prepared(name, release)
            said = engine("exec", name, "python3", "/opt/bench.py", "inside")
            print(f"{release}:\n{said}", end="", flush=True)
        finally:
            engine("rm", "-f", "-t", "1", name)


def address(number: int) -> str:
    """Return one of many addresses on the internet."""
    return f"11.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def control(*argv: str) -> str:
    """Run systemctl."""
    done = subprocess.run(
        ["/usr/bin/systemctl", *argv], stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.strip()


def ask(connection: socket.socket, client: str) -> bytes:
    """Ask as smtpd does; return the answer."""
    request = f"relay_clients {client}".encode()
    connection.sendall(b"%d:%s," % (len(request), request))
    return connection.recv(1000)


def connected() -> socket.socket:
    """Connect to the program."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(SOCKET)
    return connection


def until_known(client: str) -> float:
    """Return after how many seconds an address may relay."""
    since = time.monotonic()
    with connected() as connection:
        while not ask(connection, client).endswith(b"OK OK,"):
            time.sleep(0.01)
    return time.monotonic() - since


def inside() -> None:
    """Measure, in the container."""
    logins = "".join(LOGIN.format(address(number)) for number in range(ADDRESSES))
    Path("/opt/logins").write_text(logins, encoding="ascii")
    os.mkfifo("/opt/pipe")
    control("daemon-reload")
    control("start", "--no-block", "cyrus-imapd.service")
    with Path("/opt/pipe").open("w", encoding="ascii") as pipe:  # opens when all have been logged
        time.sleep(2)
        control("start", SERVICE)
        last = address(ADDRESSES - 1)
        print(f"  a start has read {ADDRESSES} logins after {until_known(last):.1f} s")
        print(f"  memory: {memory()} (promised: less than 100 MB)")
        stop = threading.Event()
        writer = threading.Thread(target=log_in, args=(pipe, stop))
        writer.start()
        times = measured()
        stop.set()
        writer.join()
        told(times)
        new = address(ADDRESSES * 3)
        pipe.write(LOGIN.format(new))
        pipe.flush()
        print(f"  a login counts after {until_known(new):.2f} s; memory: {memory()}")


def log_in(pipe: object, stop: threading.Event) -> None:
    """Let new people log in, so many a second."""
    number = ADDRESSES
    while not stop.wait(1 / LOGINS):
        print(LOGIN.format(address(number)), end="", file=pipe, flush=True)  # type: ignore[call-overload]
        number += 1


def memory() -> str:
    """Return what the program takes, and what its whole unit took at most."""
    status = Path(f"/proc/{control('show', '-P', 'MainPID', SERVICE)}/status").read_text("ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    now, most = (int(fields[name].split()[0]) / 1000 for name in ("VmRSS", "VmHWM"))
    return f"{now:.0f} MB, at most {most:.0f} MB"


def measured() -> list[float]:
    """Ask at a steady rate from several connections; return what each answer took."""
    times: list[float] = []

    def client(first: int) -> None:
        with connected() as connection:
            start = time.monotonic() + first / RATE
            for turn in range(RATE * SECONDS // CLIENTS):
                due = start + turn * CLIENTS / RATE
                time.sleep(max(0.0, due - time.monotonic()))
                asked = time.monotonic()
                ask(connection, address(turn * 7919 % (ADDRESSES * 2)))
                times.append(time.monotonic() - asked)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def told(times: list[float]) -> None:
    """Print what was measured, and how fast one connection is that does not wait."""
    milliseconds = sorted(1000 * one for one in times)
    middle, late = (milliseconds[int(len(times) * part)] for part in (0.5, 0.99))
    print(f"  {len(times)} lookups at {RATE} a second: median {middle:.2f} ms, ", end="")
    print(f"p99 {late:.2f} ms, worst {milliseconds[-1]:.1f} ms (promised: p99 less than 5 ms)")
    with connected() as connection:
        since = time.monotonic()
        for number in range(10_000):
            ask(connection, address(number))
        print(f"  one after the other: {10_000 / (time.monotonic() - since):.0f} lookups a second")


if __name__ == "__main__":
    inside() if sys.argv[1:] == ["inside"] else main()
