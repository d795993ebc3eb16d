"""Writing nullmailer's control files: equal models give equal files."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from .model import WRAPPED_PORT, Nullmailer, Smarthost

# Debian's package reads this file when it is upgraded and takes colons and brackets for marks.
HEADER = "# Written by postern.mail, which mends what is changed here by hand."
AUTHORITIES = "/etc/nullmailer/postern-authorities.pem"

_PLAIN = re.compile(r"[A-Za-z0-9_.,@%+=/:-]+\Z")


def render(wanted: Nullmailer) -> dict[str, str]:
    """Return the control files by their names; hostname is Debian's /etc/mailname."""
    files = {
        "mailname": wanted.hostname,
        "helohost": wanted.hostname,
        "idhost": wanted.hostname,
        "defaulthost": wanted.default_host,
        "defaultdomain": wanted.default_domain,
        "adminaddr": ",".join(wanted.admin_addresses),
        "allmailfrom": wanted.sender,
        "pausetime": str(wanted.pause_seconds),
        "maxpause": str(wanted.max_pause_seconds),
        "sendtimeout": str(wanted.send_timeout_seconds),
        "queuelifetime": str(wanted.queue_lifetime_seconds),
    }
    lines = [HEADER, *(remote(smarthost) for smarthost in wanted.smarthosts)]
    texts = {name: f"{text}\n" if text else "" for name, text in files.items()}
    return {**texts, "remotes": "\n".join([*lines, ""])}


def remote(smarthost: Smarthost) -> str:
    """Return a smarthost as a line of remotes."""
    words = [smarthost.host, "smtp", f"--port={smarthost.port}"]
    if smarthost.tls != "none":
        words.append("--tls" if smarthost.port == WRAPPED_PORT else "--starttls")
        # Without a name of a file, and none at the usual place, nullmailer verifies nothing.
        words.append(f"--x509cafile={AUTHORITIES}")
    if smarthost.tls == "require":
        words.append("--insecure")
    if smarthost.username:
        words += [f"--user={quoted(smarthost.username)}", f"--pass={quoted(smarthost.password)}"]
    return " ".join(words)


def quoted(text: str) -> str:
    """Return a text as nullmailer reads it back.

    A backslash makes nullmailer overlook the character after the next one, so there is none:
    single quotes around everything but the single quotes, and double quotes around those.
    """
    if _PLAIN.match(text):
        return text
    parts = re.split(r"('+)", text)
    marks = ("'", '"')
    return "".join(f"{marks[n % 2]}{part}{marks[n % 2]}" for n, part in enumerate(parts) if part)
