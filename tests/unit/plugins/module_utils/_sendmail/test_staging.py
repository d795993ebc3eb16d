"""The staged copy: its own files, led to by its own cf, the host's own otherwise."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail import staging
from ansible_collections.postern.mail.plugins.module_utils._sendmail.model import (
    Configuration,
    Mc,
    NameList,
    Table,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.units import Services
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._sendmail.fake import (
    FakeSendmail,
)

ALIASES = Table("aliases", (b"postmaster root",))
ACCESS = Table("access", (b"From:x.example OK",))
WANTED = Configuration(
    Services(),
    Mc("debian-mta"),
    Mc("debian-msp"),
    tables=(ACCESS,),
    aliases=ALIASES,
    lists=(NameList("local_host_names", (b"example.org",)),),
)
CF = """Fw-o /etc/mail/local-host-names %[^\\#]
O AliasFile=/etc/mail/aliases
O QueueDirectory=/var/spool/mqueue
Kaccess hash -T<TMPF> /etc/mail/access
Kother hash /etc/mail/access-of-others
O HelpFile=/etc/mail/helpfile
"""
TEXTS = {"/etc/mail/sendmail.cf": CF, "/etc/mail/submit.cf": "MSP"}


def test_the_copy_reads_what_is_staged_and_the_hosts_own_otherwise(tmp_path: Path) -> None:
    made = staging.stage(WANTED, TEXTS, [ACCESS, ALIASES], str(tmp_path))
    text = Path(made.cf("sendmail")).read_text(encoding="utf-8")
    assert f"Fw-o {tmp_path}/local-host-names %" in text
    assert f"O AliasFile={tmp_path}/aliases\n" in text
    assert f"O QueueDirectory={tmp_path}/queue\n" in text
    assert f"Kaccess hash -T<TMPF> {tmp_path}/access\n" in text
    assert "/etc/mail/access-of-others" in text
    assert "/etc/mail/helpfile" in text
    assert (tmp_path / "access").read_text(encoding="utf-8").endswith("From:x.example\tOK\n")
    assert (tmp_path / "access").stat().st_mode & 0o077 == 0


def test_a_table_that_is_as_it_was_is_read_where_it_is(tmp_path: Path) -> None:
    made = staging.stage(WANTED, TEXTS, [], str(tmp_path))
    assert "Kaccess hash -T<TMPF> /etc/mail/access\n" in Path(made.cf("sendmail")).read_text()
    assert not (tmp_path / "access").exists()


def test_words_name_the_hosts_own_files(tmp_path: Path) -> None:
    made = staging.stage(WANTED, TEXTS, [ACCESS], str(tmp_path))
    said = f"cannot open {tmp_path}/access: x, {tmp_path}/sendmail.cf: line 5"
    assert made.told(said) == "cannot open /etc/mail/access: x, /etc/mail/sendmail.cf: line 5"


def test_compiled_tables_stay_in_the_stage_until_they_are_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "run", FakeSendmail().run)
    made = staging.stage(WANTED, TEXTS, [ACCESS, ALIASES], str(tmp_path))
    compiled, problems = staging.compile_tables(made, [ACCESS, ALIASES])
    assert problems == []
    assert {*compiled} == {"/etc/mail/access.db", "/etc/mail/aliases.db"}
    file = compiled["/etc/mail/access.db"]
    assert file.stored is not None
    assert (file.stored.path, file.mode, file.group) == (f"{tmp_path}/access.db", 0o640, "smmsp")


def test_what_makemap_says_is_told_at_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeSendmail()
    fake.says[staging.MAKEMAP] = "makemap: access: line 2: no RHS for LHS x"
    fake.says["-bi"] = "/etc/mail/aliases: line 1: x... Unbalanced '\"'"
    monkeypatch.setattr(staging, "run", fake.run)
    made = staging.stage(WANTED, TEXTS, [ACCESS, ALIASES], str(tmp_path))
    compiled, problems = staging.compile_tables(made, [ACCESS, ALIASES])
    assert compiled == {}
    assert [problem.where for problem in problems] == ["tables.access", "aliases"]
    assert "no RHS for LHS" in str(problems[0])
