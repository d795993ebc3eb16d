"""People's mail programs on the host outside, against every store behind every transfer agent."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from dialogues.everywhere import everywhere
from dialogues.mail import new_token
from dialogues.scenario import Said, Scenario, wait_for
from dialogues.stores_person import CA, WRONG_CA, Person, message

MBSYNC = """
IMAPAccount account
Host {server}
User {login}
Pass {password}
{tls} IMAPS
CertificateFile {ca}
SystemCertificates no

IMAPStore there
Account account

MaildirStore here
Path {folder}/mail/
Inbox {folder}/mail/INBOX
SubFolders Verbatim

Channel all
Far :there:
Near :here:
Patterns *
Create Both
Remove Both
Expunge Both
SyncState *
"""
FETCHMAIL = """
poll {server} protocol pop3 port 995 uidl
    user "{login}" password "{password}"
    ssl sslcertck sslcertfile {ca} mda "cat >> {folder}/fetched" {keep}
"""
GETMAIL = """
[retriever]
type = SimplePOP3SSLRetriever
server = {server}
username = {login}
password = {password}
ca_certs = {ca}
[destination]
type = Maildir
path = {folder}/getmail/
[options]
delete = true
"""
MUTT = """
set from = "{login}"
set imap_user = "{login}"
set imap_pass = "{password}"
set folder = "imaps://{server}/"
set spoolfile = "+INBOX"
set smtp_url = "smtp://{user}@{server}:587/"
set smtp_pass = "{password}"
set smtp_authenticators = "plain"
set ssl_starttls = yes
set ssl_force_tls = yes
set ssl_verify_host = yes
set ssl_ca_certificates_file = {ca}
set certificate_file = {folder}/accepted
set record = ""
set use_from = yes
set envelope_from = no
set copy = no
set wait_key = no
"""
# getmail's own: its child may end before it has noted which one it is, or waits for it.
RACES = re.compile(r"object has no attribute 'childpid'|waiting child pid \d+ timed out")
FOLDER = "Entw&APw-rfe/&ZeVnLIqe-"  # as it is said to a server
SHOWN = "Entwürfe/日本語"  # as mbsync since 1.5 shows it


def person(scenario: Scenario, host: str) -> Person:
    one = Person(scenario, host)
    one.starts_empty()
    return one


def fill(one: Person, *subjects: str, folder: str = "INBOX", words: str = "Words.") -> None:
    with one.imap() as imap:
        name = folder
        if folder != "INBOX":
            name = one.named(imap, folder)
            imap.create(name)
        for subject in subjects:
            assert imap.append(name, "", "", message(subject, words))[0] == "OK"


def test_mbsync_keeps_both_sides_alike(scenario: Scenario) -> None:
    everywhere(lambda host: mbsync_keeps_both_sides_alike(person(scenario, host)))


def mbsync_keeps_both_sides_alike(one: Person) -> None:
    fill(one, "one", "two", "three", "four", "five")
    fill(one, "inner", folder=FOLDER)
    is_old = one.scenario.release == "bookworm"
    tls, shown = ("SSLType", FOLDER) if is_old else ("TLSType", SHOWN)
    rc = one.writes("mbsyncrc", MBSYNC.replace("{tls}", tls))
    sync = f"mkdir -p {one.folder}/mail; mbsync --config {rc} all"
    one.outside(sync)
    inbox, other = f"{one.folder}/mail/INBOX", f"{one.folder}/mail/{shown}"
    count = f"cat {inbox}/*/* | grep -c ^Subject; cat '{other}'/*/* | grep -c ^Subject"
    assert one.outside(count).text.split() == ["5", "1"]

    # Here a flag, a move, a removal, a new folder. There a flag, a removal, a message.
    find = f"f=$(grep -l 'Subject: {{}}' {inbox}/*/*)"
    one.outside(f"{find.format('one')}; mv $f {inbox}/cur/$(basename ${{f%%:2,*}}):2,FS")
    one.outside(f"{find.format('two')}; mv $f '{other}'/new/moved")
    one.outside(f"{find.format('three')}; mv $f {inbox}/cur/$(basename ${{f%%:2,*}}):2,T")
    made = f"{one.folder}/mail/Made"
    one.outside(f"mkdir -p {made}/cur {made}/new {made}/tmp; cat > {made}/new/draft",
                message("draft").decode().replace("\r\n", "\n"))  # fmt: skip
    with one.imap() as imap:
        imap.store(imap.search(None, "SUBJECT", "four")[1][0].decode(), "+FLAGS", r"(\Answered)")
        imap.store(imap.search(None, "SUBJECT", "five")[1][0].decode(), "+FLAGS", r"(\Deleted)")
        imap.expunge()
    fill(one, "six")
    one.outside(sync)

    with one.imap() as imap:
        assert one.has(imap) == {"one": r"\Flagged \Seen", "four": r"\Answered", "six": ""}
        assert one.has(imap, FOLDER) == {"inner": "", "two": ""}
        assert one.has(imap, "Made") == {"draft": ""}
    listing = f"cd {one.folder}/mail; find . -path '*/cur/*' -o -path '*/new/*' | sort"
    kept = one.outside(listing).text
    assert kept.count("INBOX/") == 3
    assert [":2,R" in line for line in kept.splitlines()].count(True) == 1
    one.outside(sync)
    assert one.outside(listing).text == kept


def test_fetchmail_takes_mail_of_a_server_that_it_knows(scenario: Scenario) -> None:
    def deed(host: str) -> None:
        one = person(scenario, host)
        fill(one, "first", "second", words="..dots\r\n.")
        fetched = f"cat {one.folder}/fetched"
        rc = one.writes("fetchmailrc", FETCHMAIL.replace("{keep}", "keep"))
        run = f"export FETCHMAILHOME={one.folder} LC_ALL=C; fetchmail --nodetach"
        run += f" --pidfile {one.folder}/pid --fetchmailrc {rc}"
        wrong = one.tries(f"sed 's#{CA}#{WRONG_CA}#' {rc} > {rc}.wrong; chmod 600 {rc}.wrong; "
                          f"{run}.wrong")  # fmt: skip
        assert wrong.rc not in {0, 1}, wrong.text
        assert "certificate verify failed" in wrong.text
        one.outside(run)
        assert one.tries(run).rc == 1  # nothing new
        text = one.outside(fetched).text
        assert text.count("Subject: ") == 2
        assert "\n..dots\n.\n" in text.replace("\r", "")
        one.writes("fetchmailrc", FETCHMAIL.replace("{keep}", "nokeep fetchall"))
        one.outside(run)
        assert one.outside(fetched).text.count("Subject: ") == 4
        with one.imap() as imap:
            assert one.has(imap) == {}

    everywhere(deed)


def fetched_by_getmail(one: Person) -> Said:
    """Let getmail fetch two messages; a server that it does not know gets no login."""
    fill(one, "first", "second")
    maildir = f"{one.folder}/getmail"
    one.outside(f"mkdir -p {maildir}/cur {maildir}/new {maildir}/tmp")
    rc = one.writes("getmailrc", GETMAIL)
    one.outside(f"sed 's#{CA}#{WRONG_CA}#' {rc} > {rc}.wrong; chown -R bob {one.folder}")
    # It delivers as nobody but who runs it.
    as_bob = f"setpriv --reuid=bob --regid=bob --clear-groups env HOME={one.folder}"
    run = f"{as_bob} getmail --getmaildir {one.folder} --rcfile {rc}"
    wrong = one.tries(f"{run}.wrong")
    assert "certificate verify failed" in wrong.text, wrong.text
    return one.tries(run)


def test_getmail_takes_mail_of_a_server_that_it_knows(scenario: Scenario) -> None:
    def deed(host: str) -> None:
        one = person(scenario, host)
        said = fetched_by_getmail(one)
        while RACES.search(said.text):
            one.starts_empty()
            said = fetched_by_getmail(one)
        assert said.rc == 0, said.text
        found = one.outside(f"cat {one.folder}/getmail/new/* | grep -c '^Subject:'").text
        assert found == "2\n"
        with one.imap() as imap:
            assert one.has(imap) == {}

    everywhere(deed)


def test_curl_reads_and_sends(scenario: Scenario) -> None:
    def deed(host: str) -> None:
        one = person(scenario, host)
        fill(one, "first")
        netrc = one.writes("netrc", "machine {server} login {login} password {password}\n")
        curl = f"curl --silent --show-error --netrc-file {netrc}"
        assert "INBOX" in one.outside(f"{curl} imaps://{one.server}/").text
        said = one.outside(f"{curl} 'imaps://{one.server}/INBOX;MAILINDEX=1'").text
        assert "Subject: first" in said
        assert "Subject: first" in one.outside(f"{curl} pop3s://{one.server}/1").text
        wrong = one.tries(f"{curl} --cacert {WRONG_CA} --capath /none imaps://{one.server}/")
        assert wrong.rc == 60, wrong.text
        token = new_token()
        text = message(token, sender=one.login).decode()
        one.outside(f"{curl} --ssl-reqd --upload-file - --mail-from {one.login} "
                    f"--mail-rcpt {one.login} smtp://{one.server}:587", text)  # fmt: skip
        arrives(one, token)

    everywhere(deed)


def test_mutt_sends_and_reads(scenario: Scenario) -> None:
    def deed(host: str) -> None:
        one = person(scenario, host)
        rc = one.writes("muttrc", MUTT.replace("{user}", one.login.replace("@", "%40")))
        token = new_token()
        one.outside(f"echo 'Grüße aus Köln' | LC_ALL=C.UTF-8 mutt -n -F {rc} -s {token} "
                    f"-a /etc/debian_version -- {one.login}")  # fmt: skip
        arrives(one, token)
        out = f"{one.folder}/shown"
        with_keys = one.writes("keys", f"source {rc}\npush '<limit>~s {token}<enter>"
                               f"<pipe-message>cat > {out}<enter><exit>'\n")  # fmt: skip
        in_terminal = f"stty rows 24 cols 80; mutt -n -F {with_keys}"
        one.outside("export TERM=xterm LC_ALL=C.UTF-8; "
                    f"timeout 60 script -qec '{in_terminal}' /dev/null < /dev/null")  # fmt: skip
        shown = one.outside(f"cat {out}").text
        assert f"Subject: {token}" in shown
        assert "debian_version" in shown

    everywhere(deed)


def arrives(one: Person, token: str) -> None:
    def there() -> bool:
        with one.imap() as imap:
            return token in one.has(imap)

    wait_for(f"{one.host} has {token}", there)
