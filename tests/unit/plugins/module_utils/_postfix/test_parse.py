"""Files that people wrote are read as Postfix reads them."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._postfix.parse import (
    parse_main,
    parse_master,
    parse_table,
)


def test_main_cf_joins_lines_skips_comments_and_takes_the_last_value() -> None:
    found, problems = parse_main(
        "# head\nmynetworks = 127.0.0.0/8\n  # in the middle\n\n   [::1]/128\n"
        "biff=yes\nbiff = no\nx =\n"
    )
    assert found == (("biff", "no"), ("mynetworks", "127.0.0.0/8 [::1]/128"), ("x", ""))
    assert not problems


def test_a_line_that_is_no_setting_is_a_problem_with_its_number() -> None:
    _found, problems = parse_main("a = b\nrubbish\ntwo words = c\n")
    assert [problem.where for problem in problems] == ["main.cf line 2", "main.cf line 3"]


def test_master_cf_reads_options_braces_and_the_words_of_pipe() -> None:
    found, problems = parse_master(
        "submission inet n - y - - smtpd\n"
        "  -o syslog_name=postfix/submission\n"
        "  -o { smtpd_client_restrictions = permit_sasl_authenticated, reject }\n"
        "#uucp unix - n n - - pipe\n"
        "uucp unix - n n - - pipe\n  flags=Fqhu user=uucp argv=uux -r -a$sender $nexthop!rmail\n"
    )
    assert not problems
    assert dict(found[0].options) == {
        "smtpd_client_restrictions": "permit_sasl_authenticated, reject",
        "syslog_name": "postfix/submission",
    }
    assert found[1].arguments[:3] == ("flags=Fqhu", "user=uucp", "argv=uux")


def test_a_line_that_is_no_service_is_a_problem() -> None:
    _found, problems = parse_master("smtp inet n - y\nsmtp tcp n - y - - smtpd\n")
    assert [problem.where for problem in problems] == ["master.cf line 1", "master.cf line 2"]


def test_patterns_may_hold_spaces() -> None:
    found, _problems = parse_table("/^Subject: buy now/i REJECT no thanks\n", "pcre")
    assert found == (("/^Subject: buy now/i", "REJECT no thanks"),)
