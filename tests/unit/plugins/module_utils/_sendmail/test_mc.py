"""The order that Sendmail's macros call for, and the lines that sendmail.cf has to have."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._sendmail.m4 import Call, Section
from ansible_collections.postern.mail.plugins.module_utils._sendmail.mc import (
    client_text,
    daemon_text,
    is_early,
    mailer_line,
    milter_text,
    option_lines,
    statements,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.model import (
    Client,
    Daemon,
    Dnsbl,
    Feature,
    Masquerade,
    Mc,
    Milter,
    OwnMailer,
)

STORE = OwnMailer("store", "lsDFMnqz", "FILE /run/x", sender="A/B", type="DNS/RFC822/SMTP")
FULL = Mc(
    domain="debian-mta",
    defines=(("SMART_HOST", "relay:[x]"), ("confMAX_HOP", "5"), ("confTO_IDENT", None)),
    features=(Feature("ratecontrol", ("nodelay",)), Feature("msp"), Feature("access_db")),
    masquerade=Masquerade("example.org", ("old.example",), envelope=True),
    daemons=(Daemon("MTA", port="smtp", address="127.0.0.1"),),
    milters=(Milter("spam", "unix:/run/x", "tempfail", (("R", "2m"),)),),
    dnsbls=(Dnsbl("bl.example", results=("127.0.0.2",)),),
    greet_pause=5000,
    mailers=("local", "smtp"),
    own_mailers=(STORE,),
    local_rulesets=("SFoo",),
)


def calls(name: str) -> list[tuple[str, ...]]:
    found = [one for one in statements(FULL) if isinstance(one, Call) and one.name == name]
    return [one.arguments for one in found]


def test_features_that_others_ask_for_come_first_and_those_with_mailers_last() -> None:
    names = [arguments[0] for arguments in calls("FEATURE")]
    assert names.index("access_db") < names.index("ratecontrol") < names.index("greet_pause")
    assert names[-1] == "msp"


def test_every_feature_stands_before_every_mailer_and_options_behind_the_features() -> None:
    names = [one.name for one in statements(FULL)]
    last_feature = len(names) - 1 - names[::-1].index("FEATURE")
    assert last_feature < names.index("MAILER") < names.index("MAILER_DEFINITIONS")
    defines = [
        n for n, one in enumerate(statements(FULL)) if one == Call("define", ("confMAX_HOP", "5"))
    ]
    assert last_feature < defines[0]
    assert Call("undefine", ("confTO_IDENT",)) in statements(FULL)


def test_what_features_and_mailers_read_at_once_is_defined_before_them() -> None:
    assert is_early("RELAY_MAILER_ARGS")
    assert is_early("confRUN_AS_USER")
    assert not is_early("confPRIVACY_FLAGS")
    position = statements(FULL).index(Call("define", ("SMART_HOST", "relay:[x]")))
    assert position < [one.name for one in statements(FULL)].index("FEATURE")


def test_each_part_is_written_as_sendmail_reads_it() -> None:
    assert daemon_text(Daemon("M", "inet6", "::1", "25", "Ea", ("a", "b"), 5)) == (
        "Name=M, Family=inet6, Addr=::1, Port=25, M=Ea, InputMailFilters=a;b, children=5"
    )
    assert client_text(Client("inet", "192.0.2.1", "h")) == "Family=inet, Addr=192.0.2.1, M=h"
    assert milter_text(FULL.milters[0]) == "S=unix:/run/x, F=T, T=R:2m"
    assert milter_text(Milter("a", "inet:1@x", "accept")) == "S=inet:1@x"
    assert mailer_line(STORE) == (
        "Mstore, P=[IPC], F=lsDFMnqz, S=A/B, T=DNS/RFC822/SMTP, A=FILE /run/x"
    )


def test_a_dns_list_answers_with_a_code_and_counts_the_results_given() -> None:
    said = Mc("x", dnsbls=(Dnsbl("bl.example", "go away", (), tempfail=True), Dnsbl("b.example")))
    found = [one.arguments for one in statements(said) if one.name == "FEATURE"]  # type: ignore[union-attr]
    assert found == [("enhdnsbl", "bl.example", '"550 go away"', "t"), ("enhdnsbl", "b.example")]
    assert ("enhdnsbl", "bl.example", "", "", "127.0.0.2") in calls("FEATURE")


def test_sections_and_options_are_expected_in_the_cf_word_by_word() -> None:
    expected = option_lines(FULL)
    assert "O DaemonPortOptions=Name=MTA, Family=inet, Addr=127.0.0.1, Port=smtp" in expected
    assert {"DMexample.org", "C{M}old.example", "SFoo"} <= {*expected}
    assert "Xspam, S=unix:/run/x, F=T, T=R:2m" in expected
    assert Section("LOCAL_RULESETS", ("SFoo",)) in statements(FULL)
