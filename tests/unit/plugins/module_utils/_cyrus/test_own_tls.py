"""Key and certificate in one file, when a service of Cyrus' own begins TLS."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._cyrus.model import (
    TLS_FILE,
    Cyrus,
    parse_cyrus,
)
from ansible_collections.postern.mail.plugins.module_utils._cyrus.own_tls import wanted_pair
from ansible_collections.postern.mail.tests.unit.cyrus_samples import arguments

SIEVE = {"name": "sieve", "protocol": "sieve", "port": 4190, "behind_tls": False}


def cyrus(*listeners: dict[str, object]) -> Cyrus:
    return parse_cyrus(arguments(listeners=list(listeners)))[0]


def test_sieve_gets_both_by_whatever_links_lead_to_them(tmp_path: Path) -> None:
    (tmp_path / "a.key").write_text("KEY\n")
    (tmp_path / "mail.key").symlink_to("a.key")
    (tmp_path / "mail.crt").write_text("CERTIFICATE\n")
    given = {"key": str(tmp_path / "mail.key"), "certificate": str(tmp_path / "mail.crt")}
    file, missing = wanted_pair(cyrus(SIEVE), given, {})
    assert missing == []
    assert file == File(b"KEY\nCERTIFICATE\n", 0o400, "cyrus", "root", secret=True)


def test_what_is_missing_is_named_and_what_stands_stays(tmp_path: Path) -> None:
    there = {TLS_FILE: File(b"old")}
    given = {"key": str(tmp_path / "mail.key"), "certificate": str(tmp_path / "mail.crt")}
    file, missing = wanted_pair(cyrus(SIEVE), given, there)
    assert file == File(b"old")
    assert [problem.where for problem in missing] == ["tls_files.key", "tls_files.certificate"]


def test_without_such_a_service_there_is_no_file() -> None:
    assert wanted_pair(cyrus(), {}, {TLS_FILE: File(b"old")}) == (None, [])
