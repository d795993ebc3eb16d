"""What ClamAV is told: two files of settings, own signatures, and who may talk to the daemon."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SOCKET = "/run/clamav/clamd.ctl"
DATABASES = "/var/lib/clamav"
USER = GROUP = "clamav"
FRESHCLAM, NONE = "freshclam", "none"

Settings = tuple[tuple[str, str], ...]


@dataclass(frozen=True, order=True)
class Signature:
    """A file of signatures; the ending of its name says of which kind they are."""

    name: str
    content: str = field(repr=False)


@dataclass(frozen=True)
class Clamav:
    """All of it. `source` is where ClamAV's own signatures come from."""

    clamd: Settings
    freshclam: Settings
    source: str = FRESHCLAM
    signatures: tuple[Signature, ...] = ()
    client_users: tuple[str, ...] = ()
    file_groups: tuple[str, ...] = ()


def clamav(options: Mapping[str, Any]) -> Clamav:
    """Return the model of a module's options."""
    signatures = (Signature(one["name"], one["content"]) for one in options["local_signatures"])
    return Clamav(
        clamd_settings(options),
        freshclam_settings(options),
        options["signatures_source"],
        tuple(sorted(signatures)),
        tuple(sorted(options["client_users"])),
        tuple(sorted(options["file_groups"])),
    )


def clamd_settings(options: Mapping[str, Any]) -> Settings:
    """Return the daemon's settings; what is not among them is as its makers chose."""
    return (
        ("LocalSocket", SOCKET),
        ("LocalSocketGroup", GROUP),
        ("LocalSocketMode", "660"),
        ("FixStaleSocket", "yes"),
        ("User", USER),
        ("DatabaseDirectory", DATABASES),
        ("LogFile", "/var/log/clamav/clamav.log"),
        ("LogFileMaxSize", "0"),  # logrotate has it
        ("LogTime", "yes"),
        ("MaxThreads", str(options["threads"])),
        ("ConcurrentDatabaseReload", _word(options["concurrent_reload"])),
        ("StreamMaxLength", f"{options['stream_max_mib']}M"),
        ("MaxScanSize", f"{options['scan_max_mib']}M"),
        ("MaxFileSize", f"{options['file_max_mib']}M"),
        ("MaxRecursion", str(options["recursion_max"])),
        ("MaxFiles", str(options["files_max"])),
        ("MaxScanTime", str(1000 * options["scan_max_seconds"])),
        ("AlertExceedsMax", "yes"),  # what was not scanned whole is not called clean
        ("AlertEncrypted", _word(options["detect_encrypted"])),
        ("AlertOLE2Macros", _word(options["alert_macros"])),
        ("DetectPUA", _word(options["detect_pua"])),
        *sorted(options["settings"].items()),
    )


def freshclam_settings(options: Mapping[str, Any]) -> Settings:
    """Return the settings of what fetches signatures."""
    proxy = options["proxy"] or {}
    named = (
        ("HTTPProxyServer", proxy.get("host")),
        ("HTTPProxyPort", proxy.get("port")),
        ("HTTPProxyUsername", proxy.get("username")),
        ("HTTPProxyPassword", options["proxy_password"]),
    )
    return (
        ("DatabaseDirectory", DATABASES),
        ("DatabaseOwner", USER),
        ("UpdateLogFile", "/var/log/clamav/freshclam.log"),
        ("LogFileMaxSize", "0"),
        ("LogTime", "yes"),
        ("TestDatabases", "yes"),
        ("NotifyClamd", "/etc/clamav/clamd.conf"),
        ("Checks", str(options["checks_per_day"])),
        *(("DatabaseMirror", mirror) for mirror in options["mirrors"]),
        *((name, str(value)) for name, value in named if value),
        *sorted(options["freshclam_settings"].items()),
    )


def replaced(settings: Settings, **values: str) -> Settings:
    """Return settings with other values for some of them, or with those besides."""
    kept = ((name, value) for name, value in settings if name not in values)
    return (*kept, *values.items())


def names(settings: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the names that settings have values for."""
    return frozenset(name for name, _value in settings)


def _word(value: object) -> str:
    return "yes" if value else "no"
