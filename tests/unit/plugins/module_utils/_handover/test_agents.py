"""What an agent leaves behind is known, its logs included."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._handover import agents
from ansible_collections.postern.mail.plugins.module_utils._sendmail.units import (
    TMPFILES_PATH,
    Services,
    TransactionLog,
    render_units,
)


def test_sendmails_logs_of_dialogues_are_where_its_own_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tmpfiles"
    monkeypatch.setattr(agents, "TMPFILES_PATH", str(path))
    assert agents.logs(agents.SENDMAIL) == ()
    file = render_units(Services(log=TransactionLog("/srv/all", 1)))[TMPFILES_PATH]
    assert file is not None
    path.write_bytes(file.content)
    assert agents.logs(agents.SENDMAIL) == ("/srv/all", "/srv/all.1")
    assert agents.logs(agents.POSTFIX) == ()
