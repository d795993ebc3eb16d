"""What benchmarks/filter.py runs within a container: send mail, and watch the Maildirs."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email
import json
import random
import re
import smtplib
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from pathlib import Path

HOST = "bench.example.org"
SESSIONS = 4
LOAD = {"5": 120, "200": 60}
ONE_BY_ONE = 30
WAIT_SECONDS = 300
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
WORDS = (
    "the of and to in is that for it as was with be by on not he his but at are this have from or "
    "had an they which one you were all her she there would their we him been has when who will "
    "more if out so up said what its about than into them can only other time new some could "
    "first then do any like my now over such our man me even most made after also well before must "
    "meeting report project budget order invoice delivery server update question answer schedule"
)
VOCABULARY = WORDS.split()


def text(kilobytes: float, seed: int) -> str:
    """Return lines of words, as people write them; equal seeds, equal lines."""
    chosen = random.Random(seed)  # noqa: S311 (no secret)
    lines: list[str] = []
    while sum(map(len, lines)) < kilobytes * 1024:
        words = chosen.choices(VOCABULARY, k=12)
        lines.append(f"{' '.join(words).capitalize()}.\n" + ("\n" if len(lines) % 6 == 5 else ""))
    return "".join(lines)


def message(size: str, seed: int) -> EmailMessage:
    """Return a clean message: words alone, or words, a page and an attachment."""
    made = EmailMessage()
    made["Received"] = (
        f"from pc (pc.outside.example [203.0.113.{seed % 250}]) by mx.outside.example; "
        + format_datetime(localtime())
    )
    made["From"] = f"Carol {seed} <carol@outside.example>"
    made["To"] = f"bench1@{HOST}"
    made["Date"] = format_datetime(localtime())
    made["Message-ID"] = f"<{seed}.{time.time_ns()}@outside.example>"
    made["Subject"] = f"The report {seed}"
    made.set_content(text(4.5 if size == "5" else 8, seed))
    if size == "200":
        paragraphs = "".join(f"<p>{one}</p>\n" for one in text(8, seed).split("\n\n"))
        made.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
        content = b"%PDF-1.4\n" + random.Random(seed).randbytes(130 * 1024)  # noqa: S311
        made.add_attachment(content, maintype="application", subtype="pdf", filename="report.pdf")
    return made


def marked(words: str) -> EmailMessage:
    """Return a message that has something in it."""
    made = message("5", 0)
    made.set_content(words + "\n")
    return made


def arrived() -> list[Path]:
    """Return what is in the Maildirs."""
    return [*Path("/home").glob("bench*/Maildir/new/*")]


def emptied() -> None:
    """Remove what arrived."""
    for path in arrived():
        path.unlink()


def send(smtp: smtplib.SMTP, content: EmailMessage, number: int = 1) -> None:
    """Send for one of the people."""
    smtp.send_message(content, "carol@outside.example", [f"bench{number}@{HOST}"])


def wait(what: Callable[[], bool]) -> None:
    """Wait, closely."""
    end = time.monotonic() + WAIT_SECONDS
    while not what():
        if time.monotonic() > end:
            raise SystemExit("mail is missing")
        time.sleep(0.005)


def cpu_seconds() -> float:
    """Return what the container has used."""
    version1 = Path("/sys/fs/cgroup/cpuacct/cpuacct.usage")
    if version1.exists():
        return int(version1.read_text()) / 1e9
    found = re.search(r"usage_usec (\d+)", Path("/sys/fs/cgroup/cpu.stat").read_text())
    return int(found[1]) / 1e6 if found else 0.0


def pss_mib() -> float:
    """Return the memory of all processes, what they share counted once."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/smaps_rollup"):
        try:
            found = re.search(r"^Pss:\s+(\d+)", path.read_text(), re.MULTILINE)
        except OSError:  # it has ended, or is the kernel's
            continue
        total += int(found[1]) if found else 0
    return total / 1024


def load(size: str) -> dict[str, float]:
    """Bring many messages at once."""
    emptied()
    count = LOAD[size]
    contents = [message(size, seed) for seed in range(count)]

    def session(number: int) -> None:
        with smtplib.SMTP("127.0.0.1", timeout=300) as smtp:
            for content in contents[number::SESSIONS]:
                send(smtp, content, number + 1)

    began, used = time.monotonic(), cpu_seconds()
    with ThreadPoolExecutor(SESSIONS) as pool:
        list(pool.map(session, range(SESSIONS)))
    wait(lambda: len(arrived()) == count)
    seconds, used = time.monotonic() - began, cpu_seconds() - used
    return {"rate": count / seconds, "cpu_ms": used * 1000 / count, "pss_mib": pss_mib()}


def latency(size: str) -> dict[str, float]:
    """Bring one message after the other."""
    emptied()
    taken = []
    for seed in range(ONE_BY_ONE):
        content = message(size, seed)
        began = time.monotonic()
        with smtplib.SMTP("127.0.0.1", timeout=300) as smtp:
            send(smtp, content)
        wait(lambda seed=seed: len(arrived()) == seed + 1)  # type: ignore[misc]
        taken.append(time.monotonic() - began)
    return {"p95_ms": sorted(taken)[int(ONE_BY_ONE * 0.95)] * 1000}


def verdicts() -> dict[str, str]:
    """Return for each of some messages whether it arrives, and its score as spam."""
    emptied()
    contents = {f"clean {size} {seed}": message(size, seed) for size in LOAD for seed in range(10)}
    virus = message("5", 1)
    virus.add_attachment(EICAR.encode(), maintype="text", subtype="plain", filename="a.txt")
    program = message("5", 2)
    content = b"MZ" + bytes(600)
    program.add_attachment(content, maintype="application", subtype="x", filename="a.exe")
    contents |= {"virus": virus, "program": program, "no words": marked("")}
    contents["adverts"] = marked("CLICK HERE TO BUY VIAGRA NOW!!! 100% FREE MONEY BACK $$$")
    with smtplib.SMTP("127.0.0.1", timeout=300) as smtp:
        for name, content in contents.items():
            content["X-Name"] = name
            send(smtp, content)
    wait(lambda: len(arrived()) >= len(contents) - 2)
    time.sleep(3)
    said = dict.fromkeys(contents, "stopped")
    for path in arrived():
        with path.open("rb") as file:
            found = email.message_from_binary_file(file)
        if found["X-Name"]:  # no notice
            said[found["X-Name"]] = f"score {found['X-Spam-Score']}"
    return said


def main() -> None:
    """Do what is asked; print what was found."""
    what, *arguments = sys.argv[1:]
    found = {"load": load, "latency": latency}[what](*arguments) if arguments else verdicts()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
