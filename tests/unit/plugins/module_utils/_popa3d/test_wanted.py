"""Which files shall stand, whom a session knows, and what is masked."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._core.plan import make_plan
from ansible_collections.postern.mail.plugins.module_utils._popa3d.model import Person, Reader
from ansible_collections.postern.mail.plugins.module_utils._popa3d.render import PEOPLE
from ansible_collections.postern.mail.plugins.module_utils._popa3d.wanted import (
    DAEMON,
    PATHS,
    SERVICE,
    SOCKET,
    popa3d,
    wanted_files,
)
from ansible_collections.postern.mail.tests.unit.popa3ds import SERVER, popa3ds, told
from hypothesis import given


def test_who_is_locked_is_unknown_to_every_session() -> None:
    people = [Person("b@x.org", "b"), Person("c@x.org", "c", locked=True), Person("a@x.org", "a")]
    model = popa3d(people, {"a": 1, "b": 2, "c": 3}, ("110",), (4, 2), SERVER)
    assert model.readers == (Reader("a@x.org", "a", 1), Reader("b@x.org", "b", 2))
    assert (model.max_connections, model.max_connections_per_source) == (4, 2)


@given(popa3ds())
def test_the_same_model_asks_for_nothing(wanted: object) -> None:
    files = wanted_files(wanted)  # type: ignore[arg-type]
    assert {*files} == {*PATHS}
    assert not make_plan(files, files).changed


def test_the_packages_own_daemon_is_masked() -> None:
    masked = wanted_files(told())[DAEMON]
    assert masked is not None
    assert masked.content == b""


def test_without_an_opening_nothing_listens() -> None:
    files = wanted_files(told(listen=()))
    assert [files[path] for path in (SOCKET, SERVICE, PEOPLE)] == [None, None, None]
