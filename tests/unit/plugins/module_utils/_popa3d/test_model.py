"""What is said about people, places and limits is judged with its place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._popa3d.model import (
    Person,
    endpoints,
    limits,
    parse_people,
)


def one(login: str, user: str) -> dict[str, str]:
    return {"login": login, "user": user}


def test_people_are_read_in_their_order() -> None:
    people, problems = parse_people(
        [one("b@example.org", "b"), {**one("a@x.org", "a"), "locked": 1}]
    )
    assert people == (Person("b@example.org", "b"), Person("a@x.org", "a", locked=True))
    assert not problems


def test_who_can_not_be_served_is_refused_with_the_place() -> None:
    bad = [
        one("alice", "alice"),
        one("x@example.org", "Alice"),
        one("y@example.org", "../etc"),
        one("z:q@example.org", "z"),
        one("z@example.org", "a%n"),
        one("w@example.org", "alice"),
        one("w@example.org", "w"),
        one("v@example.org", "a" * 33),
    ]
    name = "is no name of a UNIX user"
    tail = f"{name}; a small letter, then small letters, digits, dots, - and _, at most 32"
    assert [str(problem) for problem in parse_people(bad)[1]] == [
        'people[0].login: "alice" is no login; write it like alice@example.org',
        f'people[1].user: "Alice" {tail}',
        f'people[2].user: "../etc" {tail}',
        'people[3].login: "z:q@example.org" is no login; write it like alice@example.org',
        f'people[4].user: "a%n" {tail}',
        'people[5].user: "alice" has its mailbox opened by people[0] already;'
        " each mailbox has one login",
        'people[6].login: "w@example.org" stands at people[5] already',
        f'people[7].user: "{"a" * 33}" {tail}',
    ]


def test_what_is_behind_tls_listens_at_one_address_alone() -> None:
    listeners = [{"port": 910, "behind_tls": True}, {"port": 110, "behind_tls": False}]
    assert endpoints(listeners, "192.0.2.1") == (("192.0.2.1:910", "110"), [])
    assert endpoints(listeners, "2001:db8::1")[0][0] == "[2001:db8::1]:910"


def test_places_that_can_not_be_are_refused() -> None:
    _listen, problems = endpoints([{"port": 70000, "behind_tls": True}], "")
    assert [str(problem) for problem in problems] == [
        "listeners[0].port: 70000 is not a port; from 1 to 65535",
        "backend_address: is empty; name the address of this host that the wrapper connects to",
    ]


def test_limits_that_serve_nobody_are_refused() -> None:
    assert list(limits(40, 10)) == []
    assert [str(problem) for problem in limits(0, -1)] == [
        "max_connections: 0 serves nobody; 1 or more",
        "max_connections_per_source: -1 serves nobody; 1 or more",
    ]
    assert [problem.where for problem in limits(5, 6)] == ["max_connections_per_source"]
