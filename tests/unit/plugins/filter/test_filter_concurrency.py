"""The filter gives a number, or Ansible's own kind of error with the place."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.filter.filter_concurrency import FilterModule

filter_concurrency = FilterModule().filters()["filter_concurrency"]
SMALL = {"processor_nproc": 1, "memtotal_mb": 2400}


def test_a_host_has_its_number() -> None:
    assert filter_concurrency({"virus": True}, SMALL) == 2
    assert filter_concurrency({}, SMALL) == 0


def test_more_than_it_holds_is_refused_with_the_place() -> None:
    with pytest.raises(AnsibleFilterError, match=r"mail_filter\.concurrency: 9 is more than"):
        filter_concurrency({"spam": True, "concurrency": 9}, SMALL)
