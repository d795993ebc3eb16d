"""Behaviour of the host side: what it reads, loads and removes, and how it says that it can't."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._firewall import host
from ansible_collections.postern.mail.plugins.module_utils._firewall.model import Firewall
from ansible_collections.postern.mail.plugins.module_utils._firewall.render import (
    UNIT_TEXT,
    render_rules,
)
from ansible_collections.postern.mail.plugins.module_utils._firewall.steps import (
    Present,
    make_steps,
)
from ansible_collections.postern.mail.tests.unit.nft_host import DENIED, NftHost, listed, make

RULES = render_rules(Firewall())


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NftHost:
    return make(tmp_path, monkeypatch)


def wanted() -> dict[str, File | None]:
    return {
        host.RULES_PATH: File(RULES.encode()),
        host.UNIT_PATH: File(UNIT_TEXT.encode()),
        host.DROP_IN_PATH: File(b"[Service]\n"),
    }


def test_a_table_that_is_not_there_is_none(fake: NftHost) -> None:
    assert host.read_listing() is None


def test_without_nft_there_is_no_table_and_nobody_to_judge_rules(fake: NftHost) -> None:
    fake.failing["nft"] = "nft: not installed"
    assert host.read_listing() is None
    host.check("rubbish")
    with pytest.raises(Refused, match="the package nftables"):
        host.load(RULES)


def test_a_host_that_forbids_nftables_is_told_so(fake: NftHost) -> None:
    fake.failing["nft"] = DENIED
    for call in (host.read_listing, lambda: host.check(RULES), lambda: host.load(RULES)):
        with pytest.raises(Refused, match="--cap-add NET_ADMIN"):
            call()


def test_refused_rules_are_told_in_nfts_own_words(fake: NftHost) -> None:
    fake.failing["nft --check"] = "/dev/stdin:3:1-4: Error: syntax error, unexpected dprt"
    with pytest.raises(Refused, match="unexpected dprt"):
        host.check(RULES)


def test_after_installing_a_plan_has_nothing_to_do(fake: NftHost) -> None:
    host.install(wanted(), RULES, None)
    assert not make_steps(RULES, wanted(), host.read_host()).changed
    assert fake.table == listed(RULES)


def test_units_are_read_anew_only_when_they_changed(fake: NftHost) -> None:
    host.install(wanted(), RULES, None)
    assert "systemctl daemon-reload" in fake.commands
    fake.commands.clear()
    host.install({**wanted(), host.RULES_PATH: File(RULES.encode() + b"#\n")}, RULES, None)
    assert "systemctl daemon-reload" not in fake.commands


def test_a_unit_that_does_not_start_brings_files_and_live_table_back(fake: NftHost) -> None:
    fake.table = "table inet postern {\n\told\n}\n"
    fake.failing["systemctl reload-or-restart"] = "Job failed"
    with pytest.raises(Refused, match="Job failed"):
        host.install(wanted(), RULES, fake.table)
    assert host.read_host().files == dict.fromkeys(host.OWNED)
    assert fake.table == "table inet postern {\n\told\n}\n"


def test_removing_leaves_nothing_of_ours_and_everything_of_others(fake: NftHost) -> None:
    host.install(wanted(), RULES, None)
    neighbour = Path(host.RULES_PATH).with_name("accounts.passwd")
    neighbour.write_text("x")
    host.remove(host.read_host())
    assert host.read_host() == Present(dict.fromkeys(host.OWNED))
    assert neighbour.exists()
    assert not Path(host.DROP_IN_PATH).parent.exists()


def test_a_started_unit_that_no_boot_wants_is_not_in_force(fake: NftHost) -> None:
    host.install(wanted(), RULES, None)
    assert host.read_host().unit_in_force
    Path(host.WANTED_LINK).unlink()
    assert not host.read_host().unit_in_force


def test_outside_ssh_there_is_no_controller(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes
    monkeypatch.setattr(
        Path,
        "read_bytes",
        lambda self: b"HOME=/\0" if self.name == "environ" else read(self),
    )
    assert host.find_controller() is None


def test_the_controller_is_found_through_the_ancestors(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under sudo, where only the ancestor of this process has SSH_CONNECTION."""

    def environment(self: Path) -> bytes:
        mine = str(self) == "/proc/self/environ"
        return b"HOME=/\0" if mine else b"SSH_CONNECTION=2001:db8::5 40000 2001:db8::1 2222\0"

    monkeypatch.setattr(Path, "read_bytes", environment)
    peer = host.find_controller()
    assert peer is not None
    assert (str(peer.address), peer.port) == ("2001:db8::5", 2222)
