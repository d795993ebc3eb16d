"""The sendmail action is the one for tables in files, and nothing more."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.action import sendmail
from ansible_collections.postern.mail.plugins.plugin_utils.table_files import TableFilesAction


def test_the_module_is_run_as_any_other_once_the_files_are_there() -> None:
    action = sendmail.ActionModule
    assert issubclass(action, TableFilesAction)
    assert (action._supports_check_mode, action._supports_async) == (True, True)
    assert action.run is TableFilesAction.run
