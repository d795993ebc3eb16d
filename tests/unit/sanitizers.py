"""The program that sanitizes mail, as Python finds it on a host: in a folder of its own."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "roles" / "procmail" / "files" / "sanitize"
sys.path.insert(0, str(FOLDER))
page: Any = importlib.import_module("sanitize_page")
body: Any = importlib.import_module("sanitize_body")
names: Any = importlib.import_module("sanitize_names")
message: Any = importlib.import_module("sanitize_message")
sys.path.remove(str(FOLDER))

RULES = message.Rules(frozenset(("exe", "com", "scr", "vbs", "js", "lnk")))


def sanitized(content: bytes, rules: Any = RULES) -> bytes:
    """Return what becomes of a message."""
    return b"".join(message.sanitized(io.BytesIO(content), rules))


def started(content: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program as procmail does."""
    argv = [sys.executable, "-I", str(FOLDER), *options]
    return subprocess.run(argv, input=content, capture_output=True, check=False, timeout=60)
