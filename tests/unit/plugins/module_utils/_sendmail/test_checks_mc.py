"""Malformed and hostile values of an mc file, each refused in the same words at its place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail.checks_mc import check_mc
from ansible_collections.postern.mail.plugins.module_utils._sendmail.wanted_mc import mail_mc

BASE = {"name": "m", "flags": "lsz", "arguments": "FILE /run/x"}


def said(**given: Any) -> list[str]:
    return [str(problem) for problem in check_mc(mail_mc(given, ()), "mc")]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"defines": {"confA": "x')dnl"}}, 'mc.defines.confA: "x\')dnl" has a quote or a control'),
        ({"defines": {"confA": "a`b"}}, 'mc.defines.confA: "a`b" has a quote'),
        ({"defines": {"confA": "a\nO X=1"}}, "m4's quotes can't be carried, nor a line break"),
        ({"defines": {"a b": 1}}, 'mc.defines: "a b" can\'t be the name of a macro'),
        ({"defines": {"x',include(`/etc/shadow')": 1}}, "can't be the name of a macro"),
        ({"defines": {"confMAX_MESSAGE_SIZE": "10MB"}}, 'SIZE: "10MB" is no number'),
        ({"defines": {"confUSE_MSP": "perhaps"}}, 'MSP: "perhaps" is no boolean; write true or'),
        ({"defines": {"confTO_QUEUERETURN": "soon"}}, '"soon" is no time of Sendmail, such as 5m'),
        ({"defines": {"MASQUERADE_NAME": "x"}}, "is not for defines; use masquerade.name"),
        ({"features": [{"name": "a/b"}]}, 'mc.features[0]: "a/b" can\'t be the name of a feature'),
        ({"features": [{"name": "x", "arguments": ["$1"]}]}, "has a $ that m4 takes for its own"),
        ({"features": [{"name": "x"}, {"name": "x"}]}, 'mc.features[1]: "x" stands twice'),
        (
            {"features": [{"name": "dnsbl"}]},
            'mc.features[0]: "dnsbl" has an option of its own',
        ),
        ({"features": [{"name": "x", "arguments": ["a"] * 9}]}, "has 9 arguments; 8 at most"),
        ({"masquerade": {"envelope": True}}, "mc.masquerade: has no name; say as whom"),
        ({"masquerade": {"name": "a b"}}, 'mc.masquerade.name: "a b" is no name of a domain'),
        ({"masquerade": {"name": "x", "domains": ["-"]}}, "mc.masquerade.domains[0]:"),
        ({"masquerade": {"name": "x", "exposed_users": ["a b"]}}, '"a b" is no user'),
        ({"daemon_options": [{"name": "a, Port=9"}]}, '"a, Port=9" is no name of a listener'),
        ({"daemon_options": [{"name": "a", "port": "99999"}]}, "port: 99999 is no port"),
        ({"daemon_options": [{"name": "a", "modifiers": "Q!"}]}, "is no row of modifiers' letters"),
        ({"daemon_options": [{"name": "a"}, {"name": "a"}]}, '"a" is mc.daemon_options[0]'),
        ({"daemon_options": [{"name": "a", "family": "local"}]}, "give the socket's path"),
        ({"daemon_options": [{"name": "a", "milters": ["x"]}]}, 'milters: no milter "x"'),
        ({"daemon_options": [{"name": "a", "children": -1}]}, "children: -1 is less than 0"),
        ({"client_options": [{}, {}]}, "mc.client_options[1]: inet stands twice"),
        ({"client_options": [{"address": "a b"}]}, 'address: "a b" is no address'),
        ({"trusted_mechanisms": ["plain login"]}, "mc.trusted_mechanisms[0]:"),
        ({"milters": [{"name": "m", "socket": "/run/x"}]}, "write it like unix:/run/x.sock"),
        (
            {"milters": [{"name": "m", "socket": "unix:/x", "timeouts": {"Q": "1m"}}]},
            "timeouts.Q: no such time; one of: C, S, R, E",
        ),
        ({"dnsbls": [{"zone": "a b"}]}, 'mc.dnsbls[0].zone: "a b" is no name of a domain'),
        ({"dnsbls": [{"zone": "x", "text": 'say "no"'}]}, "has a mark that an answer can't carry"),
        ({"dnsbls": [{"zone": "x", "results": ["1"] * 7}]}, "results: has 7 entries; 6 at most"),
        ({"dnsbls": [{"zone": "x", "results": ["no"]}]}, 'results[0]: "no" is no result'),
        ({"greet_pause_milliseconds": -1}, "-1 is not between 0 and 300000"),
        ({"mailers": ["local", "local"]}, 'mc.mailers[1]: "local" stands twice'),
        ({"mailer_flags": {"local": "+S"}}, "mc.mailer_flags.local: is not in capitals"),
        ({"mailer_flags": {"LOCAL": "+S,"}}, '"+S," is no row of flags'),
        ({"own_mailers": [{**BASE, "name": "a b"}]}, '"a b" is no name of a mailer'),
        ({"own_mailers": [{**BASE, "arguments": "rm -rf"}]}, "names no socket; FILE PATH or TCP"),
        ({"own_mailers": [{**BASE, "path": "rm"}]}, '"rm" is no program; a full path or [IPC]'),
        ({"own_mailers": [{**BASE, "sender": "a b"}]}, '"a b" is no pair of rulesets'),
        ({"own_mailers": [{**BASE, "type": "x"}]}, 'type: "x" is no type'),
        ({"own_mailers": [{**BASE, "line_end": "\n"}]}, "is no line end"),
        ({"own_mailers": [{**BASE, "line_length": -1}]}, "line_length: -1 is less than 0"),
        ({"local_rulesets": ["R$* $#discard"]}, "has no tab; a tab stands between"),
        ({"local_config": [""]}, "mc.local_config[0]: is empty or begins with a space"),
        ({"local_config": ["a\nb"]}, "has a line break or another control character"),
    ],
)
def test_a_malformed_value_is_refused_at_its_place(given: dict[str, Any], message: str) -> None:
    found = said(**given)
    assert len(found) == 1, found
    assert message in found[0]


def test_what_a_careful_administrator_writes_is_taken() -> None:
    assert (
        said(
            defines={
                "confTO_QUEUERETURN": "5d",
                "confMAX_HOP": 50,
                "confUSE_MSP": True,
                "confX": None,
            },
            features=[{"name": "access_db", "arguments": ["", "skip"]}],
            daemon_options=[{"name": "MTA", "port": "smtp", "modifiers": "Ea", "address": "[::1]"}],
            milters=[{"name": "m", "socket": "inet:8891@127.0.0.1", "timeouts": {"R": "2m"}}],
            dnsbls=[{"zone": "bl.example", "text": "listed, sorry", "results": ["127.0.0.2."]}],
            own_mailers=[{**BASE, "line_end": "\\r\\n", "sender": "EnvFromSMTP/HdrFromSMTP"}],
            local_config=["C{X}o'brien"],
            local_rulesets=["SLocal_check_rcpt", "R$*\t$: $1"],
        )
        == []
    )
