"""What is written is read back the same, and the same model gives the same bytes."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.plan import make_plan
from ansible_collections.postern.mail.plugins.module_utils._postfix import parse, render
from ansible_collections.postern.mail.plugins.module_utils._postfix.model import (
    STOCK,
    Configuration,
    Service,
    Settings,
    Table,
)
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._postfix import strategies
from hypothesis import given


@given(strategies.PARAMETERS)
def test_main_cf_is_read_back_as_it_was_written(parameters: Settings) -> None:
    assert parse.parse_main(render.main_cf(parameters)) == (parameters, [])


@given(strategies.SERVICES)
def test_master_cf_is_read_back_as_it_was_written(services: tuple[Service, ...]) -> None:
    assert parse.parse_master(render.master_cf(services)) == (services, [])


@given(strategies.TABLES)
def test_a_table_is_read_back_as_it_was_written(table: Table) -> None:
    assert parse.parse_table(render.table_source(table), table.type) == (table.entries, [])


@given(strategies.OPTIONS)
def test_a_sasl_file_is_read_back_as_it_was_written(settings: Settings) -> None:
    assert parse.parse_sasl(render.sasl_conf(settings)) == settings


@given(strategies.PARAMETERS, strategies.SERVICES, strategies.TABLES)
def test_a_second_run_finds_nothing_to_do(
    parameters: Settings, services: tuple[Service, ...], table: Table
) -> None:
    wanted = Configuration(parameters, services, (table,))
    files = render.render(wanted, "/etc/postfix")
    again = render.render(Configuration(parameters, services, (table,)), "/etc/postfix")
    assert not make_plan(files, again).changed


def test_debians_services_are_written_and_read() -> None:
    found, problems = parse.parse_master(render.master_cf(STOCK))
    assert not problems
    assert sorted(found, key=lambda s: s.key) == sorted(STOCK, key=lambda s: s.key)


def test_a_long_list_has_an_item_a_line_unless_an_item_looks_like_a_comment() -> None:
    words = ["reject_non_fqdn_recipient", "check_recipient_access lmdb:$config_directory/maps/x"]
    assert render.main_cf((("smtpd_recipient_restrictions", ", ".join(words)),)).splitlines()[
        1:
    ] == [
        "smtpd_recipient_restrictions =",
        f"    {words[0]},",
        f"    {words[1]}",
    ]
    odd = ", ".join(["#one", "t" * 80])
    assert render.main_cf((("x", odd),)).splitlines()[1:] == [f"x = {odd}"]


def test_a_table_with_secrets_is_for_root_alone() -> None:
    file = render.table_file(Table("a", secret=True), b"")
    assert (file.mode, file.owner, file.group, file.secret) == (0o600, "root", "root", True)
    assert render.table_file(Table("a"), b"").mode == 0o640


def test_entries_of_ordered_tables_keep_their_order() -> None:
    table = Table("c", "cidr", (("10.0.0.0/8", "OK"), ("0.0.0.0/0", "REJECT"), ("1.1.1.1", "OK")))
    assert render.table_source(table).splitlines()[1:] == [
        "10.0.0.0/8 OK",
        "0.0.0.0/0 REJECT",
        "1.1.1.1 OK",
    ]
