"""Writing Sendmail's files from the model: the same bytes for the same model."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Stored

from .m4 import render_m4
from .mc import statements
from .model import Configuration, Settings, Table
from .options import LISTS, TABLES
from .units import render_units
from .wanted_mc import FOLDER, list_path

NOTICE = b"# Managed by Ansible (postern.mail.sendmail): changes made here are overwritten.\n"
READERS = "smmsp"  # the group as which ordinary people's Sendmail runs
ALIASES = "/etc/aliases"
SASL = "/etc/sasl2/Sendmail.conf"
MC = {name: (f"{FOLDER}/{name}.mc", f"{FOLDER}/{name}.cf") for name in ("sendmail", "submit")}
ALL_TABLES = (*TABLES, "authinfo")


def render(wanted: Configuration) -> dict[str, File | None]:
    """Return every file by its path, those included that shall be absent (None).

    What m4 and makemap make of them is not among them.
    """
    files: dict[str, File | None] = {
        SASL: None,
        **{source_path(name): None for name in ALL_TABLES},
        **{database_path(name): None for name in ALL_TABLES},
        **{list_path(name): None for name in LISTS},
    }
    files |= render_units(wanted.services)
    for name, mc in (("sendmail", wanted.mc), ("submit", wanted.submit)):
        files[MC[name][0]] = shared(render_m4(statements(mc)).encode())
    for table in wanted.tables:
        files[source_path(table.name)] = table_file(table, table_source(table))
        del files[database_path(table.name)]
    for one in wanted.lists:
        files[list_path(one.name)] = shared(NOTICE + _lines(one.entries))
    if wanted.aliases is not None:
        files[ALIASES] = File(aliases_source(wanted.aliases))
    if wanted.sasl:
        files[SASL] = File(sasl_source(wanted.sasl))
    return files


def source_path(name: str) -> str:
    """Return where a table's text lies."""
    return ALIASES if name == "aliases" else f"{FOLDER}/{name}"


def database_path(name: str) -> str:
    """Return where a table's database lies."""
    return f"{FOLDER}/{name}.db"


def shared(content: bytes) -> File:
    """Return a file that everybody may read."""
    return File(content, 0o644, "root", READERS)


def table_file(table: Table, content: bytes = b"", stored: Stored | None = None) -> File:
    """Return a table's text or database as a file that only its readers may open."""
    if table.secret:
        return File(content, 0o600, secret=True, stored=stored)
    return File(content, 0o640, "root", READERS, stored=stored)


def table_source(table: Table) -> bytes:
    """Return a table's text: a key, a tab and its value on each line."""
    return NOTICE + _lines(entry.replace(b" ", b"\t", 1) for entry in table.entries)


def aliases_source(table: Table) -> bytes:
    """Return the text of aliases(5)."""
    return NOTICE + _lines(entry.replace(b" ", b": ", 1) for entry in table.entries)


def sasl_source(settings: Settings) -> bytes:
    """Return a configuration file of Cyrus SASL."""
    return NOTICE + "".join(f"{name}: {value}\n" for name, value in settings).encode()


def _lines(entries: Iterable[bytes]) -> bytes:
    return b"".join(entry + b"\n" for entry in entries)
