"""The variables of amavis' configuration that follow from the model."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from .attachments import banned
from .model import Amavis, Attachments, Scanner
from .notices import KINDS, template
from .perl import Name, Pattern, Patterns, Value

HOME = "/var/lib/amavis"
WORK = f"{HOME}/tmp"  # noqa: S108 (amavis' own)
QUARANTINE = f"{HOME}/virusmails"
CONTROL = f"{HOME}/amavisd.sock"  # amavisd-release's own default
STRANGERS, OWN = "strangers", "own"
PASS, DISCARD, BOUNCE, REJECT = map(Name, ("D_PASS", "D_DISCARD", "D_BOUNCE", "D_REJECT"))

# Unchecked, in amavis' numbers: encrypted; over limits, and ambiguous.
_ENCRYPTED = "{'7,1'}"
_UNSAFE = ("{'7,2'}", "{'7,3'}")

Settings = dict[str, Value]


def settings_of(amavis: Amavis) -> Settings:
    """Return all of it, in the order in which it is written."""
    return {
        **_process(amavis),
        **_ways(amavis),
        **_site(amavis),
        **_verdicts(amavis),
        **_warnings(amavis),
        **_notices(amavis),
        **_viruses(amavis),
        **_attachments(amavis.attachments),
        **_spam(amavis),
        **_exempt(amavis),
    }


def _process(amavis: Amavis) -> Settings:
    return {
        "$mydomain": amavis.domain,
        "$myhostname": amavis.hostname,
        "$daemon_user": "amavis",
        "$daemon_group": "amavis",
        "$MYHOME": HOME,
        "$TEMPBASE": WORK,
        "$QUARANTINEDIR": QUARANTINE,
        "$quarantine_subdir_levels": 1,
        "$db_home": f"{HOME}/db",
        "$lock_file": "/run/amavis/amavisd.lock",
        "$pid_file": "/run/amavis/amavisd.pid",
        **_programs(),
        # Counters in Berkeley DB that nobody reads, and that break when the daemon is killed.
        "$enable_db": 0,
        "$do_syslog": 1,
        "$syslog_ident": "amavis",
        "$syslog_facility": "mail",
        "$log_level": 0,
        "$max_servers": amavis.concurrency,
        "$max_requests": 100,
        "$child_timeout": 300,
        # An archive that unpacks to more than this is a bomb.
        "$MAXLEVELS": 14,
        "$MAXFILES": 3000,
        "$MIN_EXPANSION_QUOTA": 50 * 1024 * 1024,
        # No more than ClamAV takes of one part, or it would be put off for ever.
        "$MAX_EXPANSION_QUOTA": 96 * 1024 * 1024,
        "$MIN_EXPANSION_FACTOR": 2,
    }


def _programs() -> Settings:
    """Return what tells the kinds of files and unpacks them; a list names what does as well."""
    names = ("file", "gzip", "bzip2", "lzop", "cabextract", "pax", "cpio", "ar")
    return {
        "$path": "/usr/sbin:/usr/bin:/sbin:/bin",
        **{f"${name}": name for name in names},
        "$uncompress": ("uncompress", "gzip -d", "zcat"),
        "$arc": ("nomarch", "arc"),
        "$unarj": ("arj", "unarj"),
        "$unrar": ("unrar", "unrar-free"),
    }


def _ways(amavis: Amavis) -> Settings:
    """Return where mail comes in and where it goes: sockets, and no port at all."""
    strangers, own = (f"{amavis.sockets}/{name}" for name in (STRANGERS, OWN))
    sockets = (CONTROL, strangers, own) if amavis.takes == "lmtp" else (CONTROL,)
    ways: Settings = {
        "@listen_sockets": sockets,
        "$unix_socketname": None,
        "$inet_socket_port": None,
        "$unix_socket_mode": 0o660,
        f"$interface_policy{{'{CONTROL}'}}": "CONTROL",
        "$policy_bank{'CONTROL'}": {"protocol": "AM.PDP", "auth_required_release": 0},
    }
    if amavis.takes == "lmtp":
        ways[f"$interface_policy{{'{strangers}'}}"] = "STRANGERS"
        ways["$policy_bank{'STRANGERS'}"] = {"protocol": "LMTP"}
        ways[f"$interface_policy{{'{own}'}}"] = "OWN"
        ways["$policy_bank{'OWN'}"] = {"protocol": "LMTP", **_own(amavis)}
    else:
        # The name that amavisd-milter gives to whoever has logged in.
        ways["$policy_bank{'SMTP_AUTH'}"] = _own(amavis)
    back = f"smtp:{amavis.filtered}"
    forward = back if amavis.takes == "lmtp" else None
    ways |= {"$forward_method": forward, "$notify_method": back, "$release_method": back}
    return ways


def _own(amavis: Amavis) -> dict[str, Value]:
    """Return what is special about mail of people who have logged in: they can be told.

    A score costs more than all else, and would do nothing to it but mark it.
    """
    bank: dict[str, Value] = {"originating": 1}
    if amavis.spam and amavis.scores.quarantined is None:
        bank["bypass_spam_checks_maps"] = (1,)
    if amavis.warn_senders == "own" and amavis.stopped == "quarantine":
        bank |= {
            "final_virus_destiny": BOUNCE,
            "final_banned_destiny": BOUNCE,
            "viruses_that_fake_sender_maps": (),
        }
    return bank


def _site(amavis: Amavis) -> Settings:
    return {
        "@local_domains_maps": (tuple(sorted(amavis.domains)),),
        "@mynetworks": ("127.0.0.0/8", "[::1]", *amavis.networks),
        "$recipient_delimiter": "+",
        "$localpart_is_case_sensitive": 0,
    }


def _verdicts(amavis: Amavis) -> Settings:
    found = REJECT if amavis.stopped == "reject" else DISCARD
    everybody = amavis.warn_senders == "everybody" and amavis.stopped == "quarantine"
    return {
        "$final_virus_destiny": BOUNCE if everybody else found,
        "$final_banned_destiny": BOUNCE if everybody else found,
        "$final_spam_destiny": found,
        **_unchecked(amavis, BOUNCE if everybody else found),
        "$final_bad_header_destiny": PASS,
        "@viruses_that_fake_sender_maps": (0,) if everybody else (1,),
        "$virus_quarantine_method": "local:virus-%m",
        "$banned_files_quarantine_method": "local:attachment-%m",
        "$spam_quarantine_method": "local:spam-%m",
        "$bad_header_quarantine_method": None,
        # What is encrypted passes as it is: a mark would break signatures.
        "$undecipherable_subject_tag": None,
        "$defang_banned": 0,
        "$allow_fixing_improper_header": 0,
    }


def _unchecked(amavis: Amavis, destiny: Value) -> Settings:
    """Return what becomes of what nobody could look into.

    What is encrypted passes: whether an archive may be is said by what is banned. A bomb, and what
    programs read in different ways, is stopped.
    """
    told = (amavis.virusalert,) if amavis.virusalert else ()
    settings: Settings = {
        "$final_unchecked_destiny": PASS,
        "$unchecked_quarantine_method": None,
        "$admin_maps_by_ccat{'7'}": told if amavis.when_broken == "pass" else (),
        f"$admin_maps_by_ccat{_ENCRYPTED}": (),
    }
    for kind in _UNSAFE:
        settings |= {
            f"$final_destiny_maps_by_ccat{kind}": destiny,
            f"$quarantine_method_by_ccat{kind}": "local:unchecked-%m",
            f"$quarantine_to_maps_by_ccat{kind}": ("unchecked-quarantine",),
            f"$admin_maps_by_ccat{kind}": told,
            f"$warnrecip_maps_by_ccat{kind}": (int(amavis.warn_recipients),),
        }
    return settings


def _warnings(amavis: Amavis) -> Settings:
    sender = f'"Mail filter" <postmaster@{amavis.domain}>'
    return {
        "$virus_admin": amavis.virusalert or None,
        "$banned_admin": amavis.virusalert or None,
        "$spam_admin": None,
        "$bad_header_admin": None,
        "$warnvirusrecip": int(amavis.warn_recipients),
        "$warnbannedrecip": int(amavis.warn_recipients),
        "$warn_offsite": 0,
        # Notices are answered by nobody, and come back to nobody.
        "$mailfrom_notify_admin": "",
        "$mailfrom_notify_recip": "",
        "$mailfrom_notify_spamadmin": "",
        "$hdrfrom_notify_admin": sender,
        "$hdrfrom_notify_recip": sender,
        "$hdrfrom_notify_sender": sender,
    }


def _notices(amavis: Amavis) -> Settings:
    """Return the texts; amavis' own where there are none."""
    names = dict(zip(KINDS, ("recips", "sender", "admin"), strict=True))
    return {
        f"$notify_virus_{names[kind]}_templ": template(kind, notice)
        for kind, notice in sorted(amavis.notices.items())
    }


def _viruses(amavis: Amavis) -> Settings:
    """Return what looks for viruses.

    Only for whom they are looked for does amavis say that a message is over its limits: with no
    scanner, none is asked, and a bomb is stopped where attachments are judged.
    """
    looks = amavis.scanners or amavis.attachments.policy != "allow_all"
    return {
        "@av_scanners": tuple(map(_scanner, amavis.scanners)),
        "@av_scanners_backup": (),
        "@bypass_virus_checks_maps": () if looks else (1,),
        "$virus_scanners_failure_is_fatal": int(amavis.when_broken == "defer"),
        # Each message would say that it was searched for viruses.
        **({} if amavis.scanners else {"$X_HEADER_LINE": ""}),
    }


def _scanner(scanner: Scanner) -> tuple[Value, ...]:
    """Return how amavis asks it: ClamAV gets the parts over its socket, and reads no file."""
    if scanner.socket:
        found = Pattern(r"^.*?: (?!Infected Archive)(.*) FOUND$", "m")
        arguments = ("*", f"clamd:{scanner.socket}")
        words = (Pattern(r"\bOK$", "m"), Pattern(r"\bFOUND$", "m"), found)
        return (scanner.name, Name("\\&ask_daemon"), arguments, *words)
    program, *options = scanner.argv
    name = Pattern(scanner.virus_name, "m") if scanner.virus_name else Pattern("(.+)")
    return (scanner.name, program, " ".join(options), scanner.clean, scanner.infected, name)


def _attachments(attachments: Attachments) -> Settings:
    patterns = banned(attachments)
    return {"$banned_namepath_re": Patterns(patterns) if patterns else None}


def _spam(amavis: Amavis) -> Settings:
    if not amavis.spam:
        return {"@bypass_spam_checks_maps": (1,)}
    scores = amavis.scores
    never = 9999
    return {
        "@bypass_spam_checks_maps": (),
        "$sa_local_tests_only": int(not amavis.network_tests),
        "$sa_mail_body_size_limit": 200 * 1024,
        "$sa_tag_level_deflt": None,  # the score stands in each message
        "$sa_tag2_level_deflt": f"{scores.marked:g}",
        "$sa_kill_level_deflt": f"{never if scores.quarantined is None else scores.quarantined:g}",
        "$sa_dsn_cutoff_level": 0,
    }


def _exempt(amavis: Amavis) -> Settings:
    """Return to whom it goes all the same."""
    names = {
        "virus": "@virus_lovers_maps",
        "attachments": "@banned_files_lovers_maps",
        "spam": "@bypass_spam_checks_maps",
    }
    return {
        names[kind]: (dict.fromkeys(sorted(who), 1),)
        for kind, who in amavis.exempt.items()
        if not (kind == "spam" and not amavis.spam)
    }
