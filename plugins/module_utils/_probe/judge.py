"""Judgement of what a server said: pure, from reply to verdict."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Iterable

from .model import Verdict, broken, kept

SYSTEM_WORDS = frozenset(
    {
        "alma",
        "alpine",
        "arch",
        "bsd",
        "centos",
        "darwin",
        "debian",
        "dragonfly",
        "exchange",
        "fedora",
        "freebsd",
        "gentoo",
        "gnu",
        "linux",
        "macos",
        "microsoft",
        "netbsd",
        "nixos",
        "openbsd",
        "raspbian",
        "redhat",
        "rhel",
        "rocky",
        "solaris",
        "sunos",
        "suse",
        "ubuntu",
        "unix",
        "windows",
    }
)
_CODE_OR_CAPABILITIES = re.compile(r"^(\d{3}[ -]|\* OK |\+OK )|\[CAPABILITY[^\]]*\]|<[^>]*>")
_HOST_NAME = re.compile(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)
_VERSION = re.compile(r"\d+\.\d+|\bv\d+|/\d+", re.IGNORECASE)
_PROTOCOL_WORDS = frozenset({"imap4rev1", "imap4rev2", "imap4", "pop3", "esmtp", "lmtp"})
_NOT_UNDER_THIS_LAYER = re.compile(
    r"privacyrequired|logindisabled|plaintext|plain text|cleartext|layer|encrypt|\btls\b|disabled"
    r"|disallowed|not supported|unrecognized|unknown command|bad command|invalid command",
    re.IGNORECASE,
)


def shown(code: int, text: str) -> str:
    """Return a reply on one line."""
    return f"{code} {' '.join(text.split())}".strip()


def refusal(code: int, text: str) -> Verdict:
    """Judge a reply to something that must be refused for good."""
    reply = shown(code, text)
    if 500 <= code < 600:
        return kept(f"refused: {reply}")
    if 400 <= code < 500:
        return broken(f"only put off, so nothing is proven: {reply}")
    return broken(f"accepted: {reply}")


def acceptance(code: int, text: str) -> Verdict:
    """Judge a reply to something that must be accepted."""
    reply = shown(code, text)
    return kept(f"accepted: {reply}") if 200 <= code < 300 else broken(f"refused: {reply}")


def banner(text: str) -> Verdict:
    """Judge a greeting: it may name the host and the product, not a version or a system."""
    greeting = " ".join(text.split())
    words = _CODE_OR_CAPABILITIES.sub(" ", greeting).split()
    told = " ".join(
        word for word in words if not _is_host_name(word) and word.lower() not in _PROTOCOL_WORDS
    )
    faults = [f'the version "{found}"' for found in _versions(told)]
    faults += [f'the system "{word}"' for word in _systems(told)]
    if faults:
        return broken(f"tells {' and '.join(faults)}: {greeting}")
    return kept(greeting)


def _is_host_name(word: str) -> bool:
    bare = word.strip("()[],;:<>")
    return bool(_HOST_NAME.fullmatch(bare)) and not _VERSION.search(bare)


def _versions(text: str) -> list[str]:
    return [word for word in text.split() if _VERSION.search(word)][:1]


def _systems(text: str) -> list[str]:
    words = re.findall(r"[a-z]+", text.lower())
    return sorted(SYSTEM_WORDS.intersection(words))


def plain_auth(offered: Iterable[str], code: int, text: str) -> Verdict:
    """Judge AUTH without TLS: `offered` are the mechanisms of EHLO, the reply is AUTH's.

    A server that answers "wrong password" (535) has listened to the password.
    """
    mechanisms = " ".join(sorted(offered))
    reply = shown(code, text)
    if mechanisms:
        return broken(f"AUTH {mechanisms} is offered without TLS")
    if code in (235, 334, 535, 454, 432, 534):
        return broken(f"AUTH is not offered, but listened to without TLS: {reply}")
    if code >= 500:
        return kept(f"not offered, and refused: {reply}")
    return broken(f"unclear answer to AUTH without TLS: {reply}")


def plain_login(capabilities: Iterable[str], reply: str) -> Verdict:
    """Judge an IMAP or POP3 login without TLS by capabilities and the answer to a false login."""
    known = {word.upper() for word in capabilities}
    answer = " ".join(reply.split())
    if answer.upper().startswith(("OK", "+OK")):
        return broken(f"a login without TLS is listened to: {answer}")
    if "LOGINDISABLED" in known or _NOT_UNDER_THIS_LAYER.search(answer):
        return kept(f"refused: {answer}")
    return broken(f"a login without TLS is listened to: {answer}")


def verification(verb: str, known: tuple[int, str], unknown: tuple[int, str]) -> Verdict:
    """Judge VRFY or EXPN: refused, or the same non-committal 252 for everybody."""
    codes = known[0], unknown[0]
    if all(500 <= code < 600 for code in codes) and codes[0] == codes[1]:
        return kept(f"refused: {shown(*known)}")
    if codes == (252, 252):
        return kept(f"tells nothing: {shown(*known)}")
    if codes[0] != codes[1]:
        return broken(f"{verb} tells who exists: {shown(*known)}, but for nobody {shown(*unknown)}")
    return broken(f"{verb} answers: {shown(*known)}")


def injected(answered: bool, words: str) -> Verdict:
    """Judge what came of a command sent in one breath with STARTTLS."""
    if answered:
        return broken(f"a command from before TLS was obeyed within TLS: {words}")
    return kept(words)
