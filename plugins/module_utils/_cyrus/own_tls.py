"""Key and certificate for what Cyrus itself serves over TLS: one file that its own user reads."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.files import read_present
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .model import TLS_FILE, Cyrus
from .wanted import Files

_USER = "cyrus"


def needs_pair(cyrus: Cyrus) -> bool:
    """Whether a service of Cyrus' own begins TLS."""
    return TLS_FILE in cyrus.settings.values()


def pair_of(key: File | None, certificate: File | None) -> File | None:
    """Return both in one file, or None when one of them is not there."""
    if key is None or certificate is None:
        return None
    content = key.content.rstrip(b"\n") + b"\n" + certificate.content
    return File(content, 0o400, _USER, "root", secret=True)


def read_file(path: str) -> File | None:
    """Return a file, whatever links lead to it, or None when it is not there."""
    real = str(Path(path).resolve())
    return read_present([real])[real]


def wanted_pair(
    cyrus: Cyrus, given: Mapping[str, str], present: Files
) -> tuple[File | None, list[Problem]]:
    """Return the file as it shall be, and what of it is missing; then what stands stays."""
    if not needs_pair(cyrus):
        return None, []
    found = {name: read_file(given.get(name) or "") for name in ("key", "certificate")}
    missing = [
        Problem(f"tls_files.{name}", f'"{given.get(name) or ""}" is not there')
        for name, file in found.items()
        if file is None
    ]
    return pair_of(found["key"], found["certificate"]) or present.get(TLS_FILE), missing
