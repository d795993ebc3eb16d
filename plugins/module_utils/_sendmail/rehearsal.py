"""The rehearsal: Sendmail itself judges a staged copy before anything goes live."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._core.commands import run
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, nearest
from ansible_collections.postern.mail.plugins.module_utils._core.spec import child, show

from .dialogue import try_staged
from .model import Configuration, Mc, Table
from .staging import SENDMAIL, Stage, compile_tables, stage

# The maps of sendmail.cf by their tables.
MAPS = {
    "access": "access",
    "authinfo": "authinfo",
    "domaintable": "domaintable",
    "genericstable": "generics",
    "mailertable": "mailertable",
    "virtusertable": "virtuser",
}
_INNER_MAILERS = ("error", "local")  # understood without a line of their own
_NOISE = re.compile(r"ADDRESS TEST MODE|Enter <ruleset>|^>|local socket name .* missing")
_AT = re.compile(r"\S+\.cf: line (\d+): (.*)")
_NO_MATCH = re.compile(r"map_lookup: (\S+) \(\S*\) no match \(75\)")
_SECTIONS = ("local_config", "local_rule_0", "local_net_config", "local_rulesets")
_ELSEWHERE = "postmaster@[192.0.2.1]"  # a network for documentation: no DNS is asked
_TLS = {"confSERVER_CERT", "confSERVER_KEY"}


def rehearse(
    wanted: Configuration,
    texts: Mapping[str, str],
    stale: Sequence[Table],
    options: Mapping[str, str],
    folder: str,
) -> tuple[dict[str, File], list[Problem]]:
    """Return the compiled tables by their live paths, and all that Sendmail objects to."""
    made = stage(wanted, texts, stale, folder)
    problems = list(_read_by_sendmail(made, wanted, options))
    if problems:
        return {}, problems
    compiled, problems = compile_tables(made, stale)
    if not problems:
        problems += _looked_up(made, wanted)
        problems += _unknown_mailers(made, wanted)
        problems += _led_somewhere(made)
    if not problems:
        problems += _in_dialogue(made, wanted)
    return compiled, problems


def _read_by_sendmail(
    made: Stage, wanted: Configuration, options: Mapping[str, str]
) -> Iterator[Problem]:
    for name, where, mc in (("sendmail", "mc", wanted.mc), ("submit", "submit", wanted.submit)):
        cf = made.cf(name)
        said = _words(run([SENDMAIL, "-C", cf, "-bt"]).words)
        lines = Path(cf).read_text(encoding="utf-8").splitlines()
        for words in said:
            yield objection(made.told(words), lines, mc, where, options)


def _words(said: str) -> list[str]:
    """Return what Sendmail says besides what it always says, each thing once."""
    lines = (line.strip() for line in said.splitlines())
    return list(dict.fromkeys(line for line in lines if line and not _NOISE.search(line)))


def objection(
    words: str, lines: Sequence[str], mc: Mc, where: str, options: Mapping[str, str]
) -> Problem:
    """Return an objection with the place in the inventory that it is about, where there is one."""
    found = _AT.match(words)
    if not found or not 0 < int(found[1]) <= len(lines):
        return Problem(where, f"Sendmail says: {words}")
    line = lines[int(found[1]) - 1]
    return Problem(
        _place(line, mc, where, options), f"Sendmail says: {found[2]}", f"in {show(line)}"
    )


def _place(line: str, mc: Mc, where: str, options: Mapping[str, str]) -> str:
    by_option = {option: macro for macro, option in options.items()}
    option = re.match(r"O ([\w.]+)", line)
    if option and option[1] in by_option:
        return child(child(where, "defines"), by_option[option[1]])
    for key in _SECTIONS:
        if line in getattr(mc, key):
            return child(child(where, key), getattr(mc, key).index(line))
    name = re.match(r"M([\w.-]+),", line)
    for number, mailer in enumerate(mc.own_mailers):
        if name and mailer.name == name[1]:
            return child(child(where, "own_mailers"), number)
    for number, milter in enumerate(mc.milters):
        if line.startswith(f"X{milter.name},"):
            return child(child(where, "milters"), number)
    return where


def _looked_up(made: Stage, wanted: Configuration) -> Iterator[Problem]:
    """Every table is tried with a lookup."""
    names = {MAPS[table.name]: table.name for table in wanted.tables}
    asked = "".join(f"/map {name} postern\n" for name in names)
    said = run([SENDMAIL, "-C", made.cf("sendmail"), "-bt"], stdin=asked).out
    for found in _NO_MATCH.finditer(said):
        name = names.get(found[1], found[1])
        words = next((line for line in said.splitlines() if f'"{found[1]}"' in line), "")
        said_of = made.told(words.removeprefix("> ").strip()) or "the lookup fails"
        yield Problem(f"tables.{name}", f"Sendmail says: {said_of}")


def _unknown_mailers(made: Stage, wanted: Configuration) -> Iterator[Problem]:
    """Mailers that the mailertable names are in sendmail.cf."""
    table = wanted.table("mailertable")
    text = Path(made.cf("sendmail")).read_text(encoding="utf-8")
    known = {*re.findall(r"^M([\w.-]+),", text, re.MULTILINE), *_INNER_MAILERS}
    for entry in table.entries if table else ():
        key, _gap, value = entry.decode().partition(" ")
        name = value.partition(":")[0]
        if name not in known:
            at = child("tables.mailertable.entries", key)
            yield Problem(at, f"there is no mailer {show(name)}", nearest(name, known))


def _led_somewhere(made: Stage) -> Iterator[Problem]:
    said = run([SENDMAIL, "-C", made.cf("sendmail"), "-bv", "postmaster"])
    if not said.ok:
        words = " ".join(_words(made.told(said.words)))
        yield Problem("aliases", f"postmaster leads nowhere; Sendmail says: {words}")


def _in_dialogue(made: Stage, wanted: Configuration) -> Iterator[Problem]:
    """Sendmail answers a caller, so that rulesets, tables and the files of TLS are used."""
    token = f"postern-{secrets.token_hex(4)}"
    since = time.time()
    _without_milters(made.cf("sendmail"))
    # Why it offers no TLS, it tells in a chatty log alone.
    argv = [SENDMAIL, "-OLogLevel=14", "-L", token, "-C", made.cf("sendmail"), "-Am", "-bs"]
    wrong, offered = try_staged(argv, ["postmaster", _ELSEWHERE])
    defines = {name for name, value in wanted.mc.defines if value}
    asks = bool(wrong) or (defines >= _TLS and "starttls" not in offered)
    logged = log_words(since, token) if asks else []
    # The access table may keep STARTTLS from this host, which is nobody's fault.
    if wrong or any("STARTTLS" in line for line in logged):
        words = [made.told(line) for line in (*wrong, *logged)]
        yield Problem("mc", f"Sendmail says: {'; '.join(words)}")


def _without_milters(cf: str) -> None:
    """Whether a milter is there is another daemon's business, and may come later."""
    path = Path(cf)
    text = path.read_text(encoding="utf-8")
    kept = re.sub(r"^O InputMailFilters=.*$", "O InputMailFilters=", text, flags=re.MULTILINE)
    path.write_text(kept, encoding="utf-8")


def log_words(since: float, name: str) -> list[str]:
    """Return what a Sendmail under that name complained of since then, each thing once."""
    run(["journalctl", "--sync"])
    argv = ["journalctl", "-q", "--no-pager", "-o", "cat", f"--since=@{int(since)}", "-t", name]
    lines = (re.sub(r"^\w{14}: ", "", line) for line in run(argv).out.splitlines())
    return list(dict.fromkeys(line for line in lines if _complains(line)))


def _complains(line: str) -> bool:
    found = re.search(r"unsafe|error|fail|cannot|SYSERR|missing", line, re.IGNORECASE)
    return bool(found) and "CRLFile missing" not in line
