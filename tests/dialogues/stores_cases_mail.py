"""The dialogues about folders and the messages in them; stores_cases says how they are written."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dialogues.stores_script import Case

FOLDERS = (
    Case("a folder is made, listed and removed", """
        over imaps as grace@example.org
        C: CREATE ~made
        S: OK
        C: CREATE ~made
        S: NO
        C: LIST "" "*"
        S: * LIST (...) ... INBOX
        S: * LIST (...) ... ~made
        C: DELETE ~made
        S: OK
        C: LIST "" "*"
        S: not * LIST (...) ... ~made
        C: DELETE ~made
        S: NO
        C: DELETE INBOX
        S: NO
    """),
    Case("a folder within a folder", """
        over imaps as grace@example.org
        C: CREATE ~outer
        S: OK
        C: CREATE ~outer/inner
        S: OK
        C: APPEND ~outer/inner [[hello]]
        S: OK
        C: LIST "" ~outer/*
        S: * LIST (...) ... ~outer/inner
        C: RENAME ~outer ~renamed
        S: OK
        C: STATUS ~renamed/inner (MESSAGES)
        S: * STATUS ~renamed/inner (MESSAGES 1)
        C: STATUS ~outer/inner (MESSAGES)
        S: NO
    """),
    Case("a folder that is renamed keeps its mail", """
        over imaps as grace@example.org
        C: CREATE ~before
        S: OK
        C: APPEND ~before (\\Flagged) [[hello]]
        S: OK
        C: RENAME ~before ~after
        S: OK
        C: SELECT ~after
        S: * 1 EXISTS
        S: OK
        C: FETCH 1 (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])
        S: * 1 FETCH (...\\Flagged...Subject: hello
        C: SELECT ~before
        S: NO
        C: RENAME ~before ~nowhere
        S cyrus: NO
        S courier: OK
        C: SELECT ~nowhere
        S: NO
        C: CREATE ~before
        S: OK
        C: RENAME ~before ~after
        S: NO
    """, "Courier says OK to renaming what is not there, and does nothing"),
    Case("subscriptions", """
        over imaps as grace@example.org
        C: CREATE ~read
        S: OK
        C: SUBSCRIBE ~read
        S: OK
        C: LSUB "" "*"
        S: * LSUB (...) ... ~read
        C: UNSUBSCRIBE ~read
        S: OK
        C: LSUB "" "*"
        S: not * LSUB (...) ... ~read
    """),
    Case("a name with umlauts and with Chinese signs", """
        over imaps as grace@example.org
        C: CREATE ~Entw&APw-rfe
        S: OK
        C: CREATE ~Entw&APw-rfe/&ZeVnLIqe-
        S: OK
        C: APPEND ~Entw&APw-rfe/&ZeVnLIqe- [[second]]
        S: OK
        C: LIST "" ~Entw*
        S: * LIST (...) ... ~Entw&APw-rfe
        S: * LIST (...) ... ~Entw&APw-rfe/&ZeVnLIqe-
        C: SELECT ~Entw&APw-rfe/&ZeVnLIqe-
        S: * 1 EXISTS
        S: OK
    """),
    Case("a name with a blank, a plus, and of eighty letters", """
        over imaps as grace@example.org
        C: CREATE ~a+b-c_d
        S: OK
        C: CREATE ~0123456789012345678901234567890123456789012345678901234567890123456789
        S: OK
        C: LIST "" "*"
        S: * LIST (...) ... ~a+b-c_d
        S: * LIST (...) ... ~01234567890123456789012345678901234567890123456789
    """),
    Case("a folder that is not there is not opened or filled", """
        over imaps as grace@example.org
        C: SELECT ~missing
        S: NO
        C: STATUS ~missing (MESSAGES)
        S: NO
        C: APPEND ~missing [[hello]]
        S: NO [TRYCREATE]
        C: SELECT INBOX
        S: OK
        C: UID COPY 1 ~missing
        S: not OK [COPYUID
    """),
)  # fmt: skip

MESSAGES_IN_FOLDERS = (
    Case("a message is kept as it came, with flags and date", """
        over imaps as grace@example.org
        C: CREATE ~kept
        S: OK
        C: APPEND ~kept (\\Seen \\Answered) "07-Nov-2026 11:00:00 +0100" [[second]]
        S: OK
        C: SELECT ~kept
        S: * 1 EXISTS
        S: * OK [UIDVALIDITY
        S cyrus: * OK [UIDNEXT
        C: STATUS ~kept (UIDNEXT)
        S: * STATUS ~kept (UIDNEXT 2)
        S: OK
        C: FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
        S: * 1 FETCH (...\\Seen
        S: * 1 FETCH (...\\Answered
        S: * 1 FETCH (...Grüße aus Köln.
        C: FETCH 1 INTERNALDATE
        S: * 1 FETCH (INTERNALDATE ...7-Nov-2026 1
        C: FETCH 1 BODY.PEEK[TEXT]<0.5>
        S: * 1 FETCH (BODY[TEXT]<0> {5}...Gr
        C: FETCH 1 ENVELOPE
        S: * 1 FETCH (ENVELOPE (Sat, 7 Nov 2026 10:00:00 +0000 second ((NIL NIL carol example.org))
        C: FETCH 1 BODYSTRUCTURE
        S: * 1 FETCH (BODYSTRUCTURE (text plain (charset utf-8)
    """, "Courier tells UIDNEXT when it is asked, not with SELECT"),
    Case("flags come and go", """
        over imaps as grace@example.org
        C: CREATE ~flags
        S: OK
        C: APPEND ~flags [[hello]]
        S: OK
        C: APPEND ~flags [[second]]
        S: OK
        C: SELECT ~flags
        S: * 2 EXISTS
        S: * FLAGS (...\\Flagged
        C: STORE 1 +FLAGS (\\Flagged $Label1)
        S: * 1 FETCH (...\\Flagged
        S: * 1 FETCH (...$Label1
        S: OK
        C: STORE 1:2 +FLAGS.SILENT (\\Seen)
        S: OK
        C: STORE 1 -FLAGS (\\Flagged)
        S: not * 1 FETCH (...\\Flagged
        S: OK
        C: UID SEARCH SEEN
        S: * SEARCH 1 2
        C: SEARCH KEYWORD $Label1
        S: * SEARCH 1
        C: SEARCH FLAGGED
        S: not * SEARCH 1
        C: STORE 9 +FLAGS (\\Seen)
        S: not * 9 FETCH
        C: EXAMINE ~flags
        S: OK [READ-ONLY]
        C: STORE 1 +FLAGS (\\Deleted)
        S: NO
    """),
    Case("the second reader sees what the first one did", """
        over imaps as grace@example.org
        C: CREATE ~shared
        S: OK
        C: APPEND ~shared [[hello]]
        S: OK
        C: SELECT ~shared
        S: OK
        C: STORE 1 +FLAGS (\\Flagged)
        S: OK
        over imaps as grace@example.org
        C: SELECT ~shared
        S: * 1 EXISTS
        C: FETCH 1 FLAGS
        S: * 1 FETCH (FLAGS (...\\Flagged
        C: STORE 1 +FLAGS (\\Deleted)
        S: OK
        C: EXPUNGE
        S: * 1 EXPUNGE
        C: CHECK
        S: OK
    """),
    Case("messages are copied, and moved as every server can", """
        over imaps as grace@example.org
        C: CREATE ~from
        S: OK
        C: CREATE ~to
        S: OK
        C: APPEND ~from (\\Seen) [[hello]]
        S: OK
        C: APPEND ~from [[second]]
        S: OK
        C: SELECT ~from
        S: * 2 EXISTS
        C: UID COPY 1 ~to
        S: OK [COPYUID
        C: UID STORE 1 +FLAGS.SILENT (\\Deleted)
        S: OK
        C: UID EXPUNGE 1
        S: * 1 EXPUNGE
        S: OK
        C: STATUS ~to (MESSAGES UNSEEN)
        S: * STATUS ~to (MESSAGES 1 UNSEEN 0)
        C: SEARCH ALL
        S: * SEARCH 1
        C: FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]
        S: * 1 FETCH (...second
        C: COPY 1 ~missing
        S: NO [TRYCREATE]
    """),
    Case("messages are moved at once", """
        over imaps as grace@example.org
        C: CREATE ~move
        S: OK
        C: CREATE ~moved
        S: OK
        C: APPEND ~move [[hello]]
        S: OK
        C: SELECT ~move
        S: * 1 EXISTS
        C: MOVE 1 ~moved
        S cyrus: OK
        S cyrus: * 1 EXPUNGE
        S courier: NO
    """, "Courier has no MOVE and does not offer it: programs copy and delete"),
    Case("what is deleted goes at EXPUNGE and at CLOSE, not before", """
        over imaps as grace@example.org
        C: CREATE ~going
        S: OK
        C: APPEND ~going [[hello]]
        S: OK
        C: APPEND ~going [[second]]
        S: OK
        C: APPEND ~going [[third]]
        S: OK
        C: SELECT ~going
        S: * 3 EXISTS
        C: STORE 2 +FLAGS.SILENT (\\Deleted)
        S: OK
        C: SEARCH ALL
        S: * SEARCH 1 2 3
        C: EXPUNGE
        S: * 2 EXPUNGE
        S: OK
        C: STORE 1 +FLAGS.SILENT (\\Deleted)
        S: OK
        C: CLOSE
        S: OK
        C: STATUS ~going (MESSAGES UIDNEXT)
        S: * STATUS ~going (MESSAGES 1 UIDNEXT 4)
    """),
    Case("searches", """
        over imaps as grace@example.org
        C: CREATE ~search
        S: OK
        C: APPEND ~search (\\Seen) "01-Jan-2020 00:00:00 +0000" [[hello]]
        S: OK
        C: APPEND ~search [[second]]
        S: OK
        C: APPEND ~search [[third]]
        S: OK
        C: SELECT ~search
        S: * 3 EXISTS
        C: SEARCH FROM carol
        S: * SEARCH 2
        C: SEARCH SUBJECT HELLO
        S: * SEARCH 1
        C: SEARCH UNSEEN
        S: * SEARCH 2 3
        C: SEARCH BEFORE 1-Jan-2021
        S: * SEARCH 1
        C: SEARCH NOT FROM carol UNSEEN
        S: * SEARCH 3
        C: SEARCH OR FROM carol SUBJECT hello
        S: * SEARCH 1 2
        C: SEARCH BODY greeting
        S: * SEARCH 1
        C: SEARCH TEXT bob@example.com
        S: * SEARCH 1 3
        C: SEARCH CHARSET UTF-8 BODY [[Köln]]
        S: * SEARCH 2
        C: SEARCH CHARSET UTF-8 SUBJECT [[Grüße]]
        S: * SEARCH 3
        C: SEARCH HEADER Message-ID <hello@example.com>
        S: * SEARCH 1
        C: SEARCH LARGER 100000
        S: not * SEARCH 1
        C: SORT (SUBJECT) UTF-8 ALL
        S: * SORT 3 1 2
        C: THREAD ORDEREDSUBJECT UTF-8 ALL
        S: * THREAD (
    """),
    Case("a large message is taken and given", """
        over imaps as grace@example.org
        C: CREATE ~large
        S: OK
        C: APPEND ~large [[large]]
        S: OK
        C: SELECT ~large
        S: * 1 EXISTS
        C: FETCH 1 RFC822.SIZE
        S: * 1 FETCH (RFC822.SIZE 1122
        C: FETCH 1 BODY.PEEK[TEXT]<1119000.20>
        S: * 1 FETCH (BODY[TEXT]<1119000> {20}
    """),
    Case("nonsense is refused, and the session goes on", """
        over imaps as grace@example.org
        C: NONSENSE
        S cyrus: BAD
        S courier: NO
        C: SELECT
        S: BAD
        C: FETCH 1 FLAGS
        S: not OK
        C: NOOP
        S: OK
    """, "Courier says NO to a command that it does not know, RFC 3501 BAD"),
)  # fmt: skip
