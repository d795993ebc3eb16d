"""The hosts of the scenario `stores`, and doing the same with all of them at once."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

HOSTS = ("cyrus-postfix", "cyrus-sendmail", "courier-postfix", "courier-sendmail")
T = TypeVar("T")


def everywhere(deed: Callable[[str], T], hosts: Sequence[str] = HOSTS) -> dict[str, T]:
    """Do something with every host; return what came of it, or fail naming the hosts."""
    with ThreadPoolExecutor(len(hosts)) as pool:
        running = {host: pool.submit(deed, host) for host in hosts}
    failed = {host: error for host, one in running.items() if (error := one.exception())}
    if failed:
        words = "\n".join(f"{host}: {error}" for host, error in failed.items())
        raise AssertionError(words) from next(iter(failed.values()))
    return {host: one.result() for host, one in running.items()}
