"""Behaviour of the firewall module: check mode, trial, confirmation, silence, removal."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._firewall import host
from ansible_collections.postern.mail.plugins.module_utils._firewall.model import Firewall
from ansible_collections.postern.mail.plugins.module_utils._firewall.render import (
    render_files,
    render_rules,
)
from ansible_collections.postern.mail.plugins.modules import firewall
from ansible_collections.postern.mail.tests.unit.nft_host import DENIED, NftHost, listed, make

Runner = Callable[..., dict[str, Any]]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NftHost:
    found = make(tmp_path, monkeypatch)

    def files_here(wanted: Firewall) -> dict[str, File]:
        return dict(zip(host.OWNED, render_files(wanted).values(), strict=True))

    monkeypatch.setattr(firewall, "render_files", files_here)
    monkeypatch.setattr(firewall, "RULES_PATH", host.RULES_PATH)
    monkeypatch.setattr(host, "find_controller", lambda: None)
    return found


@pytest.fixture
def run(fake: NftHost, capsys: pytest.CaptureFixture[str]) -> Runner:
    def call(check: bool = False, **options: Any) -> dict[str, Any]:
        with (
            patch_module_args({**options, "_ansible_check_mode": check}),
            pytest.raises(SystemExit),
        ):
            firewall.main()
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        return result

    return call


def converge(run: Runner, **options: Any) -> dict[str, Any]:
    """Run as the action plugin does: the trial, then its confirmation."""
    first = run(**options)
    return run(**options, confirm=first["trial"]) if "trial" in first else first


def test_a_check_run_changes_nothing_and_shows_everything(fake: NftHost, run: Runner) -> None:
    result = run(check=True)
    assert result["changed"]
    assert [part["after_header"] for part in result["diff"]] == sorted(host.OWNED)
    assert fake.table is None
    assert not any(Path(path).exists() for path in host.OWNED)


def test_new_rules_are_loaded_but_no_boot_reads_them_before_they_are_confirmed(
    fake: NftHost, run: Runner
) -> None:
    result = run()
    assert result["trial"]["token"]
    assert fake.table == listed(render_rules(Firewall()))
    assert not any(Path(path).exists() for path in host.OWNED)


def test_confirmed_rules_are_those_of_every_boot(fake: NftHost, run: Runner) -> None:
    assert converge(run)["verdict"] == "kept"
    assert Path(host.RULES_PATH).read_text() == render_rules(Firewall())
    assert fake.unit_active
    assert not fake.timer_armed


def test_a_second_run_is_silent(fake: NftHost, run: Runner) -> None:
    converge(run)
    fake.commands.clear()
    result = run()
    assert not result["changed"]
    assert result["diff"] == []
    assert len(fake.commands) == 2  # the listing, and the unit's state


def test_rules_that_were_taken_back_do_not_become_those_of_a_boot(
    fake: NftHost, run: Runner
) -> None:
    converge(run)
    token = run(extra_rules=["tcp dport 22 drop"])["trial"]
    fake.let_the_timer_fire()
    result = run(extra_rules=["tcp dport 22 drop"], confirm=token)
    assert result["verdict"] == "rolled_back"
    assert result["restored"]
    assert Path(host.RULES_PATH).read_text() == render_rules(Firewall())
    assert not run()["changed"]


def test_a_file_changed_by_hand_is_mended_without_a_trial(fake: NftHost, run: Runner) -> None:
    converge(run)
    Path(host.RULES_PATH).write_text("table inet postern {}\n")
    result = run()
    assert result["changed"]
    assert "trial" not in result
    assert not run()["changed"]


def test_all_problems_come_before_anything_else(fake: NftHost, run: Runner) -> None:
    result = run(openings=[{"name": "9", "port": 0}], rollback_seconds=300)
    assert result["failed"]
    assert result["msg"].startswith("3 problems, nothing was changed:")
    assert fake.commands == []


def test_refused_rules_fail_in_nfts_words_and_in_check_mode_too(fake: NftHost, run: Runner) -> None:
    fake.failing["nft --check"] = "Error: unexpected dprt"
    for check in (True, False):
        result = run(check=check, extra_rules=["tcp dprt 22 drop"])
        assert result["failed"]
        assert "unexpected dprt" in result["msg"]
    assert fake.table is None


def test_a_host_without_the_right_to_nftables_fails_clearly(fake: NftHost, run: Runner) -> None:
    fake.failing["nft"] = DENIED
    assert "--cap-add NET_ADMIN" in run()["msg"]


def test_a_controller_that_ssh_would_not_admit_is_kept_through_trial_and_confirmation(
    fake: NftHost, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = firewall.read_peer("198.51.100.7", "22")
    monkeypatch.setattr(host, "find_controller", lambda: peer)
    warnings: list[str] = []
    monkeypatch.setattr(firewall.AnsibleModule, "warn", lambda _self, text: warnings.append(text))
    options = {"ssh_sources": ["192.0.2.0/24"]}
    first = run(**options)
    assert "198.51.100.7" in warnings[0]
    monkeypatch.setattr(host, "find_controller", lambda: None)
    run(**options, confirm=first["trial"])
    assert 'ip saddr 198.51.100.7 tcp dport 22 accept comment "controller"' in (fake.table or "")


@pytest.mark.parametrize("check", [True, False])
def test_removal_is_planned_or_done(fake: NftHost, run: Runner, check: bool) -> None:
    converge(run)
    assert run(check=check, state="absent")["changed"]
    assert (fake.table is None) is not check
    assert Path(host.RULES_PATH).exists() is check
    assert run(state="absent")["changed"] is check
