"""The cases that Postfix and Sendmail have to treat alike, as a mail administrator would list them.

The site is molecule/parity/group_vars/mail_hosts.yml. {host} and {address} are the server's own.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass

BOB = "bob@example.com"
ALICE = "alice@example.org"


@dataclass(frozen=True)
class But:
    """How one agent ends a case otherwise, and why; docs/transfer-agents.md says so too."""

    agent: str
    why: str
    answer: str | None = None
    lands: str | None = None
    seen: str | None = None


@dataclass(frozen=True)
class Case:
    """One message, or some commands, and what becomes of it.

    to:      recipients, blanks between them
    answer:  first figure of the answer to each recipient or command; one figure stands for all
    lands:   where it lands, each place as often as it comes there; with @ outside, else an account
    client:  who connects: stranger, trusted, refused, relaying
    user:    a UNIX user of the server itself, whose program calls sendmail in place of all this
    says:    header lines in place of From and To
    seen:    a header line that everyone finds in it, Return-Path included
    kib:     how long the message is
    """

    what: str
    to: str = ALICE
    lands: str = ""
    answer: str = "2"
    sender: str = BOB
    client: str = "stranger"
    port: int = 25
    login: str = ""
    password: str = ""
    tls: bool = False
    user: str = ""
    says: tuple[str, ...] = ()
    seen: str = ""
    kib: int = 1
    declared: bool = False
    commands: tuple[str, ...] = ()
    but: But | None = None


def arrives(what: str, to: str, lands: str, **more: object) -> Case:
    """Return a case of mail that is taken."""
    return Case(what, to=to, lands=lands, **more)  # type: ignore[arg-type]


def refused(what: str, to: str = ALICE, answer: str = "5", **more: object) -> Case:
    """Return a case of mail that is not taken and lands nowhere."""
    return Case(what, to=to, answer=answer, **more)  # type: ignore[arg-type]


def submitted(what: str, to: str = BOB, lands: str = BOB, **more: object) -> Case:
    """Return a case of mail that alice submits."""
    standard: dict[str, object] = {"port": 587, "tls": True, "login": ALICE, "sender": ALICE}
    return Case(what, to=to, lands=lands, **standard | more)  # type: ignore[arg-type]


def unsubmitted(what: str, answer: str = "5", **more: object) -> Case:
    """Return a case of mail that somebody may not submit."""
    return submitted(what, lands="", answer=answer, **more)  # type: ignore[arg-type]


def programs(what: str, to: str, lands: str, **more: object) -> Case:
    """Return a case of mail that a program of the server itself sends."""
    standard: dict[str, object] = {"user": "root", "sender": "", "says": ("X-Program: yes",)}
    return Case(what, to=to, lands=lands, **standard | more)  # type: ignore[arg-type]


WHO_GETS_IT = (
    arrives("an account", ALICE, "alice"),
    arrives("an account of the second domain", "erin@example.net", "erin"),
    arrives("an account in capitals", "ALICE@Example.ORG", "alice"),
    arrives("an account's alias", "alice.liddell@example.org", "alice"),
    arrives("an account's alias in capitals", "Alice.Liddell@EXAMPLE.org", "alice"),
    arrives("an account with a detail", "alice+lists@example.org", "alice"),
    arrives("an account of the second domain with a detail", "erin+x@example.net", "erin"),
    arrives("an account's alias with a detail", "alice.liddell+x@example.org", "alice"),
    arrives("an alias with a detail", "sales+x@example.org", "dave erin"),
    arrives("an alias of two", "sales@example.org", "dave erin"),
    arrives("an alias of two, in the second domain", "sales@example.net", "dave erin"),
    arrives("an alias in capitals", "SALES@example.org", "dave erin"),
    arrives("a chain of aliases", "first@example.org", "alice"),
    arrives("an alias that meets one person twice", "everybody@example.org",
            "alice carol dave erin keeper"),
    arrives("an alias to the world outside", "bobs@example.org", BOB),
    arrives("an alias to both sides", "mixed@example.org", f"dave {BOB}"),
    arrives("an alias of one domain", "team@example.net", "alice dave"),
    refused("an alias of one domain, in another", "team@example.org"),
    arrives("an alias of a long list", "listed.name@example.org", "alice erin"),
    arrives("an alias of a long list, in the second domain", "listed.name@example.net",
            "alice erin"),
    arrives("an alias of a long list, of one domain", "press@example.net", "dave"),
    arrives("a locked account", "dave@example.org", "dave"),
    arrives("an account with copies", "carol@example.org", "carol keeper"),
    arrives("an alias of an account with copies", "abuse@example.org", "carol keeper"),
    refused("nobody", "nobody@example.org"),
    refused("nobody, with a detail", "nobody+x@example.org"),
    arrives("anybody of a domain with a catch-all", "anybody@example.net", "office"),
    arrives("anybody, with a detail", "anybody+x@example.net", "office"),
    arrives("anybody of a domain caught outside", "anybody@shop.example", "orders@example.com"),
    arrives("an alias of a domain caught outside", "sales@shop.example", "dave erin"),
    arrives("an account of the first domain, in the second", "alice@example.net", "office"),
    arrives("postmaster", "postmaster@example.org", "alice"),
    arrives("postmaster of a domain with a catch-all", "postmaster@example.net", "alice"),
    arrives("abuse of a domain with a catch-all", "abuse@example.net", "carol keeper"),
    arrives("postmaster without a domain", "postmaster", "alice"),
    arrives("postmaster without a domain, in capitals", "PostMaster", "alice"),
    arrives("postmaster of the host", "postmaster@{host}", "alice"),
    arrives("root of the host", "root@{host}", "alice"),
    refused("an account at the host's name", "alice@{host}"),
    refused("a UNIX user of the host", "games@{host}"),
)  # fmt: skip

ONE_COPY_EACH = (
    "Postfix hands over a copy for each address that was written, and Cyrus keeps one of them by"
    " its Message-ID; Sendmail hands over one."
)

SEVERAL = (
    arrives("two people", "alice@example.org erin@example.net", "alice erin"),
    arrives("one person twice", f"{ALICE} {ALICE}", "alice"),
    arrives("one person by name and by alias", f"{ALICE} first@example.org", "alice",
            but=But("postfix", ONE_COPY_EACH, lands="alice alice")),
    Case("somebody beside nobody", f"{ALICE} nobody@example.org", "alice", "25"),
    Case("nobody before somebody", f"nobody@example.org {ALICE}", "alice", "52"),
    arrives("people of both sides", f"erin@example.net bobs@example.org {ALICE}",
            f"alice erin {BOB}"),
    arrives("as many as one message may have", " ".join(f"a{n}@example.net" for n in range(10)),
            "office", but=But("postfix", ONE_COPY_EACH, lands="office " * 10)),
    Case("more than one message may have", " ".join(f"a{n}@example.net" for n in range(11)),
         "office", "22222222224", but=But("postfix", ONE_COPY_EACH, lands="office " * 10)),
)  # fmt: skip

NO_SUCH_DOMAIN = (
    "Postfix puts off a sender whose domain the DNS does not know, in case the DNS is at fault;"
    " Sendmail refuses it."
)
NO_SUCH_DOMAIN_INSIDE = (
    "Sendmail asks the DNS for the domain of every sender,"
    " Postfix not for those of trusted clients."
)

SENDERS = (
    arrives("no sender, as bounces have", ALICE, "alice", sender="", seen="Return-Path: <>"),
    arrives("no sender, to two", "alice@example.org dave@example.org", "alice dave", sender=""),
    arrives("a sender's address is kept", ALICE, "alice", sender="Bob.X+y@Example.COM",
            seen="Return-Path: <Bob.X+y@Example.COM>"),
    arrives("a sender's address is kept on the way outside", "bobs@example.org", BOB,
            sender="Bob.X+y@Example.COM", seen="Return-Path: <Bob.X+y@Example.COM>"),
    refused("a sender without a domain", sender="bob"),
    refused("a sender with half a domain", sender="bob@example"),
    refused("a sender of a domain that is not there", answer="4", sender="bob@nowhere.example.com",
            but=But("sendmail", NO_SUCH_DOMAIN, answer="5")),
    refused("a refused sender", sender="spammer@example.com"),
    refused("a refused sender in capitals", sender="Spammer@EXAMPLE.com"),
    refused("a refused sender to postmaster", "postmaster@example.org",
            sender="spammer@example.com"),
    refused("a refused sender with a detail", sender="spammer+x@example.com"),
    refused("a sender of a refused domain", sender="someone@junk.example"),
    refused("a sender below a refused domain", sender="someone@sub.junk.example"),
    arrives("an exception in a refused domain", ALICE, "alice", sender="friend@junk.example"),
    refused("a sender of a long list", sender="listed@example.com"),
    refused("a sender of a domain of a long list", sender="anybody@listed.example"),
    Case("a sender whose mail is thrown away", sender="quiet@example.com"),
    arrives("a stranger with a sender of the site", "erin@example.net", "erin", sender=ALICE),
    arrives("a stranger with a sender of the site whom nobody is", ALICE, "alice",
            sender="nobody@example.org"),
)  # fmt: skip

RECIPIENTS = (
    refused("a recipient who has left", "gone@example.org"),
    refused("a recipient who has left, in capitals", "Gone@Example.org"),
    Case("a recipient whose mail is thrown away", "void@example.org"),
    Case("one whose mail is thrown away beside another", f"void@example.org {ALICE}", "alice"),
    Case("one whose mail is thrown away after another", f"{ALICE} void@example.org", "alice"),
    Case("one who has left beside another", f"gone@example.org {ALICE}", "alice", "52"),
)

CLIENTS = (
    refused("a refused client", client="refused"),
    refused("a refused client to postmaster", "postmaster@example.org", client="refused"),
    arrives("a trusted client", ALICE, "alice", client="trusted"),
    arrives("a client that may relay", ALICE, "alice", client="relaying"),
    refused("a trusted client to nobody", "nobody@example.org", client="trusted"),
    refused("a trusted client with a refused sender", client="trusted",
            sender="spammer@example.com"),
    arrives("a trusted client with a sender of a domain that is not there", ALICE, "alice",
            client="trusted", sender="bob@nowhere.example.com",
            but=But("sendmail", NO_SUCH_DOMAIN_INSIDE, answer="5", lands="")),
)  # fmt: skip

RELAYING = (
    refused("a stranger relays", BOB),
    refused("a stranger relays with no sender", BOB, sender=""),
    refused("a stranger relays as alice", BOB, sender=ALICE),
    refused("a stranger relays by percent", "bob%example.com@example.org"),
    refused("a stranger relays by percent at the host", "bob%example.com@{host}"),
    refused("a stranger relays by route", "@example.org:bob@example.com"),
    refused("a stranger relays by bangs", "example.com!bob@example.org"),
    refused("a stranger relays by quotes", '"bob@example.com"@example.org'),
    refused("a stranger relays by percent and catch-all", "bob%example.com@{address}"),
    arrives("a trusted client relays", BOB, BOB, client="trusted", sender=ALICE),
    arrives("a client that may relay relays", BOB, BOB, client="relaying", sender=ALICE),
    arrives("a stranger to a recipient handled elsewhere", "alice@partner.example",
            "alice@partner.example"),
    refused("a stranger to another of that domain", "bob@partner.example"),
    arrives("a recipient of a relay domain", "info@branch.example", "info@branch.example"),
    arrives("a recipient of a relay domain in capitals", "INFO@Branch.Example",
            "INFO@Branch.Example"),
    arrives("a recipient of a relay domain's long list", "help@branch.example",
            "help@branch.example"),
    refused("nobody of a relay domain", "nobody@branch.example"),
    arrives("anybody of a relay domain without a list", "anybody@wild.example",
            "anybody@wild.example"),
    Case("a relay domain beside the outside", f"info@branch.example {BOB}", "info@branch.example",
         "25"),
)  # fmt: skip

BARE_NAMES = (
    "A name in a header that has no domain gets Sendmail's own behind it; Postfix leaves headers of"
    " strangers alone."
)

CONTENT = (
    arrives("headers are kept", ALICE, "alice",
            says=("From: Bob <Bob@Example.COM>", "To: The Team <team@some.example>"),
            seen="To: The Team <team@some.example>"),
    arrives("a bare name in From is kept", ALICE, "alice",
            says=("From: bob", "To: alice@example.org"), seen="From: bob",
            but=But("sendmail", BARE_NAMES, seen="From: bob@{host}")),
    arrives("a bare name in To is kept", ALICE, "alice",
            says=("From: bob@example.com", "To: alice"), seen="To: alice",
            but=But("sendmail", BARE_NAMES, seen="To: alice@{host}")),
    arrives("headers are kept on the way outside", "bobs@example.org", BOB,
            says=("From: Bob <Bob@Example.COM>", "To: bobs@example.org"),
            seen="To: bobs@example.org"),
    arrives("a long message", ALICE, "alice", kib=900),
    refused("a message that is too long", kib=1100),
    refused("a message that says it is too long", kib=1100, declared=True),
)  # fmt: skip

NO_VRFY = "Sendmail answers 252 to VRFY for everybody, which tells as little as Postfix' 502."

COMMANDS = (
    Case("VRFY tells nothing", commands=("EHLO outside.example.com", "VRFY alice"), answer="25",
         but=But("sendmail", NO_VRFY, answer="22")),
    Case("EXPN tells nothing", commands=("EHLO outside.example.com", "EXPN sales"), answer="25"),
    Case("ETRN does nothing", commands=("EHLO outside.example.com", "ETRN example.org"),
         answer="25"),
    Case("a greeting is needed", commands=(f"MAIL FROM:<{BOB}>",), answer="5"),
    Case("an unknown command", commands=("EHLO outside.example.com", "FROB"), answer="25"),
    Case("nobody logs in on port 25", commands=("EHLO outside.example.com", "AUTH PLAIN AGEAYg=="),
         answer="25"),
    Case("a recipient before a sender", commands=("EHLO outside.example.com", f"RCPT TO:<{ALICE}>"),
         answer="25"),
    Case("a message without recipients",
         commands=("EHLO outside.example.com", f"MAIL FROM:<{BOB}>", "DATA"), answer="225"),
    Case("RSET forgets", commands=("EHLO outside.example.com", f"MAIL FROM:<{BOB}>", "RSET",
                                   f"MAIL FROM:<{BOB}>"), answer="2"),
)  # fmt: skip

NO_FULL_NAME = (
    "Where a program gives a sender and no From, Postfix writes one with the UNIX user's name,"
    " Sendmail one without."
)

PROGRAMS = (
    programs("a program of root to a bare name", "root", "alice",
             seen="Return-Path: <root@example.org>"),
    programs("a program of root to an alias", "sales", "dave erin"),
    programs("a program of root to the host", "root@localhost", "alice"),
    programs("a program of root to an account", ALICE, "alice",
             seen="From: root <root@example.org>"),
    programs("a program of root outside", BOB, BOB, seen="Return-Path: <root@example.org>"),
    programs("a program of a UNIX user to an account", ALICE, "alice", user="games",
             seen="Return-Path: <games@example.org>"),
    programs("a program of a UNIX user outside", BOB, BOB, user="games",
             seen="Return-Path: <games@example.org>"),
    programs("a program of a UNIX user with a sender", BOB, BOB, user="games", sender=ALICE,
             seen="From: games <alice@example.org>",
             but=But("sendmail", NO_FULL_NAME, seen="From: alice@example.org")),
    programs("a program to both sides", f"root {BOB}", f"alice {BOB}"),
)  # fmt: skip

SUBMISSION = (
    submitted("alice submits", seen="Return-Path: <alice@example.org>"),
    submitted("alice submits on 465", port=465, tls=False),
    submitted("alice submits to a colleague", "carol@example.org", "carol keeper"),
    submitted("alice as her alias", sender="alice.liddell@example.org"),
    submitted("alice as a sender she was given", sender="news@example.org"),
    submitted("alice as anybody of a domain she was given", sender="x@shop.example"),
    submitted("alice as what leads to her", sender="third@example.org"),
    submitted("alice as what leads to her by a chain", sender="first@example.org"),
    submitted("alice in capitals", sender="ALICE@Example.ORG"),
    submitted("alice with a detail", sender="alice+x@example.org"),
    submitted("alice with no sender", sender=""),
    submitted("office as anybody whom it catches", login="office@example.org",
              sender="anybody@example.net"),
    unsubmitted("alice as a colleague", sender="carol@example.org"),
    unsubmitted("alice as a colleague, on 465", port=465, tls=False, sender="carol@example.org"),
    unsubmitted("alice as a colleague of the second domain", sender="erin@example.net"),
    unsubmitted("alice as a stranger", sender=BOB),
    unsubmitted("alice as nobody", sender="nobody@example.org"),
    unsubmitted("alice as an alias that leads elsewhere", sender="bobs@example.org"),
    unsubmitted("office as what its domain's catch-all does not catch", login="office@example.org",
                sender="erin@example.net"),
    unsubmitted("alice to nobody", to="nobody@example.org"),
    unsubmitted("a login in capitals", login="Alice@example.org"),
    unsubmitted("a wrong password", password="wrong"),
    unsubmitted("a login of a locked account", login="dave@example.org", sender="dave@example.org"),
    unsubmitted("a login that is not there", login="nobody@example.org"),
    unsubmitted("submission without a login", login=""),
    unsubmitted("submission without TLS", tls=False, login=""),
    unsubmitted("submission without a login, on 465", port=465, tls=False, login=""),
    unsubmitted("submission without a login to alice", to=ALICE, login="", sender=BOB),
    Case("no login is offered without TLS",
         commands=("EHLO outside.example.com", "AUTH PLAIN AGEAYg=="), port=587, answer="25"),
)  # fmt: skip

CASES = (
    *WHO_GETS_IT,
    *SEVERAL,
    *SENDERS,
    *RECIPIENTS,
    *CLIENTS,
    *RELAYING,
    *CONTENT,
    *COMMANDS,
    *PROGRAMS,
    *SUBMISSION,
)
