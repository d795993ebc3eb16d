"""Writing Postfix's files from the model: sorted, the same bytes for the same model."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File, Stored

from .model import COLUMNS, LIST, ORDERED, Configuration, Service, Table

NOTICE = "# Managed by Ansible (postern.mail.postfix): changes made here are overwritten.\n"
TABLES = "maps"
MARK = f"{TABLES}/README"
MARK_TEXT = (
    "Lookup tables of Postfix, managed by Ansible (postern.mail.postfix).\n"
    "Whatever in this folder is not in the inventory is removed.\n"
)
WIDTH = 78
READERS = "postfix"  # the group as which proxymap opens tables


def render(
    wanted: Configuration, folder: str, long: Mapping[str, Stored] | None = None
) -> dict[str, File]:
    """Return every file of the configuration by its path, compiled tables excepted.

    long: the bytes of tables that have sources of their own, by the tables' names.
    """
    files = {
        f"{folder}/main.cf": File(main_cf(wanted.parameters).encode()),
        f"{folder}/master.cf": File(master_cf(wanted.services).encode()),
    }
    for name, settings in wanted.sasl:
        files[f"{folder}/sasl/{name}.conf"] = File(sasl_conf(settings).encode())
    if wanted.tables:
        files[f"{folder}/{MARK}"] = File(MARK_TEXT.encode())
    for table in wanted.tables:
        kept = (long or {}).get(table.name)
        content = table_source(table).encode() if kept is None else b""
        files[f"{folder}/{TABLES}/{table.name}"] = table_file(table, content, kept)
    return files


def table_file(table: Table, content: bytes = b"", stored: Stored | None = None) -> File:
    """Return a table's source or database as a file that only its readers may open."""
    if table.secret:
        return File(content, 0o600, secret=True, stored=stored)
    return File(content, 0o640, "root", READERS, stored=stored)


def main_cf(parameters: tuple[tuple[str, str], ...]) -> str:
    """Return main.cf: one parameter after the other, long lists with an item a line."""
    return NOTICE + "".join(_setting(name, value) for name, value in parameters)


def master_cf(services: tuple[Service, ...]) -> str:
    """Return master.cf: a line for each service, its options below it."""
    head = ("# service", "type", *COLUMNS, "command")
    rows = [
        (service.name, service.type, *(getattr(service, column) for column in COLUMNS), "")
        for service in services
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [NOTICE, _row(head, widths)]
    for service, row in zip(services, rows, strict=True):
        lines.append(_row((*row[:-1], service.command), widths))
        lines += [f"  -o {_option(name, value)}\n" for name, value in service.options]
        if service.arguments:
            lines.append(f"  {' '.join(_word(word) for word in service.arguments)}\n")
    return "".join(lines)


def table_source(table: Table) -> str:
    """Return the source of a lookup table as postmap and Postfix read it."""
    entries = table.entries if table.type in ORDERED else sorted(table.entries)
    if table.type == LIST:
        return NOTICE + "".join(f"{key}\n" for key, _value in entries)
    return NOTICE + "".join(f"{key} {value}\n" for key, value in entries)


def sasl_conf(settings: tuple[tuple[str, str], ...]) -> str:
    """Return a configuration file of Cyrus SASL."""
    return NOTICE + "".join(f"{name}: {value}\n" for name, value in settings)


def _setting(name: str, value: str) -> str:
    line = f"{name} = {value}".rstrip() + "\n"
    items = value.split(", ")
    plain = all(item and item == item.strip() and not item.startswith("#") for item in items)
    if len(line) <= WIDTH or len(items) == 1 or not plain:
        return line
    return f"{name} =\n    " + ",\n    ".join(items) + "\n"


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return " ".join(padded).rstrip() + "\n"


def _option(name: str, value: str) -> str:
    plain = not set(value) & set(" \t{}")
    return f"{name}={value}" if plain else f"{{ {name} = {value} }}"


def _word(word: str) -> str:
    return f"{{ {word} }}" if set(word) & set(" \t") else word
