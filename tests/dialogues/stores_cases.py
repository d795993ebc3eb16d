"""The dialogues that Cyrus and Courier have to hold alike, as a mail program would lead them.

A dialogue is written as RFCs write them. `over SERVICE as LOGIN` connects and logs in, C: is what
the client says, S: a beginning that a line of the answer has to have (`not`: that none may have),
`...` stands for anything, and quotes don't count. ~Folder is a folder where the server wants its
folders, [[hello]] one of MESSAGES. `S cyrus:` and `S courier:` hold for one store alone; then the
case says why, and docs/stores.md says it too. The site is molecule/stores/group_vars/mail_hosts.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dialogues.stores_cases_mail import FOLDERS, MESSAGES_IN_FOLDERS
from dialogues.stores_script import Case

WHO_MAY = (
    Case("a person logs in", """
        over imaps
        C: LOGIN carol@example.org {password}
        S: OK
    """),
    Case("a person of the second domain logs in", """
        over imaps
        C: LOGIN erin@example.net {password}
        S: OK
    """),
    Case("a wrong password is refused", """
        over imaps
        C: LOGIN carol@example.org wrong
        S: NO
        C: SELECT INBOX
        S: not OK
    """),
    Case("an empty password is refused", """
        over imaps
        C: LOGIN carol@example.org ""
        S: NO
    """),
    Case("a person that is not there is refused", """
        over imaps
        C: LOGIN nobody@example.org {password}
        S: NO
    """),
    Case("a login without a domain is refused", """
        over imaps
        C: LOGIN carol {password}
        S: NO
    """),
    Case("a login by an alias is refused", """
        over imaps
        C: LOGIN alice.liddell@example.org {password}
        S: NO
    """),
    Case("a login of another domain is refused", """
        over imaps
        C: LOGIN carol@example.net {password}
        S: NO
    """),
    Case("a locked person is refused", """
        over imaps
        C: LOGIN dave@example.org {password}
        S: NO
    """),
    Case("the store's own administrator is refused", """
        over imaps
        C: LOGIN cyrus-admin {password}
        S: NO
    """),
    Case("a wrong password is refused to AUTHENTICATE, too", """
        over imaps
        C: AUTHENTICATE PLAIN [[alone as grace]]
        S: NO
    """),
    Case("passwords are taken in one way only", """
        over imaps
        C: CAPABILITY
        S: * CAPABILITY ...IMAP4rev1
        S: * CAPABILITY ...AUTH=PLAIN
        S: not * CAPABILITY ...AUTH=CRAM
        S: not * CAPABILITY ...AUTH=ANONYMOUS
        S: not * CAPABILITY ...LOGINDISABLED
    """),
    Case("nothing is told before a login", """
        over imaps
        C: SELECT INBOX
        S: not OK
        C: LIST "" "*"
        S: not OK
        C: NOOP
        S: OK
        C: LOGOUT
        S: * BYE
        S: OK
    """),
    Case("a trusted client may log in without TLS", """
        over imap as carol@example.org from trusted
        S: OK
        over pop3 as carol@example.org from trusted
        S: +OK
    """),
    Case("a stranger finds no port without TLS", """
        over imap
        S: (
        over pop3
        S: (
    """),
    Case("another person's folders are not told and not opened", """
        over imaps as carol@example.org
        C: LIST "" "*"
        S: not * LIST ...alice
        C: SELECT "Other Users/alice@example.org"
        S: NO
        C: SELECT user/alice@example.org
        S: NO
        C: SELECT ../alice
        S: not OK
        C: SELECT INBOX/../alice
        S: not OK
        C: LIST "" "../*"
        S: not * LIST
    """),
)  # fmt: skip

QUOTAS = (
    Case("a quota is shown and holds", """
        over imaps as frank@example.org
        C: GETQUOTAROOT INBOX
        S: * QUOTAROOT INBOX
        S: * QUOTA ...(STORAGE ...1024)
        S: OK
        C: APPEND INBOX [[large]]
        S: NO
        C: APPEND INBOX [[hello]]
        S: OK
    """),
    Case("a person without a quota has none", """
        over imaps as grace@example.org
        C: GETQUOTAROOT INBOX
        S: * QUOTAROOT INBOX
        S: not * QUOTA ...STORAGE
        S: OK
        C: SETQUOTA "" (STORAGE 1)
        S: NO
    """),
)  # fmt: skip

POP3 = (
    Case("POP3 offers TOP and UIDL", """
        over pop3s
        C: CAPA
        S: TOP
        S: UIDL
        S: USER
        S: not STLS
        C: STAT
        S: -ERR
    """),
    Case("POP3 refuses a wrong password", """
        over pop3s
        C: USER erin@example.net
        S: +OK
        C: PASS wrong
        S: -ERR
        C: STAT
        S: not +OK
    """),
    Case("POP3 refuses a person that is not there", """
        over pop3s
        C: USER nobody@example.org
        S: +OK
        C: PASS {password}
        S: -ERR
    """),
    Case("POP3 refuses a login without a domain", """
        over pop3s
        C: USER erin
        S: +OK
        C: PASS {password}
        S: -ERR
    """),
    Case("POP3 refuses an alias", """
        over pop3s
        C: USER alice.liddell@example.org
        S: +OK
        C: PASS {password}
        S: -ERR
    """),
    Case("POP3 refuses a locked person", """
        over pop3s
        C: USER dave@example.org
        S: +OK
        C: PASS {password}
        S: -ERR
    """),
    Case("POP3 lists, shows, deletes, and takes back", """
        over imaps as erin@example.net
        C: SELECT INBOX
        S: * 0 EXISTS
        C: APPEND INBOX [[hello]]
        S: OK
        C: APPEND INBOX [[dots]]
        S: OK
        C: APPEND INBOX [[third]]
        S: OK
        C: LOGOUT
        S: OK
        over pop3s as erin@example.net
        S: +OK
        C: STAT
        S: +OK 3
        C: LIST
        S: 1
        S: 2
        S: 3
        S: not 4
        C: LIST 2
        S: +OK 2
        C: LIST 4
        S: -ERR
        C: UIDL
        S: 1
        S: 3
        C: UIDL 1
        S: +OK 1
        C: RETR 1
        S: Subject: hello
        S: Words of greeting.
        C: RETR 2
        S: ..
        S: ... end
        C: TOP 1 0
        S: Subject: hello
        S: not Words
        C: RETR 4
        S: -ERR
        C: DELE 1
        S: +OK
        C: RETR 1
        S: -ERR
        C: STAT
        S: +OK 2
        C: RSET
        S: +OK
        C: STAT
        S: +OK 3
        C: DELE 1
        S: +OK
        C: DELE 2
        S: +OK
        C: NOOP
        S: +OK
        C: QUIT
        S: +OK
        over pop3s as erin@example.net
        S: +OK
        C: STAT
        S: +OK 1
        C: DELE 1
        S: +OK
        C: QUIT
        S: +OK
    """),
)  # fmt: skip

CASES = (*WHO_MAY, *FOLDERS, *MESSAGES_IN_FOLDERS, *QUOTAS, *POP3)
