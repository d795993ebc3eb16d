"""Behaviour of the postfix module: check mode, silence, purge, refusal before and after."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.postern.mail.plugins.modules import postfix
from ansible_collections.postern.mail.tests.unit.memory_host import run_module
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._postfix.fake_postfix import (
    FakePostfix,
)

Runner = Callable[..., dict[str, Any]]

WANTED: dict[str, Any] = {
    "parameters": {"myhostname": "mail.example.org", "biff": True, "message_size_limit": 1000},
    "maps": [
        {"name": "aliases", "entries": {"root@example.org": "alice@example.org"}},
    ],
    "secret_maps": {"relay": {"[smart]:587": "user@example.org:fake-secret"}},
    "sasl": {"smtpd": {"mech_list": "PLAIN"}},
}


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakePostfix:
    found = FakePostfix(tmp_path)
    found.into(monkeypatch)
    return found


@pytest.fixture
def run(daemon: FakePostfix, capsys: pytest.CaptureFixture[str]) -> Runner:
    def call(check: bool = False, **more: Any) -> dict[str, Any]:
        options = {**WANTED, "config_directory": daemon.folder, **more}
        return run_module(postfix, capsys, check, **options)

    return call


def test_a_first_run_writes_everything_but_what_repeats_a_default(
    daemon: FakePostfix, run: Runner
) -> None:
    assert run()["changed"]
    main = daemon.text("main.cf")
    assert "message_size_limit = 1000\n" in main
    assert "biff" not in main
    assert "cyrus_sasl_config_path = $config_directory/sasl\n" in main
    assert "smtp " in daemon.text("master.cf")
    assert daemon.text("maps/aliases.lmdb") == "compiled"
    assert Path(daemon.folder, "maps/relay").stat().st_mode & 0o777 == 0o600
    assert Path(daemon.folder, "maps/relay.lmdb").stat().st_mode & 0o777 == 0o600


def test_a_second_run_is_silent_and_asks_for_the_defaults_only(
    daemon: FakePostfix, run: Runner
) -> None:
    run()
    daemon.asked.clear()
    again = run()
    assert (again["changed"], again["diff"]) == (False, [])
    assert (again["reload_needed"], again["restart_required"]) == (False, False)
    assert len(daemon.asked) == 1


def test_a_check_run_says_what_a_real_run_does_and_writes_nothing(
    daemon: FakePostfix, run: Runner
) -> None:
    checked = run(check=True)
    assert list(Path(daemon.folder).iterdir()) == []
    done = run()
    assert (checked["changed"], checked["diff"]) == (done["changed"], done["diff"])


def test_a_secret_is_in_no_diff_and_no_answer(run: Runner) -> None:
    assert "fake-secret" not in json.dumps(run())
    left = run(secret_maps={})
    assert left["changed"]
    assert "fake-secret" not in json.dumps(left["diff"])


def test_what_leaves_the_options_leaves_the_host(daemon: FakePostfix, run: Runner) -> None:
    run()
    run(parameters={}, secret_maps={})
    assert "message_size_limit" not in daemon.text("main.cf")
    assert not Path(daemon.folder, "maps/relay").exists()
    assert not Path(daemon.folder, "maps/relay.lmdb").exists()


def test_without_purge_what_the_options_do_not_name_stays(daemon: FakePostfix, run: Runner) -> None:
    run()
    run(parameters={"relayhost": "smart"}, maps=[], purge=False)
    assert "message_size_limit = 1000\n" in daemon.text("main.cf")
    assert "relayhost = smart\n" in daemon.text("main.cf")
    assert Path(daemon.folder, "maps/aliases").exists()


def test_a_file_broken_by_hand_is_shown_and_mended(daemon: FakePostfix, run: Runner) -> None:
    run()
    before = daemon.text("main.cf")
    Path(daemon.folder, "main.cf").write_text(before + "soft_bounce = yes\n", encoding="utf-8")
    mended = run()
    assert "soft_bounce" in mended["diff"][0]["before"]
    assert daemon.text("main.cf") == before


def test_a_lost_database_is_compiled_again(daemon: FakePostfix, run: Runner) -> None:
    run()
    Path(daemon.folder, "maps/aliases.lmdb").unlink()
    mended = run()
    assert [entry["after"] for entry in mended["diff"]] == ["(compiled table)\n"]
    assert daemon.text("maps/aliases.lmdb") == "compiled"


def test_tables_of_somebody_else_are_not_removed(daemon: FakePostfix, run: Runner) -> None:
    other = Path(daemon.folder, "maps/other")
    other.parent.mkdir()
    other.write_text("x y\n", encoding="utf-8")
    refused = run()
    assert "other: is in the way" in refused["msg"]
    assert other.exists()


@pytest.mark.parametrize("check", [True, False])
def test_a_bad_model_is_refused_before_postfix_is_asked(
    daemon: FakePostfix, run: Runner, check: bool
) -> None:
    refused = run(check, parameters={"smtpd_relay_restrictions": "permit_all"})
    assert refused["failed"]
    assert "permit_all" in refused["msg"]
    assert daemon.asked == []


@pytest.mark.parametrize("check", [True, False])
def test_what_a_daemon_objects_to_goes_nowhere(
    daemon: FakePostfix, run: Runner, check: bool
) -> None:
    daemon.complaints = ["smtpd: fatal: bad numerical configuration: message_size_limit = 1000"]
    refused = run(check)
    assert refused["msg"].startswith("1 problem, nothing was changed:")
    assert "parameters.message_size_limit: Postfix says: fatal: bad numerical" in refused["msg"]
    assert list(Path(daemon.folder).iterdir()) == []


def test_an_unknown_parameter_is_named_with_its_nearest(daemon: FakePostfix, run: Runner) -> None:
    daemon.staged = ["not asked"]
    run()
    original = daemon.run

    def warn(argv: list[str], **more: Any) -> Any:
        if argv[0] == "postconf" and "-n" in argv:
            daemon.answer("warned", 0, "postconf: warning: main.cf: unused parameter: relayhosst=x")
            return daemon.answers["warned"]
        return original(argv, **more)

    daemon.run = warn  # type: ignore[method-assign]
    with pytest.MonkeyPatch.context() as patch:
        daemon.into(patch)
        assert 'did you mean "relayhost"?' in run(parameters={"relayhosst": "x"})["msg"]


def test_a_running_postfix_is_reloaded_and_spoken_to(daemon: FakePostfix, run: Runner) -> None:
    daemon.start()
    done = run(parameters={"message_size_limit": 5})
    assert done["reload_needed"] is True
    assert daemon.commands("postfix", "systemctl") == [f"postfix -c {daemon.folder} reload"]


def test_what_is_read_at_the_start_only_takes_a_restart(daemon: FakePostfix, run: Runner) -> None:
    daemon.start()
    done = run(parameters={"inet_interfaces": "loopback-only"})
    assert (done["restart_required"], done["reload_needed"]) == (True, False)
    assert daemon.commands("postfix") == [
        f"postfix -c {daemon.folder} stop",
        f"postfix -c {daemon.folder} start",
    ]


def test_answers_that_name_the_configuration_bring_the_old_files_back(
    daemon: FakePostfix, run: Runner
) -> None:
    run()
    before = daemon.text("main.cf")
    daemon.start()
    daemon.live = ["localhost port smtp: 451 4.3.5 Server configuration error"]
    refused = run(parameters={"message_size_limit": 5})
    assert "451 4.3.5 Server configuration error" in refused["msg"]
    assert daemon.text("main.cf") == before
    assert daemon.commands("postfix").count(f"postfix -c {daemon.folder} reload") == 2


def test_a_refusal_in_the_rehearsed_dialogue_goes_nowhere(daemon: FakePostfix, run: Runner) -> None:
    daemon.start()
    daemon.staged = ["451 4.3.0 Temporary lookup failure"]
    refused = run()
    assert "services[smtp/inet]: Postfix says: 451 4.3.0" in refused["msg"]
    assert list(Path(daemon.folder).iterdir()) == []


def test_a_check_run_before_the_first_one_needs_no_postfix(
    daemon: FakePostfix, run: Runner
) -> None:
    daemon.missing()
    assert run(check=True)["changed"]
    assert run()["msg"] == "Postfix is not installed"


def test_a_secret_reaches_no_log_of_the_host(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[str] = []
    monkeypatch.setattr(
        postfix.AnsibleModule,
        "log",
        lambda _self, msg, log_args=None: logged.append(f"{msg} {log_args}"),
    )
    run()
    assert logged
    assert "fake-secret" not in " ".join(logged)
