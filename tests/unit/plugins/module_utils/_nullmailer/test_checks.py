"""What can't work, or would give a password away, is told with its place before anything else."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._nullmailer.checks import check
from ansible_collections.postern.mail.tests.unit.nullmailers import SECRET, arguments, told

KEY = "smart.example.com:587"


def smarthost(**changes: Any) -> dict[str, Any]:
    """Return options with one smarthost, changed in one place."""
    return {"smarthosts": [{**arguments()["smarthosts"][0], **changes}]}


def problems(**changes: Any) -> list[str]:
    options = arguments(**changes)
    return [str(problem) for problem in check(told(**changes), options["passwords"])]


def test_a_sound_model_has_no_problems() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"smarthosts": [], "passwords": {}}, "smarthosts: names no server"),
        (smarthost(host="smart host"), 'smarthosts[0].host: "smart host" is no server'),
        (smarthost(host="192.0.2.1"), "is no name that a certificate could be verified for"),
        (smarthost(port=0), "smarthosts[0].port: 0 is not a port"),
        (smarthost(port=65536), "smarthosts[0].port: 65536 is not a port"),
        (smarthost(username=None), "smarthosts[0].username: is missing, but there is a password"),
        (smarthost(username="a\nb"), "smarthosts[0].username: has a control character"),
        (smarthost(tls="none"), "the password would cross the network in clear text"),
        ({"smarthosts": arguments()["smarthosts"] * 2}, "is the same server and port as"),
        ({"passwords": {}}, f'smarthosts[0].username: has no password in passwords["{KEY}"]'),
        ({"passwords": {KEY: "a\nb"}}, f'passwords["{KEY}"]: has a control character'),
        ({"passwords": {KEY: "a", KEY + "0": "b"}}, f'did you mean "{KEY}"?'),
        ({"hostname": "desk"}, 'hostname: "desk" is not a full name'),
        ({"hostname": "desk_.exa mple"}, "is not a domain"),
        ({"default_host": "-a.example"}, 'default_host: "-a.example" is not a domain'),
        ({"admin_addresses": ["root"]}, 'admin_addresses[0]: "root" is not an address'),
        ({"admin_addresses": ["a@b.example,c@d"]}, "is not an address"),
        ({"admin_addresses": ["root@Desk.example.org"]}, "this host, which keeps no mail"),
        ({"sender": "all@localhost"}, 'sender: "all@localhost" is not an address'),
        ({"pause_seconds": 0}, "pause_seconds: 0 is no time to wait"),
        ({"send_timeout_seconds": 0}, "send_timeout_seconds: 0 is no time to wait"),
        ({"max_pause_seconds": 59}, "max_pause_seconds: 59 is shorter than pause_seconds"),
        ({"queue_lifetime_seconds": 900}, "900 leaves no second try before mail is given up"),
        ({"queue_lifetime_seconds": 2**31}, "is more than nullmailer can count"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(changes: dict[str, Any], said: str) -> None:
    found = problems(**changes)
    assert [problem for problem in found if said in problem], found
    assert SECRET not in "\n".join(found)


def test_all_problems_are_told_together() -> None:
    assert len(problems(hostname="desk", pause_seconds=0, sender="all")) == 3
