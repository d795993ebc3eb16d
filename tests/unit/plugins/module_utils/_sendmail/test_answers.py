"""An answer keeps its spaces and brackets, as seen of Sendmail: quotes hold them."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._sendmail.answers import with_quotes


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("ERROR:5.7.1:550 no spam, please (really)", 'ERROR:5.7.1:"550 no spam, please (really)"'),
        ("ERROR:550 no, sir", 'ERROR:"550 no, sir"'),
        ("550 no, sir", '"550 no, sir"'),
        ("error:nouser 550 no such user", 'error:nouser "550 no such user"'),
        ("error:5.1.1:550 User unknown", 'error:5.1.1:"550 User unknown"'),
        ('ERROR:"550 no"', 'ERROR:"550 no"'),
        ("QUARANTINE:why not", "QUARANTINE:why not"),
        ("a@x.example, b@x.example", "a@x.example, b@x.example"),
        ("REJECT", "REJECT"),
    ],
)
def test_an_answer_is_in_quotes_once(value: str, written: str) -> None:
    once = with_quotes([f"key {value}".encode()])
    assert once == [f"key {written}".encode()]
    assert with_quotes(once) == once
