"""The daemon is believed when it says that it looks at its queue, and complains of nothing."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._nullmailer import service

GOOD = "Trigger pulled.\nRescanning queue."
Daemon = Callable[..., list[str]]


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Daemon:
    """Return what lets the daemon have said something, and be active or not."""
    trigger = tmp_path / "trigger"
    os.mkfifo(trigger)
    monkeypatch.setattr(service, "TRIGGER", str(trigger))
    monkeypatch.setattr(service, "_WAIT_SECONDS", 0.3)
    monkeypatch.setattr(service, "_SETTLE_SECONDS", 0.0)
    asked: list[str] = []

    def says(log: str, active: bool = True) -> list[str]:
        monkeypatch.setattr(service.units, "log_end", lambda: "end")
        monkeypatch.setattr(service.units, "log_of", lambda _unit, after: log if after else "")
        monkeypatch.setattr(service.units, "is_active", lambda _unit: active)
        monkeypatch.setattr(service.units, "systemctl", lambda *words: asked.append(words[0]))
        monkeypatch.setattr(service.units, "demand", lambda _unit, *words: asked.append(words[0]))
        return asked

    return says


@pytest.fixture
def listening(daemon: Daemon) -> int:
    """A daemon that waits at its trigger."""
    daemon(GOOD)
    return os.open(service.TRIGGER, os.O_RDONLY | os.O_NONBLOCK)


def test_a_start_is_believed_when_the_queue_is_looked_at(daemon: Daemon) -> None:
    asked = daemon("Started nullmailer.service.\nRescanning queue.")
    service.start()
    assert asked == ["reset-failed", "start"]


@pytest.mark.parametrize(
    ("log", "active", "said"),
    [
        ("Failed to set up user namespacing", True, "does not come up:\nFailed to set up"),
        ("Rescanning queue.\nNo remote hosts listed for delivery", True, "No remote hosts"),
        ("Rescanning queue.\nCould not load the config", True, "Could not load the config"),
        ("Rescanning queue.", False, "does not take its new files"),
        ("Rescanning queue.\nnullmailer.service: Main process exited", True, "exited"),
    ],
)
def test_a_start_that_fails_is_told(daemon: Daemon, log: str, active: bool, said: str) -> None:
    daemon(log, active)
    with pytest.raises(Refused, match=said):
        service.start()


def test_a_running_daemon_is_woken_and_not_restarted(daemon: Daemon, listening: int) -> None:
    asked = daemon(GOOD)
    service.take()
    assert os.read(listening, 9) == b"\0"
    assert asked == []


@pytest.mark.usefixtures("listening")
def test_one_that_is_busy_sending_is_let_be(daemon: Daemon) -> None:
    daemon("Starting delivery: host: a.example protocol: smtp file: 1")
    service.take()


@pytest.mark.usefixtures("listening")
def test_a_smarthost_that_fails_is_no_complaint_about_the_files(daemon: Daemon) -> None:
    daemon(f"{GOOD}\nSending failed: Connection refused\nsmtp: Failed: Connect failed")
    service.take()


def test_a_daemon_that_does_not_listen_is_told(daemon: Daemon) -> None:
    daemon(GOOD)
    with pytest.raises(Refused, match="does not listen to its trigger"):
        service.take()


def test_it_is_told_to_start_at_boot_and_to_stop(daemon: Daemon) -> None:
    asked = daemon(GOOD)
    service.enable()
    service.stop()
    assert asked == ["enable", "stop"]
