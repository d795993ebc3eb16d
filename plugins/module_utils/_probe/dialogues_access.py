"""Dialogues about logins: who gets in, who doesn't, and what stays closed without TLS."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import imaplib
import poplib
import secrets
from collections.abc import Callable
from dataclasses import replace

from . import judge
from .dialogues_smtp import label, plaintext_auth
from .managesieve import ManageSieve, SieveError
from .model import SERVICES, Account, Check, Group, Promise, Target, Verdict, broken, kept
from .reading import Imap, Pop3, Session, open_session
from .smtp import Smtp
from .transcript import Transcript

# A port that a firewall guards is silent; who is there answers sooner.
CLOSED_SECONDS = 5.0
_SERVER_SAYS_NO = (imaplib.IMAP4.error, poplib.error_proto, SieveError)


def login(promise: Promise, target: Target) -> list[Group]:
    """Log in with the certificate verified."""
    account = promise.account or Account("", "")
    return [
        (
            Check(
                f"login:{service}",
                f"{account.login} logs in on {label(service, target)}, certificate verified",
                _login_step(service, account, target),
            ),
        )
        for service in promise.services
    ]


def _login_step(service: str, account: Account, target: Target) -> Callable[[Transcript], Verdict]:
    def step(transcript: Transcript) -> Verdict:
        reply = _try_login(service, account, target, transcript)
        return kept("logged in") if reply is None else broken(f"refused: {reply}")

    return step


def wrong_password_refused(promise: Promise, target: Target) -> list[Group]:
    """Log in with an invented password."""
    name = promise.account.login if promise.account else "postmaster"

    def step_for(service: str) -> Callable[[Transcript], Verdict]:
        def step(transcript: Transcript) -> Verdict:
            wrong = Account(name, f"wrong-{secrets.token_hex(8)}")
            reply = _try_login(service, wrong, target, transcript)
            return broken("accepted") if reply is None else kept(f"refused: {reply}")

        return step

    return [
        (
            Check(
                f"wrong_password_refused:{service}",
                f"A wrong password is refused on {label(service, target)}",
                step_for(service),
            ),
        )
        for service in promise.services
    ]


def _try_login(
    service: str, account: Account, target: Target, transcript: Transcript
) -> str | None:
    """Log in; return None when it went well, else the server's words."""
    if SERVICES[service].protocol == "smtp":
        with Smtp(target, service, transcript) as smtp:
            smtp.secure()
            code, text = smtp.authenticate(account)
            return None if code == 235 else judge.shown(code, text)
    session = open_session(target, service, transcript)
    try:
        session.login_as(account)
    except _SERVER_SAYS_NO as error:
        return words(error)
    finally:
        end(session)
    return None


def words(error: Exception) -> str:
    """Return what a server said when a library made an exception of it."""
    text = error.args[0] if error.args else error
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def end(session: Session) -> None:
    """Leave without caring for the answer."""
    try:
        session.logout()
    except (*_SERVER_SAYS_NO, OSError):
        if isinstance(session, Pop3):
            session.close()
        else:
            session.shutdown()


def plaintext_login_refused(promise: Promise, target: Target) -> list[Group]:
    """Try to log in without TLS, with an invented password, wherever that could be possible."""
    return [
        (
            Check(
                f"plaintext_login_refused:{service}",
                f"No password is taken without TLS on {label(service, target)}",
                _plaintext_step(service, target),
            ),
        )
        for service in promise.services
        if not SERVICES[service].implicit_tls
    ]


def _plaintext_step(service: str, target: Target) -> Callable[[Transcript], Verdict]:
    if SERVICES[service].protocol == "smtp":
        return plaintext_auth(service, target)

    def step(transcript: Transcript) -> Verdict:
        hasty = replace(target, timeout_seconds=min(target.timeout_seconds, CLOSED_SECONDS))
        try:
            session = open_session(hasty, service, transcript)
        except (ConnectionRefusedError, TimeoutError):
            return kept("closed")
        try:
            return judge.plain_login(*_false_login(session))
        finally:
            end(session)

    return step


def _false_login(session: Session) -> tuple[list[str], str]:
    """Return the session's capabilities and its answer to an invented login."""
    invented = f"postern-probe-{secrets.token_hex(4)}"
    try:
        if isinstance(session, ManageSieve):
            # A server that listens to no login names no way to log in.
            if offered := session.capabilities.get("SASL"):
                return [], f"OK, {offered} is offered"
            session.authenticate(Account(invented, secrets.token_hex(8)))
            return [], "OK"
        if isinstance(session, Imap):
            capabilities = [str(word) for word in session.capabilities]
            _status, data = session.login(invented, secrets.token_hex(8))
            return capabilities, f"OK {data[0].decode('utf-8', 'replace')}"
        session.user(invented)
        return [], session.pass_(secrets.token_hex(8)).decode("utf-8", "replace")
    except _SERVER_SAYS_NO as error:
        capabilities = list(session.capabilities) if isinstance(session, Imap) else []
        if isinstance(session, ManageSieve):  # no way to log in was named
            capabilities = ["LOGINDISABLED"]
        return capabilities, words(error)
