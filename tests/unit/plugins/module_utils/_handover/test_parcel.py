"""A parcel survives its file, and each agent is given the message as it was."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.postern.mail.plugins.module_utils._handover.parcel import (
    Parcel,
    injection,
    parse,
    quoted,
    render,
)
from hypothesis import given
from hypothesis import strategies as st

ADDRESSES = st.lists(st.text(st.characters(exclude_characters="\0"), min_size=1), max_size=3)


@given(st.text(), ADDRESSES, st.binary(), st.sampled_from(["waiting", "held", "failed"]))
def test_a_parcel_survives_its_file(
    sender: str, recipients: list[str], content: bytes, state: str
) -> None:
    parcel = Parcel("postfix", "1A", sender, tuple(recipients), content, state)
    assert parse(render(parcel)) == parcel


def test_bytes_that_are_no_text_survive() -> None:
    parcel = Parcel("nullmailer", "1", "\udce9@x", ("\udcff@y",), b"\xff\x00\n")
    assert parse(render(parcel)) == parcel


def test_an_id_that_is_used_again_is_another_name() -> None:
    one = Parcel("postfix", "1A", "a@b", ("c@d",), b"one")
    two = Parcel("postfix", "1A", "a@b", ("c@d",), b"two")
    assert one.key == two.key
    assert one.name != two.name


def test_a_file_of_an_older_kind_is_read() -> None:
    parcel = Parcel("postfix", "1A", "a@b", ("c@d",), b"x")
    line, _end, content = render(parcel).partition(b"\n")
    old = {name: value for name, value in json.loads(line).items() if name[0] not in "q"}
    del old["settled"]
    assert parse(json.dumps(old).encode() + b"\n" + content) == parcel


MIXED = Parcel(
    "postfix", "1", "a@b", ("c@d", "e@f", "g@h"), b"x", settled=("c@d", "g@h"), quiet=("g@h",)
)


def test_a_message_is_given_in_parts_and_each_recipient_is_in_one() -> None:
    parts = MIXED.parts()
    assert [(one.recipients, one.settled, one.quiet) for one in parts] == [
        (("c@d",), ("c@d",), ()),
        (("e@f",), (), ()),
        (("g@h",), ("g@h",), ("g@h",)),
    ]
    left = MIXED.without(("c@d",))
    assert (left.recipients, left.settled) == (("e@f", "g@h"), ("g@h",))
    assert MIXED.without(MIXED.recipients).parts() == []
    assert parse(render(MIXED)) == MIXED


def test_what_is_settled_goes_into_sendmails_queue_and_nobody_hears_of_copies() -> None:
    plain, asked, copy = (injection("sendmail", "sendmail", one)[0] for one in MIXED.parts())
    assert "-Am" in plain
    assert "-Nnever" not in plain
    assert "-Am" not in asked
    assert {"-Am", "-Nnever"} < set(copy)
    asked_for_nothing = Parcel("postfix", "1", "a@b", ("c@d",), b"x", quiet=("c@d",))
    new = injection("sendmail", "sendmail", asked_for_nothing)[0]
    assert "-Nnever" in new
    assert "-Am" not in new
    assert "-Nnever" in injection("postfix", "sendmail", MIXED.parts()[2])[0]
    assert "-Nnever" not in injection("nullmailer", "sendmail", MIXED.parts()[2])[0]


@pytest.mark.parametrize(("agent", "first"), [("postfix", []), ("sendmail", ["-odq"])])
def test_envelope_is_given_as_options_and_addresses_can_not_be_options(
    agent: str, first: list[str]
) -> None:
    parcel = Parcel("nullmailer", "1", "a@b", ("-oQ/tmp@c", "d@e"), b"Subject: x\n\n.\n")
    argv, given = injection(agent, "/usr/sbin/sendmail", parcel)
    assert argv == ["/usr/sbin/sendmail", *first, "-i", "-bm", "-fa@b", "--", "-oQ/tmp@c", "d@e"]
    assert given == parcel.content


def test_the_null_sender_stays_null() -> None:
    parcel = Parcel("nullmailer", "1", "", ("c@d",), b"x")
    assert "-f<>" in injection("postfix", "/usr/sbin/sendmail", parcel)[0]
    assert injection("nullmailer", "/usr/sbin/sendmail", parcel)[1] == b"\nc@d\n\nx"


def test_nullmailer_takes_the_message_at_its_queue_so_headers_stay() -> None:
    parcel = Parcel("postfix", "1", "a@b.c", ("d@e.f", "g@h.i"), b"Bcc: x\n\nbody")
    argv, given = injection("nullmailer", "/usr/sbin/sendmail", parcel)
    assert argv == ["/usr/sbin/nullmailer-queue"]
    assert given == b"a@b.c\nd@e.f\ng@h.i\n\nBcc: x\n\nbody"


def test_nullmailer_completes_an_address_without_a_domain_itself() -> None:
    parcel = Parcel("sendmail", "1", "a@b.c", ("root",), b"x")
    assert injection("nullmailer", "/usr/sbin/sendmail", parcel)[0][0] == "/usr/sbin/sendmail"


def test_eight_bits_are_announced() -> None:
    parcel = Parcel("nullmailer", "1", "a@b", ("c@d",), "ä".encode())
    assert "-B8BITMIME" in injection("postfix", "s", parcel)[0]


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("a.b+c@d.e", "a.b+c@d.e"),
        ("spa ce@d.e", '"spa ce"@d.e'),
        ('q"u\\o@d.e', '"q\\"u\\\\o"@d.e'),
        ("..@d.e", '".."@d.e'),
        ("a,b@d.e", '"a,b"@d.e'),
        ("root", "root"),
        ("jörg@d.e", "jörg@d.e"),
        ("a@b@d.e", '"a@b"@d.e'),
    ],
)
def test_an_address_is_quoted_where_it_must_be(address: str, written: str) -> None:
    assert quoted(address) == written
