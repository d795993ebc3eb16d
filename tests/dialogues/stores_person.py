"""A person with a mailbox on a store's host, whose mail programs run on the host outside."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import imaplib
import re
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from dialogues.mail import opened
from dialogues.scenario import Said, Scenario

CA = "/etc/ssl/certs/ca-certificates.crt"
WRONG_CA = "/etc/ssl/certs/outside.crt"
_NAMESPACE = re.compile(r'\(\("([^"]*)" "(.)"\)')


@dataclass(frozen=True)
class Person:
    """One login on one host; all have the same password."""

    scenario: Scenario
    host: str
    login: str = "reader@example.org"

    @property
    def server(self) -> str:
        """The host's name."""
        return f"{self.host}.example.org"

    @property
    def store(self) -> str:
        """The host's store."""
        return self.host.partition("-")[0]

    @property
    def password(self) -> str:
        """The password."""
        return self.scenario.secret("alice")

    @property
    def folder(self) -> str:
        """A folder of the host outside for this person's programs."""
        return f"/srv/programs/{self.host}"

    @contextlib.contextmanager
    def imap(self) -> Iterator[imaplib.IMAP4_SSL]:
        """Open the inbox."""
        with opened(self.scenario, self.host, self.server, self.login, self.password) as imap:
            yield imap

    def starts_empty(self) -> None:
        """Remove all mail, all folders, and what the programs kept."""
        with self.imap() as imap:
            for name in self.folders(imap):
                if name.upper() != "INBOX":
                    imap.delete(f'"{name}"')
            imap.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
            imap.expunge()
        self.outside(f"rm -rf {self.folder}; mkdir -p -m 700 {self.folder}")

    def named(self, imap: imaplib.IMAP4_SSL, name: str) -> str:
        """Return a folder's name as the server wants it, in quotes."""
        said = imap.namespace()[1][0]
        found = _NAMESPACE.search(said.decode() if isinstance(said, bytes) else "")
        prefix, separator = found.groups() if found else ("", "/")
        return f'"{prefix}{name.replace("/", separator)}"'

    def folders(self, imap: imaplib.IMAP4_SSL) -> list[str]:
        """Return the names of all folders, the innermost first."""
        lines = [line.decode() for line in imap.list()[1] if isinstance(line, bytes)]
        names = [re.sub(r'^\(.*\) ("."|NIL) ', "", line).strip('"') for line in lines]
        return sorted(names, reverse=True)

    def has(self, imap: imaplib.IMAP4_SSL, folder: str = "INBOX") -> dict[str, str]:
        """Return the flags of the messages in a folder by their subjects."""
        name = folder if folder == "INBOX" else self.named(imap, folder)
        assert imap.select(name, readonly=True)[0] == "OK", folder
        data = imap.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        found = {}
        for part in data:
            if isinstance(part, tuple):
                flags = imaplib.ParseFlags(part[0])
                subject = part[1].decode().partition(":")[2].strip()
                found[subject] = " ".join(sorted(flag.decode() for flag in flags))
        return {name: flags.replace("\\Recent", "").strip() for name, flags in found.items()}

    def outside(self, script: str, stdin: str = "") -> Said:
        """Run a script on the host outside, which must end well."""
        said = self.tries(script, stdin)
        assert said.rc == 0, f"{self.host}: {script}\n{said.text}"
        return said

    def tries(self, script: str, stdin: str = "") -> Said:
        """Run a script on the host outside."""
        return self.scenario.run("outside", "sh", "-ec", script, stdin=stdin)

    def writes(self, name: str, text: str) -> str:
        """Put a file for a program on the host outside; return its path."""
        path = f"{self.folder}/{name}"
        filled = text.format(
            server=self.server, login=self.login, password=self.password, folder=self.folder, ca=CA
        )
        self.outside(f"umask 077; mkdir -p {self.folder}; cat > {path}", filled)
        return path


def message(subject: str, words: str = "Words.", sender: str = "bob@example.com") -> bytes:
    """Return a small message."""
    lines = (f"From: {sender}", "To: reader@example.org", f"Subject: {subject}",
             f"Message-ID: <{subject}@example.com>", "", words, "")  # fmt: skip
    return "\r\n".join(lines).encode()


def submit(one: Person, text: bytes, *recipients: str, timeout: float = 120) -> None:
    """Send by the person's login on port 587, the server's name verified."""
    context = ssl.create_default_context(cafile=str(one.scenario.state / "ca" / "ca.crt"))
    address = one.scenario.address(one.host)
    with smtplib.SMTP(address, 587, "me.example.com", timeout=timeout) as smtp:
        smtp._host = one.server  # type: ignore[attr-defined] # the name that is verified
        smtp.starttls(context=context)
        smtp.login(one.login, one.password)
        smtp.sendmail(one.login, recipients or (one.login,), text)
