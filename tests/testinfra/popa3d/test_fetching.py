"""People fetch their mail by POP3 from outside, whichever agent brought it; nobody else does."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import os
import poplib
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from dialogues.mail import new_token
from dialogues.pop import AUTHORITY, Post
from dialogues.scenario import wait_for

ALICE, CAROL, ERIN = "alice@example.org", "carol@example.org", "erin.o-hara@example.net"
MESSAGES = 200 if os.environ.get("POSTERN_FULL") else 60
ARRIVAL_SECONDS = 120
LARGE_BYTES = 25_000_000
LEAST_WAIT_SECONDS = 0.9


def message(token: str, body: str = "Words.") -> str:
    return f"From: bob@example.com\nSubject: {token}\nMessage-ID: <{token}@example.com>\n\n{body}\n"


def test_curl_lists_and_fetches_what_a_stranger_sent(post: Post) -> None:
    token = new_token()
    post.empty(ALICE)
    post.send((ALICE, message(token)), ("alice.liddell+x@example.org", message(f"{token}-alias")))
    post.arrives(ALICE, f"{token}-alias")
    listed = post.curl(ALICE, "")
    assert listed.rc == 0, listed.text
    count = len(listed.text.split("\n")) - 1
    fetched = [post.curl(ALICE, str(number + 1)).text for number in range(count)]
    assert sum(f"Subject: {token}\n" in text.replace("\r", "") for text in fetched) == 1


def test_an_address_of_many_reaches_each_of_them_once(post: Post) -> None:
    token = new_token()
    for login in (ALICE, CAROL, ERIN):
        post.empty(login)
    post.send(("everybody@example.org", message(token)), ("who@example.net", message(f"{token}-c")))
    post.arrives(CAROL, f"{token}-c")
    for login in (ALICE, CAROL, ERIN):
        post.arrives(login, token)
        found = [text for text in post.texts(login) if f"Subject: {token}\n".encode() in text]
        assert len(found) == 1, login


def test_fetchmail_takes_mail_and_deletes_it_on_the_server(post: Post) -> None:
    token = new_token()
    post.send((ERIN, message(token)))
    post.arrives(ERIN, token)
    rc = (
        f"poll {post.name} protocol pop3 port 995 user '{ERIN}' password '{post.password}'"
        f" options fetchall ssl sslcertck sslcertfile {AUTHORITY} mda 'cat >> /srv/fetched'\n"
    )
    argv = ["fetchmail", "--nosyslog", "--nodetach", "--verbose", "-f", "-"]
    said = post.scenario.run("outside", *argv, stdin=rc)
    assert said.rc == 0, said.text
    assert token in post.scenario.shell("outside", "cat /srv/fetched")
    assert post.texts(ERIN) == []


def test_getmail_takes_mail_and_deletes_it_on_the_server(post: Post) -> None:
    token = new_token()
    post.send((ERIN, message(token)))
    post.arrives(ERIN, token)
    rc = (
        "[retriever]\ntype = SimplePOP3SSLRetriever\n"
        f"server = {post.name}\nusername = {ERIN}\npassword = {post.password}\n"
        f"ca_certs = {AUTHORITY}\n"
        "[destination]\ntype = Maildir\npath = ~/got/\n[options]\ndelete = true\n"
    )
    script = """
    install -m 0600 -o bob /dev/stdin /home/bob/getmailrc
    cd /home/bob
    runuser -u bob -- mkdir -p got/cur got/new got/tmp
    runuser -u bob -- getmail --getmaildir /home/bob --rcfile getmailrc
    cat got/new/*
    """
    said = post.scenario.run("outside", "sh", "-ec", script, stdin=rc)
    assert said.rc == 0, said.text
    assert token in said.text
    assert post.texts(ERIN) == []


def test_mail_that_arrives_in_open_sessions_is_neither_lost_nor_doubled(post: Post) -> None:
    token = new_token()
    post.empty(CAROL)
    seen: list[int] = []

    def write(first: int) -> None:
        numbers = range(first, MESSAGES, 4)
        post.send(*((CAROL, message(f"{token}-{number}-")) for number in numbers))

    def take(most: int) -> None:
        """Fetch and delete; while mail arrives popa3d waits a second for each message."""
        taken = []
        with post.session(CAROL) as pop:
            for number in range(min(most, pop.stat()[0])):
                text = b"\n".join(pop.retr(number + 1)[1]).decode()
                taken += [int(n) for n in re.findall(rf"Subject: {token}-(\d+)-", text)]
                pop.dele(number + 1)
        seen.extend(taken)

    with ThreadPoolExecutor(4) as strangers:
        writing = [strangers.submit(write, first) for first in range(4)]
        while not all(one.done() for one in writing):
            take(3)
        for one in writing:
            one.result()
    end = time.monotonic() + ARRIVAL_SECONDS
    while len(seen) < MESSAGES and time.monotonic() < end:
        wait_for("the agent is done", lambda: post.waiting() == 0, ARRIVAL_SECONDS)
        take(MESSAGES)
    assert sorted(seen) == list(range(MESSAGES))
    assert post.texts(CAROL) == []


def test_a_message_of_25_megabytes_comes_as_it_was_sent(post: Post) -> None:
    post.empty(CAROL)
    line = "0123456789abcdef" * 4
    body = "\n".join(f"{line}{number:010}" for number in range(LARGE_BYTES // 75))
    post.send((CAROL, message(new_token(), body)))
    post.arrives(CAROL, line)
    sizes = [line.split() for line in post.curl(CAROL, "").text.split("\n") if line]
    number = max(sizes, key=lambda one: int(one[1]))[0]
    said = post.curl(CAROL, number)
    assert said.rc == 0
    got = said.text.replace("\r", "").partition("\n\n")[2].strip()
    assert hashlib.sha256(got.encode()).digest() == hashlib.sha256(body.encode()).digest()
    post.empty(CAROL)


def test_wrong_passwords_are_slow_and_logged_and_keep_nobody_else_out(post: Post) -> None:
    since = post.now()

    def guess(login: str, word: str) -> float:
        pop = post.connect()
        pop.user(login)
        begin = time.monotonic()
        with pytest.raises(poplib.error_proto, match="Authentication failed"):
            pop.pass_(word)
        pop.close()
        return time.monotonic() - begin

    # Neither UNIX users nor root have a login, whatever their password.
    tries = [(ALICE, "wrong"), (ALICE, ""), ("alice", post.password), ("root", post.password)]
    with ThreadPoolExecutor(len(tries)) as guessers:
        waits = [guessers.submit(guess, login, word) for login, word in tries if word]
        with post.session(ALICE) as pop:
            assert pop.stat()[0] >= 0
        assert min(wait.result() for wait in waits) > LEAST_WAIT_SECONDS
    failed = post.log(since, "^Authentication failed for")
    assert sum(ALICE in text for _unit, text in failed) == 1
    # The unit's name tells from where: the client's own address, kept by stunnel. The journal may
    # be too late to learn the unit of a session that has ended.
    network = post.scenario.address("outside").rpartition(".")[0]
    units = {unit for unit, _text in failed} - {"None"}
    assert units
    assert all(re.search(rf"-{network}\.1:\d+\.service", unit) for unit in units), units


def test_clear_text_is_for_the_sites_own_networks(post: Post) -> None:
    network = post.scenario.address("outside").rpartition(".")[0]
    inside = post.curl(ALICE, "--interface", f"{network}.210", "", scheme="pop3")
    assert inside.rc == 0, inside.text
    options = ("--interface", f"{network}.200", "--connect-timeout", "3")
    assert post.curl(ALICE, *options, "", scheme="pop3").rc != 0
    behind = post.curl(
        ALICE, *options, "--connect-to", "::" + f"{post.name}:910", "", scheme="pop3"
    )
    assert behind.rc != 0


def test_the_same_password_sends_mail(post: Post) -> None:
    token = new_token()
    swaks = [
        *("swaks", "--server", f"{post.name}:587", "--tls", "--auth", "PLAIN"),
        *("--auth-user", ALICE, "--from", ALICE, "--to", CAROL, "--header", f"Subject: {token}"),
    ]
    said = post.scenario.run("outside", *swaks, "--auth-password", post.password)
    assert said.rc == 0, said.text
    post.arrives(CAROL, token)
