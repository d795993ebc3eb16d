"""Shared by the filters over what probes found: read the report, tell what is wrong with it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.module_utils._probe.report import Report, read_report

Arguments = ParamSpec("Arguments")
Shown = TypeVar("Shown")


def reported(
    shape: Callable[Concatenate[Report, Arguments], Shown],
) -> Callable[Concatenate[object, Arguments], Shown]:
    """Return a filter that reads what mail_probe returned and hands the report to a shape."""

    @functools.wraps(shape)
    def probe_filter(
        probes: object, /, *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> Shown:
        try:
            return shape(read_report(probes), *arguments, **named)
        except (KeyError, TypeError, ValueError) as error:
            raise AnsibleFilterError(f"{shape.__name__}: {error}") from error

    return probe_filter
