"""Small mail servers in threads for tests: as well behaved, or as careless, as a test wants."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

SITE = "example.org"
PEOPLE = {"alice@example.org": "correct horse", "carol@example.org": "battery staple"}


@dataclass
class Behaviour:
    """What a server does; every default is as it should be."""

    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    greeting: str = "mail.example.org ready"
    # SMTP
    offers_starttls: bool = True
    mechanisms: str = "PLAIN LOGIN"
    offers_auth_in_clear: bool = False
    takes_auth_in_clear: bool = False
    relays: bool = False
    relay_refusal: str = "554 5.7.1 Relay access denied"
    routed_forms_pass: bool = False
    knows_everybody: bool = False
    vrfy_tells: bool = False
    allows_forging: bool = False
    obeys_injected: bool = False
    needs_login: bool = False
    loses_mail: bool = False
    # IMAP and POP3
    takes_any_password: bool = False
    keeps_removed: bool = False
    hang_ups: int = 0  # sessions that end at the first removal
    knows_uidplus: bool = True
    marked: set[int] = field(default_factory=set)
    mail: list[bytes] = field(default_factory=list)


class Line(socketserver.StreamRequestHandler):
    """One connection, by lines."""

    behaviour: Behaviour
    secured = False
    disable_nagle_algorithm = True

    def setup(self) -> None:
        if self.behaviour.implicit_tls:
            self.upgrade()
        super().setup()

    def upgrade(self) -> None:
        assert self.behaviour.tls
        self.request = self.behaviour.tls.wrap_socket(self.request, server_side=True)
        self.secured = True

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
        self.wfile.flush()

    def lines(self) -> Iterator[str]:
        while raw := self.rfile.readline():
            yield raw.decode().rstrip("\r\n")


class Smtp(Line):
    """SMTP as far as the probe speaks it."""

    login = ""
    sender = ""

    def handle(self) -> None:
        self.say(f"220 {self.behaviour.greeting}")
        for line in self.lines():
            verb, _, rest = line.partition(" ")
            reply = getattr(self, f"do_{verb.lower()}", self.unknown)(rest)
            if reply:
                self.say(reply)
            if verb.lower() == "quit":
                return

    def unknown(self, _rest: str) -> str:
        return "502 5.5.2 Unknown command"

    def do_ehlo(self, _rest: str) -> str:
        self.say("250-mail.example.org")
        if self.behaviour.offers_starttls and self.behaviour.tls and not self.secured:
            self.say("250-STARTTLS")
        if self.secured or self.behaviour.offers_auth_in_clear:
            self.say(f"250-AUTH {self.behaviour.mechanisms}")
        return "250 8BITMIME"

    def do_starttls(self, _rest: str) -> str:
        if not self.behaviour.tls:
            return "502 5.5.1 No TLS"
        self.request.setblocking(False)
        waiting = self.rfile.peek() if self.behaviour.obeys_injected else b""
        self.request.setblocking(True)
        self.say("220 2.0.0 Go ahead")
        self.upgrade()
        self.rfile = self.request.makefile("rb")
        self.wfile = socketserver._SocketWriter(self.request)  # type: ignore[attr-defined]
        return "250 2.0.0 Injected" if b"NOOP" in waiting else ""

    def do_auth(self, rest: str) -> str:
        if not (self.secured or self.behaviour.takes_auth_in_clear):
            return "530 5.7.0 Must issue a STARTTLS command first"
        if rest == "LOGIN":
            login, password = self.ask("VXNlcm5hbWU6"), self.ask("UGFzc3dvcmQ6")
        else:
            words = base64.b64decode(rest.partition(" ")[2]).decode()
            _zero, login, password = words.split("\0")
        if PEOPLE.get(login) == password or self.behaviour.takes_any_password:
            self.login = login
            return "235 2.7.0 Welcome"
        return "535 5.7.8 Wrong"

    def ask(self, question: str) -> str:
        self.say(f"334 {question}")
        return base64.b64decode(next(self.lines())).decode()

    def do_mail(self, rest: str) -> str:
        self.sender = rest.partition("<")[2].partition(">")[0]
        if self.login and self.sender != self.login and not self.behaviour.allows_forging:
            return "553 5.7.1 Not your address"
        return "250 2.1.0 Ok"

    def do_rcpt(self, rest: str) -> str:
        address = rest.partition("<")[2].rpartition(">")[0]
        if self.behaviour.needs_login and not self.login:
            return "530 5.7.0 Log in first"
        local, _at, domain = address.rpartition("@")
        if any(char in local for char in '%!":@'):
            return "250 2.1.5 Ok" if self.behaviour.routed_forms_pass else "554 5.7.1 No routing"
        if domain != SITE:
            trusted = self.login or self.behaviour.relays
            return "250 2.1.5 Ok" if trusted else self.behaviour.relay_refusal
        if address in PEOPLE or self.behaviour.knows_everybody or local == "postmaster":
            return "250 2.1.5 Ok"
        return "550 5.1.1 Unknown"

    def do_data(self, _rest: str) -> str:
        self.say("354 Go ahead")
        body = b"\r\n".join(line.encode() for line in iter(lambda: next(self.lines()), "."))
        if not self.behaviour.loses_mail:
            self.behaviour.mail.append(body)
        return "250 2.0.0 Queued"

    def do_vrfy(self, rest: str) -> str:
        if self.behaviour.vrfy_tells:
            return "250 2.1.5 Known" if rest in PEOPLE else "550 5.1.1 Unknown"
        return "502 5.5.1 Disabled"

    do_expn = do_vrfy

    def do_noop(self, _rest: str) -> str:
        return "250 2.0.0 Ok"

    def do_quit(self, _rest: str) -> str:
        return "221 2.0.0 Bye"


class Sieve(Line):
    """ManageSieve as far as the probe speaks it."""

    def handle(self) -> None:
        self.capabilities()
        for line in self.lines():
            verb = line.partition(" ")[0].lower()
            if reply := getattr(self, f"do_{verb}")(line):
                self.say(reply)
            if verb == "logout":
                return

    def capabilities(self) -> None:
        self.say(f'"IMPLEMENTATION" "{self.behaviour.greeting}"')
        open_to_login = self.secured or self.behaviour.offers_auth_in_clear
        self.say(f'"SASL" "{self.behaviour.mechanisms if open_to_login else ""}"')
        if not self.secured and self.behaviour.offers_starttls:
            self.say('"STARTTLS"')
        self.say("OK")

    def do_starttls(self, _line: str) -> str:
        if not self.behaviour.offers_starttls:
            return 'NO "TLS is not offered"'
        self.say("OK")
        self.upgrade()
        self.rfile = self.request.makefile("rb")
        self.wfile = socketserver._SocketWriter(self.request)  # type: ignore[attr-defined]
        self.capabilities()
        return ""

    def do_authenticate(self, line: str) -> str:
        if not (self.secured or self.behaviour.takes_auth_in_clear):
            return 'NO "Unsupported authentication mechanism"'
        words = base64.b64decode(line.split('"')[3]).decode()
        _zero, login, password = words.split("\0")
        right = PEOPLE.get(login) == password or self.behaviour.takes_any_password
        return "OK" if right else 'NO "Authentication error"'

    def do_logout(self, _line: str) -> str:
        return "OK"


class Imap(Line):
    """IMAP as far as the probe speaks it; every account sees the same mailbox."""

    logged_in = False

    def handle(self) -> None:
        self.say(f"* OK {self.behaviour.greeting}")
        for line in self.lines():
            tag, _, rest = line.partition(" ")
            words = rest.split()
            verb = words[0].lower()
            status = getattr(self, f"do_{verb}", lambda _words: "BAD Unknown command")(words[1:])
            self.say(f"{tag} {status}")
            if verb == "logout":
                return

    def do_capability(self, _words: list[str]) -> str:
        disabled = "" if self.open_to_login() else " LOGINDISABLED"
        more = " UIDPLUS" if self.logged_in and self.behaviour.knows_uidplus else ""
        self.say(f"* CAPABILITY IMAP4rev1{disabled}{more}")
        return "OK Done"

    def open_to_login(self) -> bool:
        return self.secured or self.behaviour.takes_auth_in_clear

    def do_login(self, words: list[str]) -> str:
        if not self.open_to_login():
            return "NO [PRIVACYREQUIRED] Not without TLS"
        password = " ".join(words[1:]).strip('"')
        if PEOPLE.get(words[0]) == password or self.behaviour.takes_any_password:
            self.logged_in = True
            return "OK Welcome"
        return "NO [AUTHENTICATIONFAILED] Wrong"

    def do_select(self, _words: list[str]) -> str:
        self.say(f"* {len(self.behaviour.mail)} EXISTS")
        return "OK [READ-WRITE] Done"

    def do_uid(self, words: list[str]) -> str:
        mail = self.behaviour.mail
        verb = words[0].upper()
        if verb == "SEARCH":
            hits = [str(at + 1) for at, text in enumerate(mail) if text and self.hit(at, words)]
            self.say(f"* SEARCH {' '.join(hits)}")
        elif verb == "FETCH":
            text = mail[int(words[1]) - 1]
            self.say(f"* {words[1]} FETCH (UID {words[1]} BODY[] {{{len(text)}}}")
            self.wfile.write(text)
            self.say(")")
        elif verb == "STORE":
            self.behaviour.marked |= {int(number) for number in words[1].split(",")}
        elif verb == "EXPUNGE":
            self.remove({int(number) for number in words[1].split(",")})
        return "OK Done"

    def hit(self, at: int, words: list[str]) -> bool:
        if words[-1] == "DELETED":
            return at + 1 in self.behaviour.marked
        return words[-1].strip('"').encode() in self.behaviour.mail[at]

    def do_expunge(self, _words: list[str]) -> str:
        self.remove(self.behaviour.marked)
        return "OK Done"

    def remove(self, numbers: set[int]) -> None:
        for number in numbers & self.behaviour.marked:
            if not self.behaviour.keeps_removed:
                self.behaviour.mail[number - 1] = b""

    def do_logout(self, _words: list[str]) -> str:
        self.say("* BYE")
        return "OK Done"


class Pop3(Line):
    """POP3 as far as the probe speaks it."""

    user = ""

    def handle(self) -> None:
        self.say(f"+OK {self.behaviour.greeting}")
        for line in self.lines():
            verb, *words = line.split()
            handler: Any = getattr(self, f"do_{verb.lower()}", lambda _words: "-ERR Unknown")
            self.say(handler(words))
            if verb.lower() == "quit":
                return

    def do_user(self, words: list[str]) -> str:
        if not (self.secured or self.behaviour.takes_auth_in_clear):
            return "-ERR [AUTH] Plaintext login disallowed"
        self.user = words[0]
        return "+OK"

    def do_pass(self, words: list[str]) -> str:
        right = PEOPLE.get(self.user) == " ".join(words)
        return "+OK" if right or self.behaviour.takes_any_password else "-ERR [AUTH] Wrong"

    def do_stat(self, _words: list[str]) -> str:
        return f"+OK {len(self.behaviour.mail)} 1"

    def do_top(self, words: list[str]) -> str:
        self.say("+OK")
        for line in self.behaviour.mail[int(words[0]) - 1].split(b"\r\n"):
            self.say(line.decode())
        return "."

    do_retr = do_top

    def do_dele(self, words: list[str]) -> str:
        if self.behaviour.hang_ups:
            self.behaviour.hang_ups -= 1
            raise ConnectionAbortedError
        if not self.behaviour.keeps_removed:
            self.behaviour.mail[int(words[0]) - 1] = b""
        return "+OK"

    def do_quit(self, _words: list[str]) -> str:
        return "+OK"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: probes hang up in every possible way."""


@contextmanager
def running(kind: type[Line], behaviour: Behaviour) -> Iterator[int]:
    """Run a server on a free port of 127.0.0.1 and yield the port."""
    handler = type(kind.__name__, (kind,), {"behaviour": behaviour})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def unused_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
