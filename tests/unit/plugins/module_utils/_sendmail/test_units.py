"""Tests of what systemd is told about Sendmail."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.plan import make_plan
from ansible_collections.postern.mail.plugins.module_utils._sendmail.units import (
    CRON_PATH,
    DAEMON,
    HANDOVER,
    HANDOVER_INSTANCE,
    LOG,
    LOG_TIMER,
    OWNED,
    QUEUE,
    SUBMIT,
    TMPFILES_PATH,
    Services,
    TransactionLog,
    is_interval,
    render_units,
    unit_path,
)

LOGGED = TransactionLog("/var/log/sendmail/transactions.log", 3)


def text(services: Services, unit: str) -> str:
    """Return a unit's text; the unit has to be there."""
    file = render_units(services)[unit_path(unit)]
    assert file is not None
    return file.content.decode()


def test_queue_mode_has_no_daemon_and_no_unit_listens_on_a_port() -> None:
    services = Services()
    files = render_units(services)
    assert services.units == (HANDOVER, QUEUE, SUBMIT)
    assert files[unit_path(DAEMON)] is None
    everything = "".join(file.content.decode() for file in files.values() if file)
    assert "-bd" not in everything
    assert "-bD" not in everything
    assert "ListenStream=/run/postern-sendmail/handover" in everything
    assert everything.count("Listen") == 1


def test_daemon_mode_adds_the_daemon_alone() -> None:
    services = Services(mode="daemon")
    assert services.units == (HANDOVER, DAEMON, QUEUE, SUBMIT)
    assert "ExecStart=/usr/sbin/sendmail -Am -L sm-mta -bD " in text(services, DAEMON)


def test_interval_is_that_of_the_queue_and_not_of_the_hand_over() -> None:
    services = Services(queue_interval="15m")
    assert " -q15m" in text(services, QUEUE)
    assert " -q5m" in text(services, SUBMIT)


def test_socket_is_roots_and_its_folder_no_others() -> None:
    socket = text(Services(), HANDOVER)
    for line in ("SocketUser=root", "SocketGroup=smmsp", "SocketMode=0660", "DirectoryMode=0755"):
        assert f"\n{line}\n" in socket


def test_a_burst_does_not_close_the_socket() -> None:
    assert "\nTriggerLimitIntervalSec=0\n" in text(Services(), HANDOVER)


def test_a_session_lasts_until_what_it_took_is_delivered() -> None:
    assert "\nExitType=cgroup\n" in text(Services(), HANDOVER_INSTANCE)


@pytest.mark.parametrize("unit", [HANDOVER_INSTANCE, DAEMON, QUEUE, SUBMIT, LOG])
def test_every_service_is_hardened(unit: str) -> None:
    lines = text(Services("daemon", "1h", LOGGED), unit).splitlines()
    for line in ("NoNewPrivileges=yes", "ProtectSystem=full", "PrivateTmp=yes"):
        assert line in lines


def test_submission_runner_is_nobody_with_power() -> None:
    lines = text(Services(), SUBMIT).splitlines()
    assert "User=smmsp" in lines
    assert "CapabilityBoundingSet=" in lines


@pytest.mark.parametrize("unit", [DAEMON, QUEUE, SUBMIT])
def test_whoever_delivers_is_let_finish(unit: str) -> None:
    assert "\nKillMode=process\n" in text(Services(mode="daemon"), unit)


def test_log_is_written_by_all_that_speak_smtp_and_bounded() -> None:
    services = Services("daemon", "1h", LOGGED)
    assert LOG_TIMER in services.units
    for unit in (HANDOVER_INSTANCE, DAEMON, QUEUE):
        assert f" -X {LOGGED.path}" in text(services, unit)
    assert f"-lt {3 * 1048576}" in text(services, LOG)
    tmpfiles = render_units(services)[TMPFILES_PATH]
    assert tmpfiles is not None
    assert f"f {LOGGED.path} 0600 root root -\n".encode() in tmpfiles.content


def test_without_a_log_nothing_of_it_is_there() -> None:
    files = render_units(Services(mode="daemon"))
    assert files[unit_path(LOG)] is None
    assert files[unit_path(LOG_TIMER)] is None
    assert files[TMPFILES_PATH] is None
    assert not any(b" -X " in file.content for file in files.values() if file)


def test_debians_own_start_nothing() -> None:
    files = render_units(Services())
    conf = files["/etc/mail/sendmail.conf"]
    assert conf is not None
    assert conf.content.count(b'MODE="None"') == 3
    assert files[CRON_PATH] is None


def test_every_owned_file_is_decided_in_each_mode_and_the_same_is_no_change() -> None:
    for services in (Services(), Services("daemon", "5m"), Services(log=LOGGED)):
        files = render_units(services)
        assert set(files) == set(OWNED)
        assert not make_plan(files, render_units(services)).changed


@pytest.mark.parametrize(
    ("written", "valid"),
    [
        *((text, True) for text in ("1h", "15m", "1h30m")),
        *((text, False) for text in ("0m", "h", "1 h", "1h -bd", "", "10", "1y", "1h\n")),
    ],
)
def test_interval_is_a_time(written: str, valid: bool) -> None:
    assert is_interval(written) is valid


def test_every_service_says_once_what_it_may() -> None:
    files = render_units(Services("daemon", log=LOGGED))
    for path, file in files.items():
        if file and path.endswith(".service"):
            keys = [line.partition(b"=")[0] for line in file.content.splitlines() if b"=" in line]
            assert len(keys) == len({*keys}), path
            assert b"UMask" in keys, path
