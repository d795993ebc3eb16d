"""Facts have the form of Ansible's own, and name only what is installed."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.postern.mail.plugins.module_utils._host.facts import (
    default_ipv4,
    host_size,
    installed_packages,
)


def test_only_installed_packages_are_named() -> None:
    listing = "postfix 3.7.11 installed\nexim4 4.96 config-files\nlibc6 2.36 installed\n"
    found = installed_packages(listing)
    assert sorted(found) == ["libc6", "postfix"]
    assert found["postfix"] == [{"name": "postfix", "version": "3.7.11", "source": "apt"}]


def test_both_architectures_of_a_package_are_listed() -> None:
    listing = "libc6 2.36 installed\nlibc6 2.36 installed\n"
    assert len(installed_packages(listing)["libc6"]) == 2


def test_the_default_address_is_that_of_the_route() -> None:
    routes = '[{"dst":"192.0.2.1","gateway":"10.1.0.1","dev":"eth0","prefsrc":"10.1.0.9"}]'
    assert default_ipv4(routes) == {"address": "10.1.0.9", "interface": "eth0"}


def test_a_host_without_a_default_route_has_no_default_address() -> None:
    assert default_ipv4("") == {}
    assert default_ipv4("[]") == {}


def test_a_hosts_size_has_the_form_of_setups_own() -> None:
    assert host_size("4\n8000000 kB\n") == {"processor_nproc": 4, "memtotal_mb": 7812}


def test_what_a_host_does_not_say_of_its_size_is_left_out() -> None:
    assert host_size("") == {}
    assert host_size("sh: nproc: not found\n8000000 kB\n") == {"memtotal_mb": 7812}
    assert host_size("4\n") == {"processor_nproc": 4}
    assert host_size("4\nno such file\n") == {"processor_nproc": 4}
