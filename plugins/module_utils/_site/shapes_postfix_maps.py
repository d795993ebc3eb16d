"""Shapes for Postfix: the lookup tables that follow from the site."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.postern.mail.plugins.module_utils._site.model import Site
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_access import (
    access_tables,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_aliases import (
    Entries,
    alias_tables,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_choices import (
    choices_of,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_copies import (
    copy_tables,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_routes import (
    relay_credentials,
    route_tables,
    sender_credentials,
)
from ansible_collections.postern.mail.plugins.module_utils._site.shapes_postfix_screen import (
    screen_tables,
)


def postfix_maps(site: Site, arguments: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
    """Return the tables: {name, type, entries}, and `sources` where files add to them."""
    choices = choices_of(arguments, site.domain)
    return [
        *alias_tables(site, choices),
        *access_tables(site, choices),
        *route_tables(site, choices),
        *copy_tables(site, choices),
        *screen_tables(site, choices),
    ]


def postfix_secret_maps(site: Site, arguments: tuple[Any, ...] = ()) -> dict[str, Entries]:
    """Return the tables with passwords: name -> entries.

    The arguments are the role's choices, and the passwords of senders.
    """
    choices = choices_of(arguments[:1], site.domain)
    passwords: Mapping[str, Any] = arguments[1] if len(arguments) > 1 else {}
    by_sender = sender_credentials(choices, passwords)
    return {
        "relay_credentials": relay_credentials(site),
        **({"sender_credentials": by_sender} if choices.sender_relays else {}),
    }
