"""Try rules of procmail or maildrop out before they go live: nobody gets a probe by them.

There is no checker of either program's rules. So a probe is delivered as the user `nobody`, in a
folder that goes afterwards. The rules are refused when the program says anything, or when the
probe is not in the one mailbox.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

USER = "nobody"
SECONDS = 60
PLACES = re.compile(r"/var/mail/\$LOGNAME|\$HOME\b|\$\{HOME\}")
PROBE = b"From: probe@localhost\nTo: nobody@localhost\nSubject: postern-probe\n\npostern-probe\n"


def main() -> int:
    """Deliver a probe; say what is wrong."""
    program, rules = sys.argv[1:]
    user = pwd.getpwnam(USER)
    with tempfile.TemporaryDirectory(prefix="postern-probe-") as top:
        folder = Path(top)
        staged = folder / "rc"
        text = Path(rules).read_text(encoding="utf-8", errors="surrogateescape")
        # `nobody` has neither a mailbox nor a home: the folder stands for both.
        text = PLACES.sub(lambda one: f"{top}/box" if one[0][0] == "/" else top, text)
        staged.write_text(text, encoding="utf-8", errors="surrogateescape")
        staged.chmod(0o600)
        for path in (folder, staged):
            shutil.chown(path, user.pw_uid, user.pw_gid)
        wrong = _deliver(program, folder, user.pw_uid, user.pw_gid)
    if wrong:
        print(f"{program} does not deliver by these rules:\n{wrong}", file=sys.stderr)
    return 1 if wrong else 0


def _deliver(program: str, folder: Path, uid: int, gid: int) -> str:
    """Run the program; return what is wrong, or an empty text."""
    argv = ["/usr/bin/maildrop", "rc"]
    if program == "procmail":
        box = folder / "box"
        said = [f"HOME={folder}", f"ORGMAIL={box}", f"DEFAULT={box}", f"LOGFILE={folder}/log"]
        argv = [
            "/usr/bin/procmail",
            "-t",
            *said,
            "LOGABSTRACT=no",
            "VERBOSE=no",
            str(folder / "rc"),
        ]
    done = subprocess.run(
        argv,
        input=PROBE,
        capture_output=True,
        check=False,
        timeout=SECONDS,
        cwd=folder,
        user=uid,
        group=gid,
        extra_groups=[],
        env={"PATH": os.defpath, "HOME": str(folder), "LOGNAME": USER, "LC_ALL": "C"},
    )
    log = folder / "log"
    words = done.stdout + done.stderr + (log.read_bytes() if log.exists() else b"")
    if done.returncode or words.strip():
        return f"(return code {done.returncode}) {words.decode('utf-8', 'replace').strip()}"
    boxes = [
        path for path in folder.rglob("*") if path.is_file() and path.name not in ("rc", "log")
    ]
    found = [path for path in boxes if b"postern-probe\n" in path.read_bytes()]
    return "" if len(found) == 1 else f"the probe is in {len(found)} mailboxes"


if __name__ == "__main__":
    sys.exit(main())
