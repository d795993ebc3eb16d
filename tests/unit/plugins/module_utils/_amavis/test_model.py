"""Options become a model, and what can't be meant is named with its place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._amavis.model import (
    DANGEROUS,
    Attachments,
    Scanner,
    Scores,
    amavis_of,
)
from ansible_collections.postern.mail.tests.unit.amavises import CLAMAV, options, refusals

OTHER: dict[str, Any] = {"name": "Other", "argv": ["/usr/bin/other"]}


def test_options_are_taken_as_they_are_said() -> None:
    amavis, problems = amavis_of(
        options(
            domains=["example.org"],
            virusalert="keeper@example.org",
            scanners=[{"name": "ClamAV", "socket": "/run/clamav/clamd.ctl"}],
            spam_scores={"marked": 4.0, "quarantined": 9.0},
            exempt={"virus": ["lab@example.org"], "spam": [], "attachments": None},
            takes="milter",
            stopped="reject",
            quarantine_days=60,
        )
    )
    assert not problems
    assert amavis.scanners == (CLAMAV,)
    assert amavis.scores == Scores(4.0, 9.0)
    assert amavis.exempt == {"virus": ("lab@example.org",)}
    assert (amavis.takes, amavis.stopped) == ("milter", "reject")
    assert amavis.quarantine_days == 60


def test_without_options_mail_waits_for_scanners_and_nothing_is_banned() -> None:
    amavis, problems = amavis_of(options())
    assert not problems
    assert amavis.when_broken == "defer"
    assert amavis.attachments == Attachments()
    assert amavis.scores == Scores(5.0, None)


def test_blocking_without_types_blocks_what_runs() -> None:
    amavis, problems = amavis_of(options(attachments={"policy": "block"}))
    assert not problems
    assert amavis.attachments.endings == DANGEROUS
    named, _problems = amavis_of(options(attachments={"policy": "block", "types": ["EXE"]}))
    assert named.attachments.endings == ("exe",)


def test_a_scanner_has_the_usual_exit_codes_unless_it_names_others() -> None:
    amavis, _problems = amavis_of(options(scanners=[OTHER, {**OTHER, "infected": [2, 3]}]))
    assert amavis.scanners == (
        Scanner("Other", argv=("/usr/bin/other",)),
        Scanner("Other", argv=("/usr/bin/other",), infected=(2, 3)),
    )


NO_PATTERN = "is no pattern; a regular expression whose first group is the virus' name"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            {"scanners": [{"name": "x"}]},
            "scanners[0]: has neither or both of socket and argv; give one of them",
        ),
        (
            {"scanners": [OTHER, {**OTHER, "socket": "/run/x"}]},
            "scanners[1]: has neither or both of socket and argv; give one of them",
        ),
        (
            {"scanners": [{**OTHER, "infected": [0, 1]}]},
            "scanners[0].infected: has an exit code that is also one of clean",
        ),
        (
            {"scanners": [{**OTHER, "argv": ["clamscan", "{}"]}]},
            'scanners[0].argv[0]: "clamscan" is no path; write the whole path of the program',
        ),
        (
            {"scanners": [{**OTHER, "virus_name": "found .+"}]},
            f'scanners[0].virus_name: "found .+" {NO_PATTERN}',
        ),
        (
            {"scanners": [{**OTHER, "virus_name": "(it's)"}]},
            f'scanners[0].virus_name: "(it\'s)" {NO_PATTERN}',
        ),
        (
            {"scanners": [{**OTHER, "virus_name": "(x"}]},
            f'scanners[0].virus_name: "(x" {NO_PATTERN}',
        ),
        (
            {"attachments": {"policy": "block", "types": ["exe", ".pdf"]}},
            'attachments.types[1]: ".pdf" is no ending; write it without the dot, like pdf',
        ),
        (
            {"attachments": {"policy": "allow_only", "types": []}},
            "attachments.types: is empty, so no attachment would pass; name some",
        ),
        ({"concurrency": 0}, "concurrency: 0 searches no mail; 1 or more"),
        (
            {"quarantine_days": -1},
            "quarantine_days: -1 is no number of days; 1 or more, or 0 to keep all of it",
        ),
        (
            {"stopped": "reject"},
            "stopped: reject comes too late; the agent has accepted the mail by then:"
            " set takes: milter",
        ),
        (
            {"spam_scores": {"marked": 6.0, "quarantined": 5.0}},
            "spam_scores.quarantined: 5.0 is less than marked, 6.0",
        ),
    ],
)
def test_what_can_not_be_meant_is_refused(said: dict[str, Any], problem: str) -> None:
    assert refusals(**said) == [problem]


def test_all_problems_come_together() -> None:
    assert len(refusals(concurrency=0, stopped="reject", scanners=[{"name": "x"}])) == 3


@pytest.mark.parametrize("score", [0.0, -1.0])
def test_a_score_of_zero_marks_everything(score: float) -> None:
    amavis, _problems = amavis_of(options(spam_scores={"marked": score}))
    assert amavis.scores.marked == score


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"hostname": "a\nb"}, "hostname"),
        ({"domains": ["a", "b\n"]}, "domains[1]"),
        ({"networks": ["10.0.0.0/8\r"]}, "networks[0]"),
        ({"exempt": {"virus": ["a\0"]}}, "exempt.virus[0]"),
        ({"scanners": [{"name": "a\nb", "socket": "/run/x"}]}, "scanners[0].name"),
        ({"filtered_argv": ["/bin/x", "a\nExecStart=b"]}, "filtered_argv[1]"),
        ({"filtered_socket": "/run/a\nb"}, "filtered_socket"),
    ],
)
def test_a_line_break_is_refused_with_its_place(said: dict[str, Any], where: str) -> None:
    assert refusals(**said) == [f"{where}: has a line break in it"]


@pytest.mark.parametrize("path", ["/run/it's", "/run/a b", "run", ""])
def test_a_path_that_would_be_read_as_something_else_is_refused(path: str) -> None:
    what = f'"{path}" is no path for a socket; letters, digits, and any of / . _ -'
    for where in ("socket_directory", "filtered_socket"):
        assert refusals(**{where: path}) == [f"{where}: {what}"]
