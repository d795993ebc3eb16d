"""A module's options become one configuration."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._postfix.model import (
    Configuration,
    Service,
    configuration,
    keeping,
    without_defaults,
)


def service(found: Configuration, kind: str, name: str) -> Service | None:
    return next((one for one in found.services if one.key == (kind, name)), None)


def test_values_are_written_as_postfix_writes_them() -> None:
    given: dict[str, Any] = {
        "a": True,
        "b": False,
        "c": ["x", "y"],
        "d": 5,
        "e": None,
        "f": "p\n  q",
    }
    assert dict(configuration({"parameters": given}).parameters) == {
        "a": "yes",
        "b": "no",
        "c": "x, y",
        "d": "5",
        "f": "p   q",
    }


def test_a_change_leaves_the_other_columns_of_debians_service() -> None:
    found = configuration({"services": [{"name": "lmtp", "type": "unix", "chroot": "False"}]})
    lmtp = service(found, "unix", "lmtp")
    assert lmtp == Service("lmtp", "unix", "lmtp", chroot="n")
    assert len(found.services) == 25


def test_a_service_can_be_added_and_removed() -> None:
    changes = [
        {"name": "smtp", "type": "inet", "enabled": False},
        {"name": "127.0.0.1:smtp", "type": "inet", "command": "smtpd", "options": {"a": True}},
    ]
    found = configuration({"services": changes})
    assert service(found, "inet", "smtp") is None
    added = service(found, "inet", "127.0.0.1:smtp")
    assert added == Service("127.0.0.1:smtp", "inet", "smtpd", private="n", options=(("a", "yes"),))


def test_later_changes_win() -> None:
    changes = [{"name": "smtp", "type": "unix", "maxproc": number} for number in ("5", "9")]
    found = service(configuration({"services": changes}), "unix", "smtp")
    assert found is not None
    assert found.maxproc == "9"


def test_tables_with_secrets_are_marked_and_shown_nowhere() -> None:
    spec = {
        "maps": [{"name": "b", "entries": {"k": ["x", "y"]}}],
        "secret_maps": {"a": {"k": "v5"}},
    }
    tables = configuration(spec).tables
    assert [(table.name, table.secret) for table in tables] == [("b", False), ("a", True)]
    assert tables[0].entries == (("k", "x, y"),)
    assert "v5" not in repr(tables[1])


def test_what_repeats_a_default_is_left_out_but_for_what_depends_on_the_host() -> None:
    wanted = Configuration((("biff", "yes"), ("myhostname", "a"), ("relayhost", "")))
    defaults = {"biff": "yes", "myhostname": "a", "relayhost": "b"}
    kept = without_defaults(wanted, defaults)
    assert dict(kept.parameters) == {"myhostname": "a", "relayhost": ""}


def test_without_purge_what_is_not_named_stays() -> None:
    mine = Service("x", "unix", "pipe")
    wanted = configuration({"parameters": {"a": "new"}})
    found = keeping(wanted, (("a", "old"), ("b", "kept")), (mine,))
    assert dict(found.parameters) == {"a": "new", "b": "kept"}
    assert mine in found.services
