"""The postfix action is the one for tables in files, and nothing more."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.plugins.action.normal import ActionModule as Normal
from ansible_collections.postern.mail.plugins.action import postfix
from ansible_collections.postern.mail.plugins.plugin_utils.table_files import TableFilesAction


def test_the_module_is_run_as_any_other_once_the_files_are_there() -> None:
    action = postfix.ActionModule
    assert issubclass(action, TableFilesAction)
    assert issubclass(action, Normal)
    assert (action._supports_check_mode, action._supports_async) == (True, True)
    assert action.run is TableFilesAction.run
