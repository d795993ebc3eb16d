"""Files that are read back as they were meant, and a sandbox around what opens strangers' mail."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from ansible_collections.postern.mail.plugins.module_utils._amavis import render as subject
from ansible_collections.postern.mail.plugins.module_utils._amavis.model import Amavis
from ansible_collections.postern.mail.tests.unit.amavises import amavises, told
from hypothesis import given

ARGV = ("/usr/sbin/sendmail", "-Am", "-bs")
_SANDBOXED = {
    "LockPersonality=yes",
    "NoNewPrivileges=yes",
    "PrivateDevices=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "RestrictNamespaces=yes",
    "RestrictSUIDSGID=yes",
}


@given(amavises())
def test_no_file_names_a_version_or_a_date(amavis: Amavis) -> None:
    texts = [
        subject.render_drop_in(("clamav",)),
        subject.render_folder(amavis, "postfix"),
        subject.render_milter(amavis),
        subject.render_expiry(60),
        subject.render_expiry_timer(),
        subject.render_filtered_socket(amavis),
        subject.render_filtered_service(ARGV),
        subject.render_configuration(told()),
    ]
    assert all(text.startswith(subject.OWNED) for text in texts)
    assert not re.search(
        r"(?i)\b20\d\d\b|\bversion\b|(?<![\d.])\d+\.\d+\.\d+(?![\d.])", "".join(texts)
    )


def test_the_configuration_is_perl_of_its_own() -> None:
    lines = subject.render_configuration(told()).splitlines()
    assert lines[1] == "use strict;"
    assert lines[-1] == "1;"
    assert all(line.endswith(";") for line in lines[1:])


def test_amavis_reads_this_configuration_alone_in_a_sandbox() -> None:
    lines = subject.render_drop_in(("postdrop", "clamav")).splitlines()
    place = lines.index("ExecStart=")
    assert lines[place + 1] == "ExecStart=/usr/sbin/amavisd -c /etc/amavis/postern.conf foreground"
    assert "SupplementaryGroups=clamav postdrop" in lines
    assert "Restart=always" in lines
    assert {*lines} >= _SANDBOXED


def test_the_milter_asks_amavis_and_waits_as_long_as_a_search_may_take() -> None:
    text = subject.render_milter(told(concurrency=7))
    assert {*text.splitlines()} >= {*_SANDBOXED, "User=amavis", "Requires=amavis.service"}
    assert "-s local:/run/postern-filter/milter -S /var/lib/amavis/amavisd.sock" in text
    assert "-m 7 -M 120 " in text


def test_what_is_old_is_removed_by_the_filters_own_user_in_a_sandbox() -> None:
    lines = subject.render_expiry(7).splitlines()
    assert "ExecStart=/usr/local/sbin/postern-quarantine expire --days 7" in lines
    assert {*lines} >= {*_SANDBOXED, "Type=oneshot", "User=amavis", "ProtectSystem=full"}
    assert "[Install]" not in lines  # its timer starts it


def test_it_is_removed_each_day_also_where_the_host_was_off() -> None:
    lines = subject.render_expiry_timer().splitlines()
    assert {*lines} >= {"OnCalendar=daily", "Persistent=yes", "WantedBy=timers.target"}


def test_the_sockets_belong_to_the_agents_group() -> None:
    assert subject.render_folder(told(), "postfix").splitlines()[1:] == [
        "d /run/postern-filter 2750 amavis postfix -"
    ]


@pytest.mark.parametrize("line", ["SocketMode=0660", "SocketGroup=amavis", "Accept=yes"])
def test_mail_is_taken_back_from_amavis_alone(line: str) -> None:
    lines = subject.render_filtered_socket(told()).splitlines()
    assert line in lines
    assert "ListenStream=/run/postern-filtered/socket" in lines


def test_each_message_comes_back_to_a_process_of_its_own() -> None:
    lines = subject.render_filtered_service(ARGV).splitlines()
    assert "ExecStart=-/usr/sbin/sendmail -Am -bs" in lines
    assert "StandardInput=socket" in lines
    assert "ExitType=cgroup" in lines
