"""Shared by the filters over the site model: read it, shape it, tell what is wrong."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._site.judge import masked, secrets_of
from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.parse import parse_site
from ansible_collections.postern.mail.plugins.plugin_utils.specs import site_options


def shaped(shape: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that reads the site model and hands it to a shape."""

    def site_filter(raw: object, *arguments: object) -> Any:  # noqa: ANN401
        site = _site(raw)
        try:
            return shape(site, arguments) if arguments else shape(site)
        except ValueError as error:
            raise AnsibleFilterError(str(error)) from None

    return site_filter


def _plain(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a lookup gave, without Ansible's wrappers that look at each value once more.

    There are no templates in it, and ten thousand accounts have a hundred thousand values. Private,
    so a release without it only costs the time.
    """
    lazy, copy = getattr(raw, "_lazy_options", None), getattr(raw, "_non_lazy_copy", None)
    if lazy is None or copy is None or getattr(lazy, "template", True):
        return raw
    plain: Mapping[str, Any] = copy()
    return plain


def _site(raw: object) -> Site:
    try:
        if not isinstance(raw, Mapping):
            raise TypeError
        site, problems = parse_site(_plain(raw))
    except (AttributeError, KeyError, TypeError):
        hint = "give what lookup('postern.mail.site') returns"
        raise AnsibleFilterError(str(Problem("site", "is not a site model", hint))) from None
    if problems or site is None:
        raise AnsibleFilterError(masked(report(problems), set(secrets_of(site_options(), raw))))
    return site
