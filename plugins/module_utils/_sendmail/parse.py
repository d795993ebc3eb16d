"""Reading what was rendered: tables, aliases, lists and SASL; comments are left out."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

from .model import Settings


def parse_table(text: bytes) -> tuple[bytes, ...]:
    """Return a table's entries as `key value`."""
    return tuple(line.replace(b"\t", b" ", 1) for line in _lines(text))


def parse_aliases(text: bytes) -> tuple[bytes, ...]:
    """Return the aliases as `name targets`."""
    return tuple(line.replace(b": ", b" ", 1) for line in _lines(text))


def parse_list(text: bytes) -> tuple[bytes, ...]:
    """Return a list's names."""
    return tuple(_lines(text))


def parse_sasl(text: bytes) -> Settings:
    """Return the settings of a configuration file of Cyrus SASL."""
    pairs = (line.decode().partition(":") for line in _lines(text))
    return tuple((name, value.strip()) for name, _colon, value in pairs)


def _lines(text: bytes) -> Iterator[bytes]:
    return (line for line in text.split(b"\n") if line and not line.startswith(b"#"))
