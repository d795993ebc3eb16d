"""A rehearsal: clamd and freshclam themselves read the new files before they go live."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused, workspace
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run

from .dialogue import ask
from .model import USER, Clamav, replaced
from .parse import parse_known
from .render import render_settings
from .wanted import OWN_PREFIX

CLAMD = "/usr/sbin/clamd"
FRESHCLAM = "/usr/bin/freshclam"
# Where both programs' AppArmor profiles let them work.
_DISK = "/tmp"  # noqa: S108  (a folder of its own is made in it)
# clamd does not start without any signature; this one matches nothing that is mail.
_ANY = "Postern.Rehearsal:0:*:706f737465726e2d72656865617273616c2d7369676e6174757265\n"
_WAIT_SECONDS = 60.0


def is_installed() -> bool:
    """Say whether ClamAV's programs are on this host."""
    return Path(CLAMD).exists() and Path(FRESHCLAM).exists()


def known_settings() -> dict[str, frozenset[str]]:
    """Return the names that the installed version has, by the module's options."""
    files = {"settings": "clamd.conf", "freshclam_settings": "freshclam.conf"}
    return {
        option: parse_known(run(["clamconf", "-g", file]).out) for option, file in files.items()
    }


def rehearse(wanted: Clamav) -> None:
    """Let both programs judge the new files; raises Refused with their own words.

    A clamd of its own loads the site's signatures, not those of ClamAV, and has to answer.
    """
    with workspace(_DISK) as top:
        _judged_by_freshclam(Path(top), wanted)
        databases = Path(top, "databases")
        databases.mkdir()
        Path(databases, "rehearsal.ndb").write_text(_ANY, encoding="utf-8")
        for one in wanted.signatures:
            Path(databases, f"{OWN_PREFIX}{one.name}").write_text(one.content, encoding="utf-8")
        staged = replaced(
            wanted.clamd,
            LocalSocket=f"{top}/socket",
            DatabaseDirectory=str(databases),
            Foreground="yes",
        )
        kept = tuple((name, value) for name, value in staged if name not in ("LogFile", "PidFile"))
        Path(top, "clamd.conf").write_text(render_settings(kept), encoding="utf-8")
        for path in (top, *map(str, Path(top).rglob("*"))):
            shutil.chown(path, USER)
        _judged_by_clamd(top)


def _judged_by_freshclam(top: Path, wanted: Clamav) -> None:
    path = top / "freshclam.conf"
    path.touch(0o600)
    path.write_text(render_settings(wanted.freshclam), encoding="utf-8")
    outcome = run([FRESHCLAM, f"--config-file={path}", "--version"])
    if not outcome.ok:
        raise Refused(f"freshclam does not take the new files:\n{_plain(outcome.words, str(top))}")


def _judged_by_clamd(top: str) -> None:
    said = Path(top, "said")
    with said.open("wb") as out:
        argv = [CLAMD, f"--config-file={top}/clamd.conf"]
        process = subprocess.Popen(argv, stdout=out, stderr=out, env={**os.environ, "LC_ALL": "C"})
        try:
            answered = _answers(process, f"{top}/socket")
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    if not answered:
        words = _plain(said.read_text(encoding="utf-8", errors="replace"), top)
        raise Refused(f"clamd does not take the new files:\n{words}")


def _answers(process: subprocess.Popen[bytes], path: str) -> bool:
    end = time.monotonic() + _WAIT_SECONDS
    while process.poll() is None and time.monotonic() < end:
        if ask("PING", path) == "PONG":
            return True
        time.sleep(0.05)
    return False


def _plain(words: str, top: str) -> str:
    """Return what is worth reading, with the names that the files will have."""
    lines = (line.strip() for line in words.splitlines())
    told = [line for line in lines if line.startswith(("ERROR", "WARNING", "LibClamAV"))]
    text = "\n".join(dict.fromkeys(told)) or words.strip()
    return text.replace(f"{top}/databases/{OWN_PREFIX}", "").replace(f"{top}/", "")
