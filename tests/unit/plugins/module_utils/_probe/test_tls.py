"""Contexts verify when they should, and look without trust when they should not."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from ansible_collections.postern.mail.plugins.module_utils._probe import tls
from ansible_collections.postern.mail.plugins.module_utils._probe.model import Target
from ansible_collections.postern.mail.plugins.module_utils._probe.transcript import Transcript
from ansible_collections.postern.mail.tests.unit.mail_certificates import authority
from ansible_collections.postern.mail.tests.unit.probe_servers import Servers


def test_a_verifying_context_trusts_only_the_given_authority() -> None:
    target = Target("a", "b", ca_certificates=authority().pem)
    context = tls.verifying(target)
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert len(context.get_ca_certs()) == 1
    assert not tls.verifying(target, names=False).check_hostname


def test_a_file_of_certificates_is_read_or_missed(tmp_path: Path) -> None:
    file = tmp_path / "ca.crt"
    with pytest.raises(FileNotFoundError):
        tls.verifying(Target("a", "b", ca_file=str(file)))
    file.write_text(authority().pem)
    assert len(tls.verifying(Target("a", "b", ca_file=str(file))).get_ca_certs()) == 1


def test_an_outdated_context_speaks_nothing_newer_than_tls_1_1() -> None:
    assert tls.outdated().maximum_version == 0x0302
    assert tls.outdated().verify_mode == ssl.CERT_NONE


@pytest.mark.parametrize(("service", "at_once"), [("submission", False), ("submissions", True)])
def test_tls_begins_at_once_where_the_service_does(
    servers: Servers, service: str, at_once: bool
) -> None:
    servers.start(service)
    transcript = Transcript()
    with tls.connect(servers.target, service, transcript) as sock:
        assert isinstance(sock, ssl.SSLSocket) is at_once
    assert ("TLSv1.3" in " ".join(transcript.lines)) is at_once
