"""Services have their usual ports unless said otherwise; passwords don't show."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._probe.model import (
    Account,
    Check,
    Mailbox,
    Result,
    Target,
    kept,
)


def test_a_service_has_its_usual_port_unless_the_target_says_otherwise() -> None:
    target = Target("mail.example.org", "192.0.2.1", ports={"imaps": 1993})
    assert (target.port("imaps"), target.port("pop3s")) == (1993, 995)


def test_a_password_does_not_show_in_a_representation() -> None:
    box = Mailbox("imaps", Target("a", "b"), Account("alice", "hunter22"))
    assert "hunter22" not in repr(box)
    assert box.words == "alice over IMAPS"


def test_a_result_is_handed_on_as_plain_data() -> None:
    check = Check("banner:smtp", "It is modest", lambda _words: kept("yes", days_left=3))
    result = Result(check.name, check.sentence, "mail", kept("yes", days_left=3), 0.12345, ("> x",))
    assert result.as_dict() == {
        "name": "banner:smtp",
        "promise": "It is modest",
        "server": "mail",
        "state": "kept",
        "ok": True,
        "detail": "yes",
        "seconds": 0.123,
        "evidence": ["> x"],
        "facts": {"days_left": 3},
        "seen_from": "",
    }
