"""How many messages are searched at a time follows from the host, and never exceeds it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_filter import (
    filter_concurrency,
)
from hypothesis import given
from hypothesis import strategies as st

VIRUS = {"virus": True}


def size(processors: int, mebibytes: int) -> dict[str, Any]:
    return {"processor_nproc": processors, "memtotal_mb": mebibytes}


@pytest.mark.parametrize(
    "wanted", [{}, {"virus": False}, {"attachments": {"policy": "allow_all"}}, {"concurrency": 5}]
)
def test_without_a_search_it_is_none(wanted: dict[str, Any]) -> None:
    assert filter_concurrency(wanted, size(8, 16384)) == 0


@pytest.mark.parametrize("wanted", [VIRUS, {"spam": True}, {"attachments": {"policy": "block"}}])
def test_two_for_each_processor(wanted: dict[str, Any]) -> None:
    assert filter_concurrency(wanted, size(2, 16384)) == 4


def test_no_more_than_the_memory_holds() -> None:
    assert filter_concurrency(VIRUS, size(8, 2048 + 3 * 160)) == 3
    assert filter_concurrency(VIRUS, size(8, 1024)) == 1
    assert filter_concurrency(VIRUS, size(64, 262144)) == 30


def test_what_is_asked_for_is_taken_up_to_what_the_host_holds() -> None:
    assert filter_concurrency({**VIRUS, "concurrency": 7}, size(1, 8192)) == 7
    with pytest.raises(ValueError) as refused:
        filter_concurrency({**VIRUS, "concurrency": 7}, size(1, 3000))
    assert str(refused.value) == (
        "mail_filter.concurrency: 7 is more than this host holds; at most 5 with its 3000 MiB"
    )


def test_a_host_that_is_not_known_yet_is_a_small_one() -> None:
    assert filter_concurrency(VIRUS, {}) == 2
    assert filter_concurrency({**VIRUS, "concurrency": 7}, {}) == 7


@given(st.integers(1, 256), st.integers(1, 1 << 20))
def test_a_search_is_always_possible(processors: int, mebibytes: int) -> None:
    found = filter_concurrency(VIRUS, size(processors, mebibytes))
    assert 1 <= found <= min(30, 2 * processors)
