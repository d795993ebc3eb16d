"""Which parts of a message are banned: by their names, and by what they really are."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterator

from .model import Attachments
from .perl import Pattern

# What file(1) says of a message's own text, and of files, by amavis' short names.
TEXTS = ("asc", "empty", "html", "txt")
_OLD_OFFICE = ("cdf-ms", "doc")
_NEW_OFFICE = ("asc", "dat", "doc", "zip")
_PLAIN = ("asc", "txt")
KINDS = {
    "asc": ("asc", "pgp", "pgp.asc", "txt"),
    "bmp": ("bmp", "image"),
    "doc": _OLD_OFFICE,
    "docx": _NEW_OFFICE,
    "gif": ("gif", "image"),
    "htm": ("asc", "html", "txt"),
    "html": ("asc", "html", "txt"),
    "jpeg": ("image", "jpg"),
    "jpg": ("image", "jpg"),
    "mp3": ("audio", "mp3", "mpa"),
    "odp": _NEW_OFFICE,
    "ods": _NEW_OFFICE,
    "odt": _NEW_OFFICE,
    "p7s": ("asc", "dat"),
    "png": ("image", "png"),
    "ppt": _OLD_OFFICE,
    "pptx": _NEW_OFFICE,
    "svg": ("image", "svg"),
    "tgz": ("gz", "tar"),
    "tif": ("image", "tif"),
    "tiff": ("image", "tif"),
    "wav": ("audio", "wav"),
    "xls": _OLD_OFFICE,
    "xlsx": _NEW_OFFICE,
    "xml": ("asc", "txt", "xml"),
    **dict.fromkeys(("csv", "ics", "log", "md", "txt", "vcf"), _PLAIN),
}
# Kinds of files that no list can mean: they run.
_PROGRAMS = ("exe", "exe-ms", "exe-unix", "exe-vms", "dll", "lnk")
# Debian has no free program that opens them.
_CLOSED = ("ace", "rar", "zoo")
_LOCKABLE = ("7z", "ace", "arj", "rar", "zip")
_END = r"(?:\t|$)"


def banned(attachments: Attachments) -> tuple[Pattern, ...]:
    """Return what is banned, as patterns on the whole path of a part, archive in archive.

    A line for each level, with tabs between P= number, L= place, M= declared type, T= what it is
    really, N= its names, and A=U where it can't be opened. Several T= and N= are possible.
    """
    return tuple(_patterns(attachments))


def kinds_of(ending: str) -> tuple[str, ...]:
    """Return what a file with this ending may really be; most endings name it."""
    return KINDS.get(ending, (ending,))


def _patterns(attachments: Attachments) -> Iterator[Pattern]:
    if attachments.policy == "allow_only":
        yield Pattern(_unlike_its_name(attachments.endings), "im")
        yield Pattern(_nameless(attachments.endings), "im")
    if attachments.policy == "block":
        endings = "|".join(map(re.escape, sorted(attachments.endings)))
        # Windows leaves out dots and blanks at the end.
        yield Pattern(rf"\tN=[^\t\n]*\.(?:{endings})[. ]*{_END}", "im")
        yield Pattern(rf"\tT=(?:{_any(_PROGRAMS)}){_END}", "im")
    if attachments.locked_archives == "stop":
        yield Pattern(rf"\tT=(?:{_any(_LOCKABLE)})\t(?:[^\n]*\t)?A=U", "im")
        yield Pattern(rf"\tT=(?:{_any(_CLOSED)}){_END}", "im")


def _unlike_its_name(endings: tuple[str, ...]) -> str:
    """Match a line with names unless all of them have one ending, and it is what that says."""
    pairs = "|".join(
        rf"(?:T=(?:{_any(kinds_of(ending))}){_END})*(?:N=[^\t\n]*\.{re.escape(ending)}{_END})+"
        for ending in sorted(endings)
    )
    before, behind = rf"(?:[PLM]=[^\t\n]*{_END})*", rf"(?:A=[^\t\n]*{_END})*$"
    return rf"^(?=[^\n]*\tN=)(?!{before}(?:{pairs}){behind})"


def _nameless(endings: tuple[str, ...]) -> str:
    """Match a line without a name whose content is neither text nor of a kind that may pass."""
    kinds = {kind for ending in endings for kind in kinds_of(ending)} - {"dat"}
    return rf"^(?![^\n]*\tN=)[^\n]*\tT=(?!(?:{_any({*kinds, *TEXTS})}){_END})"


def _any(words: tuple[str, ...] | set[str]) -> str:
    return "|".join(map(re.escape, sorted(words)))
