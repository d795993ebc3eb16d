"""Sanitize a message on its way into a mailbox: from standard input to standard output."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import argparse
import resource
import sys

from sanitize_message import Rules, sanitized

TEMPORARY_FAILURE = 75
LINE_BYTES = 1 << 20  # a longer line is broken
MEMORY_BYTES = 512 << 20
CPU_SECONDS = 120


def main() -> int:
    """Sanitize a message; its original stays with who started this, until the end says 0."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--endings", default="")
    options.add_argument("--keep-html", action="store_true")
    options.add_argument("--field-bytes", type=int, default=Rules.field_bytes)
    asked = options.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    endings = frozenset(filter(None, asked.endings.lower().split(",")))
    rules = Rules(endings, not asked.keep_html, asked.field_bytes)
    lines = iter(lambda: sys.stdin.buffer.readline(LINE_BYTES), b"")
    try:
        sys.stdout.buffer.writelines(sanitized(lines, rules))
        sys.stdout.buffer.flush()
    except Exception as error:  # whatever it is, the mail waits
        print(f"the message waits, since it can't be sanitized: {error!r}", file=sys.stderr)
        return TEMPORARY_FAILURE
    return 0


if __name__ == "__main__":
    sys.exit(main())
