"""Action behind postern.mail.sendmail: brings the files of long tables to the host first."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.plugin_utils.table_files import TableFilesAction


class ActionModule(TableFilesAction):
    """The module does everything else."""
