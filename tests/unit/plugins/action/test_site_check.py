"""The site check as people run it: ansible-playbook, with hosts that don't exist."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.postern.mail.tests.unit.site_models import good, send_only

ROOT = Path(__file__).resolve().parents[4]
PLAYBOOK = """
- name: Check the site
  hosts: mail_hosts
  gather_facts: false
  vars:
    play_domain: example.org
  tasks:
    - name: Check the model of every host
      postern.mail.site_check:
        joined: [firewall_openings]
        asked: [firewall_mail]

- name: Touch the hosts
  hosts: mail_hosts
  gather_facts: false
  tasks:
    - name: Reach the host
      ansible.builtin.raw: "true"
"""
# Takes the place of ssh, and tells that somebody tried to reach a host.
SSH = "#!/bin/sh\ntouch {mark}\nexit 255\n"


class Site:
    """A folder with a playbook and an inventory, and what happens when it is run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = folder / "a-host-was-touched"
        ssh = folder / "ssh"
        ssh.write_text(SSH.format(mark=self.mark))
        ssh.chmod(0o755)
        (folder / "site.yml").write_text(PLAYBOOK)

    def run(self, hosts: dict[str, Any], *arguments: str, **everywhere: Any) -> str:
        hosts = {name: {**raw, "ansible_host": "192.0.2.1"} for name, raw in hosts.items()}
        inventory = {
            "all": {"vars": {"ansible_ssh_executable": str(self.folder / "ssh"), **everywhere}},
            "mail_hosts": {"hosts": hosts},
        }
        (self.folder / "hosts.yml").write_text(yaml.safe_dump(inventory, sort_keys=False))
        command = [str(Path(sys.executable).parent / "ansible-playbook")]
        done = subprocess.run(
            [*command, "-i", "hosts.yml", "site.yml", *arguments],
            cwd=self.folder,
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
                "ANSIBLE_NOCOLOR": "1",
                "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
                "COLUMNS": "500",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_good_model_passes_and_only_then_are_hosts_reached(site: Site) -> None:
    shown = site.run({"mail": good(), "web": send_only()}, "-v")
    assert "The model of 2 hosts holds." in shown
    assert site.mark.exists()


def test_a_bad_model_reaches_no_host_and_says_everything_with_file_and_line(site: Site) -> None:
    mail = good(mail_trusted_networks=["0.0.0.0/0"], mail_aliases={"root": "nobody.at.all"})
    mail["mail_accounts"][0]["quota"] = "2 gigs"
    web = send_only(mail_relay={}, mail_hostname="web")
    shown = site.run({"mail": mail, "web": web}, mail_domian="example.org")
    lines = (site.folder / "hosts.yml").read_text().splitlines()

    def at(text: str) -> str:
        return f"(hosts.yml:{next(n for n, line in enumerate(lines, 1) if text in line)})"

    for line in (
        f'mail: mail_accounts[0].quota {at("2 gigs")}: "2 gigs" is not a size; write it like 2GiB',
        f'mail: mail_trusted_networks[0] {at("0.0.0.0/0")}: "0.0.0.0/0" is the whole internet',
        f'mail: mail_aliases.root {at("root:")}: leads to "nobody.at.all@example.org"',
        "mail: mail_aliases.postmaster",
        f'web: mail_hostname {at("mail_hostname: web")}: "web" is not a full domain',
        f'  mail_domian {at("mail_domian")}: no such variable; did you mean "mail_domain"?',
    ):
        assert line in shown
    assert "problems, nothing was changed" in shown
    assert "Reach the host" not in shown
    assert not site.mark.exists()


def test_no_secret_is_shown_however_much_is_wrong(site: Site) -> None:
    mail = good(mail_relay={"host": "x", "username": "u", "pasword": "hidden-relay"})
    mail["mail_accounts"] = [
        {"name": "alice", "password": "hidden-one", "quota": "hidden-one"},
        {"name": "carol", "password_hash": "hidden-two"},
        {"name": "dave", "password": ["hidden-three"]},
        "eve:hidden-four",
        {"name": "eve", "password": "{{ vault_gone }}hidden-five"},
    ]
    shown = site.run({"mail": mail}, "-vvv")
    assert "mail_accounts[4].password" in shown
    assert "'vault_gone' is undefined" in shown
    assert "hidden-" not in shown
    assert not site.mark.exists()


def test_variables_of_the_play_and_of_the_command_line_count(site: Site) -> None:
    mail = good(mail_domain="{{ play_domain }}", mail_hostname="{{ given_name }}")
    shown = site.run({"mail": mail}, "-v", "-e", "given_name=mail.example.org")
    assert "The model of 1 host holds." in shown
    shown = site.run({"mail": mail}, "-e", "given_name=mail.example.org mail_stoer=cyrus")
    assert 'mail_stoer: no such variable; did you mean "mail_store"?' in shown


def test_a_warning_is_shown_and_stops_nothing(site: Site) -> None:
    shown = site.run({"mail": good(mail_trusted_networks=["203.0.113.7"])}, "-v")
    assert '"203.0.113.7/32" is public: whoever holds it may send to anywhere' in shown
    assert "The model of 1 host holds." in shown


def test_a_role_variable_is_checked_unless_it_waits_for_facts(site: Site) -> None:
    wrong = site.run({"mail": good()}, firewall_ping="perhaps")
    assert 'firewall_ping (hosts.yml:4): "perhaps" is not a boolean' in wrong
    later = site.run({"mail": good()}, "-v", firewall_ping="{{ ansible_facts.ping }}")
    assert "The model of 1 host holds." in later


def test_a_value_that_the_playbook_would_override_is_refused(site: Site) -> None:
    shown = site.run({"mail": {**good(), "firewall_openings": []}})
    assert "firewall_openings" in shown
    assert "is set by site.yml from what the roles publish, and would be ignored" in shown
    assert not site.mark.exists()


def test_what_a_playbook_asks_for_is_no_misspelt_variable(site: Site) -> None:
    assert "The model of 1 host holds." in site.run({"mail": good()}, "-v", "-efirewall_mail=x")
    assert "firewall_male: no such variable" in site.run({"mail": good()}, "-efirewall_male=x")


def test_long_lists_are_read_before_a_host_is_touched_and_wrong_lines_are_named(site: Site) -> None:
    lists = site.folder / "lists"
    lists.mkdir()
    (lists / "aliases.txt").write_text("team: alice\nroot: carol\nhelp: nobody.here\n")
    mail = good(mail_alias_files=["lists/aliases.txt"])
    web = send_only(
        mail_openings={"smtp": ["10.0.0.0/8"]},
        mail_access_files=[{"kind": "client", "path": "lists/gone.txt", "action": "reject"}],
    )
    shown = site.run({"mail": mail, "web": web})
    lines = (site.folder / "hosts.yml").read_text().splitlines()
    at = next(number for number, line in enumerate(lines, 1) if "lists/gone.txt" in line)
    for line in (
        'mail: lists/aliases.txt:2: "root@example.net" is declared twice;'
        " first at mail_aliases.root",
        'mail: lists/aliases.txt:3: "help" leads to "nobody.here@example.org", which nobody has',
        f'web: mail_access_files[0].path (hosts.yml:{at}): "lists/gone.txt" can\'t be read:'
        " No such file or directory",
    ):
        assert line in shown
    assert not site.mark.exists()
    (lists / "gone.txt").write_text("192.0.2.0/24\n")
    (lists / "aliases.txt").write_text("team: alice\n")
    assert "The model of 2 hosts holds." in site.run({"mail": mail, "web": web}, "-v")


def test_a_role_variable_that_undoes_the_site_is_refused(site: Site) -> None:
    mail = good(mail_openings={"smtp": "everyone", "pop3": ["10.20.0.0/16"]})
    shown = site.run({"mail": mail}, firewall_enabled="no")
    assert (
        "firewall_enabled (hosts.yml:4): false would show pop3 passwords in clear text to everyone;"
        " let the firewall guard mail_openings.pop3, or open pop3s instead" in shown
    )
    assert not site.mark.exists()
