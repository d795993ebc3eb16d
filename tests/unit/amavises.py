"""Models of amavis for tests: any that may be, one to be changed in one place, and its options."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._amavis.model import (
    Amavis,
    Attachments,
    Scanner,
    Scores,
    amavis_of,
)
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.modules.amavis import SPEC
from hypothesis import strategies as st

CLAMAV = Scanner("ClamAV", socket="/run/clamav/clamd.ctl")
OTHER = Scanner("Other", argv=("/usr/bin/other", "--quiet", "{}"), infected=(1, 2))


def told(**changes: Any) -> Amavis:
    """Return a model that holds, with these in place of its own."""
    values = {
        "hostname": "mail.example.org",
        "domain": "example.org",
        "domains": ("example.org", "example.net"),
        "virusalert": "virusalert@example.org",
        "scanners": (CLAMAV,),
    }
    return Amavis(**{**values, **changes})


def options(**changes: Any) -> dict[str, Any]:
    """Return the module's options as Ansible fills them in, with these in place of defaults."""
    defaults = {name: spec.get("default") for name, spec in SPEC.items()}
    return {**defaults, "hostname": "mail.example.org", "domain": "example.org", **changes}


def refusals(**changes: Any) -> list[str]:
    """Return the problems of these options as text."""
    return [str(problem) for problem in amavis_of(options(**changes))[1]]


def text_of(file: File | None) -> str:
    """Return what a file that has to be there holds."""
    assert file is not None
    return file.content.decode()


_words = st.text(st.characters(exclude_characters="\n\r\0", exclude_categories=["Cs"]), max_size=20)
_domains = st.from_regex(r"[a-z]{1,9}\.example", fullmatch=True)
_addresses = st.builds("{}@{}".format, st.from_regex(r"[a-z.]{1,9}", fullmatch=True), _domains)
_scanners = st.builds(Scanner, _words, socket=st.just("/run/clamav/clamd.ctl")) | st.builds(
    Scanner,
    _words,
    argv=st.tuples(st.just("/usr/bin/scan"), _words),
    clean=st.just((0,)),
    infected=st.tuples(st.integers(1, 9)),
    virus_name=st.sampled_from(["", "found (.+)", r"^(\w+): \d+$"]),
)
_attachments = st.builds(
    Attachments,
    st.sampled_from(["allow_all", "allow_only", "block"]),
    st.lists(st.sampled_from(["pdf", "txt", "docx", "zip", "exe"]), unique=True).map(tuple),
    st.sampled_from(["pass", "stop"]),
)


def amavises() -> st.SearchStrategy[Amavis]:
    """Draw models."""
    lists = st.lists(_domains | _addresses, max_size=3).map(tuple)
    return st.builds(
        Amavis,
        hostname=_domains,
        domain=_domains,
        domains=st.lists(_domains, min_size=1, max_size=3).map(tuple),
        networks=st.lists(st.sampled_from(["10.0.0.0/8", "[2001:db8::]/32"])).map(tuple),
        virusalert=st.just("") | _addresses,
        scanners=st.lists(_scanners, max_size=2).map(tuple),
        spam=st.booleans(),
        scores=st.builds(Scores, st.just(5.5), st.none() | st.integers(6, 20).map(float)),
        network_tests=st.booleans(),
        attachments=_attachments,
        when_broken=st.sampled_from(["defer", "pass"]),
        warn_recipients=st.booleans(),
        warn_senders=st.sampled_from(["own", "everybody", "nobody"]),
        stopped=st.sampled_from(["quarantine", "reject"]),
        exempt=st.dictionaries(st.sampled_from(["virus", "attachments", "spam"]), lists),
        concurrency=st.integers(1, 30),
        takes=st.sampled_from(["lmtp", "milter"]),
        quarantine_days=st.integers(0, 400),
    )
