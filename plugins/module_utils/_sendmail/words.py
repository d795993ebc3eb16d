"""The words of Sendmail's options and tables, for what Sendmail itself takes without a word."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re


def _words(text: str, start: str = "") -> frozenset[str]:
    return frozenset(f"{start}{word}" for word in text.split())


# Sendmail reads anything as a number here, rubbish as zero.
NUMBERS = _words(
    """
    AUTH_MAX_BITS BAD_RCPT_THROTTLE CHECKPOINT_INTERVAL CONNECTION_RATE_THROTTLE DELAY_LA
    DF_BUFFER_SIZE LOG_LEVEL MAX_ALIAS_RECURSION MAX_DAEMON_CHILDREN MAX_HEADERS_LENGTH
    MAX_HOP MAX_MESSAGE_SIZE MAX_NOOP_COMMANDS MAX_QUEUE_CHILDREN MAX_QUEUE_RUN_SIZE
    MAX_RCPTS_PER_MESSAGE MAX_RUNNERS_PER_QUEUE MCI_CACHE_SIZE MIN_FREE_BLOCKS NICE_QUEUE_RUN
    QUEUE_FACTOR QUEUE_LA REFUSE_LA WORK_CLASS_FACTOR WORK_RECIPIENT_FACTOR WORK_TIME_FACTOR
    XF_BUFFER_SIZE
    """,
    "conf",
)
BOOLEANS = _words(
    """
    ALLOW_BOGUS_HELO CHECK_ALIASES COLON_OK_IN_ADDR CON_EXPENSIVE DONT_EXPAND_CNAMES
    DONT_INIT_GROUPS DONT_PRUNE_ROUTES FAST_SPLIT IGNORE_DOTS MATCH_GECOS ME_TOO
    MIME_FORMAT_ERRORS OLD_STYLE_HEADERS RRT_IMPLIES_DSN SAVE_FROM_LINES SEPARATE_PROC
    SEVEN_BIT_INPUT SINGLE_LINE_FROM_HEADER SINGLE_THREAD_DELIVERY SOFT_BOUNCE
    TLS_FALLBACK_TO_CLEAR TRY_NULL_MX_LIST UNSAFE_GROUP_WRITES USE_COMPRESSED_IPV6_ADDRESSES
    USE_ERRORS_TO USE_MSP
    """,
    "conf",
)
TRUE_OR_FALSE = re.compile(r"(?:true|false|yes|no|t|f|y|n)\Z", re.IGNORECASE)
NUMBER = re.compile(r"-?\d+\Z")

# A time of Sendmail, such as 15m or 1h30m; a bare number has the option's own unit.
TIME = re.compile(r"(?:\d+[smhdw])+\Z|\d+\Z")
TIMEOUT_LETTERS = {"C": "connect", "S": "send", "R": "receive", "E": "end of message"}

# What may stand before the colon of a key in the access table, and what is then looked up there.
ACCESS_TAGS = (
    "CERTIssuer", "CERTSubject", "CI", "CS", "ClientConn", "ClientRate", "Clt_Features", "Connect",
    "From", "GreetPause", "Spam", "Srv_Features", "TLS_Clt", "TLS_Rcpt", "TLS_Srv", "To",
    "Try_TLS",
)  # fmt: skip
VERDICTS = ("DISCARD", "OK", "REJECT", "RELAY", "SKIP")

# What may stand before a space in a value that begins with `error:`.
ERROR_WORDS = (
    "config", "nohost", "nouser", "protocol", "software", "tempfail", "unavailable", "usage",
)  # fmt: skip

MAILER_FLAGS = re.compile(r"[A-Za-z0-9%/:@|!~#<>_.?=;-]+\Z")
FLAG_CHANGE = re.compile(r"[+-]?[A-Za-z0-9%/:@|!]*\Z")
MODIFIERS = re.compile(r"[AabCcEfhlOrSsu]+\Z")
