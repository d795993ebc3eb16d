"""The system user whose all mail is: whether it is there, and making it."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import grp
import pwd
from collections.abc import Iterator

from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.plan import deed_diff
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

from .model import Tree


def owner_problems(tree: Tree) -> Iterator[Problem]:
    """Yield what stands in the way: the name with another number, or the number taken."""
    hint = "the number is the same on every host, so that mail can move; choose another one"
    user, number = _user(tree.owner), _user(tree.owner_id)
    if user is not None and user.pw_uid != tree.owner_id:
        yield Problem("owner_id", f'"{tree.owner}" is {user.pw_uid} here already', hint)
    if number is not None and number.pw_name != tree.owner:
        yield Problem("owner_id", f'{tree.owner_id} is "{number.pw_name}" here', hint)
    if number is None and (group := _group(tree.owner_id)) not in (None, tree.owner):
        yield Problem("owner_id", f'{tree.owner_id} is the group "{group}" here', hint)


def owner_exists(tree: Tree) -> bool:
    """Say whether the user is there."""
    return _user(tree.owner) is not None


def owner_diff(tree: Tree) -> dict[str, str]:
    """Return what making it changes."""
    line = f"{tree.owner}: {tree.owner_id}, no login\n"
    return deed_diff("users", line)


def make_owner(tree: Tree) -> None:
    """Make the user and its group; nobody can log in as it."""
    number = str(tree.owner_id)
    commands = [["groupadd", "--gid", number, tree.owner]] * (_group(tree.owner_id) is None)
    numbers = ("--uid", number, "--gid", number)
    nowhere = ("--no-create-home", "--home-dir", tree.folder, "--shell", "/usr/sbin/nologin")
    commands.append(["useradd", "--system", *numbers, *nowhere, tree.owner])
    for argv in commands:
        outcome = run(argv)
        if not outcome.ok:
            raise Refused(f"{argv[0]}: {outcome.words}")


def _user(key: str | int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(key) if isinstance(key, int) else pwd.getpwnam(key)
    except KeyError:
        return None


def _group(number: int) -> str | None:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return None
