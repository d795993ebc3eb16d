#!/usr/bin/python
"""TLS wrappers whose backends see the client's own address: thin over module_utils/_stunnel."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stunnel
short_description: Wrap services in TLS, and let them see who their clients are
version_added: "0.1.0"
description:
  - Owns one stunnel instance, C(stunnel@postern.service), with its file
    F(/etc/stunnel/postern.conf) and a drop-in that bounds it. Other instances are left alone.
  - A transparent service's backend sees the client's own address. The way back for its answers
    is a unit of its own, C(postern-stunnel-routing.service), with the nftables table
    C(inet postern_stunnel), and a routing rule and table. Without transparent services it goes.
  - stunnel reads a new configuration in a rehearsal first, keys included. After that it is
    reloaded, so sessions live on, and waited for. When it does not come to listen, the old
    files return and the task fails in stunnel's words.
  - Without O(services) nothing of this stays on the host.
options:
  services:
    description: The ports with TLS, and what is behind them.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The service's name.
        type: str
        required: true
      port:
        description: Where clients connect.
        type: int
        required: true
      backend_port:
        description:
          - Where the backend listens, without TLS.
          - With O(services[].transparent), answers from this port lead to stunnel and to nobody
            else, so keep it for stunnel alone.
        type: int
        required: true
      backend_address:
        description: The backend's address in place of O(backend_address).
        type: str
      backend_address_ipv6:
        description:
          - The backend's address for clients that come over IPv6.
          - Without it they are led to O(services[].backend_address), and with
            O(services[].transparent) the backend sees that the host itself connects.
        type: str
      addresses:
        description: Where to listen; without it on all addresses, IPv6 where the host has it.
        type: list
        elements: str
      transparent:
        description: Whether the backend sees the client's address as the source.
        type: bool
        default: true
      protocol:
        description: What client and backend speak.
        type: str
      starttls:
        description:
          - Whether TLS starts by STARTTLS within O(services[].protocol), C(imap), C(pop3) or
            C(smtp), in place of the first byte.
        type: bool
        default: false
      proxy_header:
        description: Whether the backend is told the client by the PROXY protocol.
        type: bool
        default: false
  backend_address:
    description:
      - The host's own address where backends listen. It cannot be a loopback address where a
        service is transparent.
    type: str
    default: ""
  certificate:
    description: File with the certificate and its chain.
    type: path
    required: true
  key:
    description: File with the private key.
    type: path
    required: true
  minimum_tls:
    description: The oldest TLS version that is spoken.
    type: str
    choices: [TLSv1.2, TLSv1.3]
    default: TLSv1.2
  ciphers:
    description: Ciphers of TLS 1.2, as OpenSSL names them.
    type: str
    default: "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
      ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
      ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
  ciphersuites:
    description: Cipher suites of TLS 1.3, as OpenSSL names them.
    type: str
    default: "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
  curves:
    description: Groups for the key exchange.
    type: str
    default: "X25519:P-256:P-384"
  idle_seconds:
    description: After how long a session without a word is closed.
    type: int
    default: 7200
  log_level:
    description: What reaches the journal; V(notice) names every client.
    type: str
    choices: [err, warning, notice, info]
    default: notice
  libwrap:
    description: Whether F(/etc/hosts.allow) and F(/etc/hosts.deny) are asked, by section name.
    type: bool
    default: false
attributes:
  check_mode:
    description: Reports what would change, and rehearses where stunnel and its key are there.
    support: full
  diff_mode:
    description: Shows the files, and what happens to the units.
    support: full
author:
  - The postern.mail project (@postern)
"""

EXAMPLES = r"""
- name: Offer IMAP over TLS
  postern.mail.stunnel:
    services:
      - {name: imaps, port: 993, backend_port: 943}
    backend_address: 192.0.2.10
    certificate: /etc/postern/tls/mail.crt
    key: /etc/postern/tls/mail.key

- name: Do without stunnel
  postern.mail.stunnel:
    services: []
    certificate: /etc/postern/tls/mail.crt
    key: /etc/postern/tls/mail.key
"""

RETURN = r"""
instance:
  description: What happened to C(stunnel@postern.service); empty when nothing did.
  type: str
  returned: always
  sample: reloaded
routing:
  description: What happened to C(postern-stunnel-routing.service); empty when nothing did.
  type: str
  returned: always
  sample: started
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.problems import report
from ansible_collections.postern.mail.plugins.module_utils._stunnel import host
from ansible_collections.postern.mail.plugins.module_utils._stunnel.checks import read_instance
from ansible_collections.postern.mail.plugins.module_utils._stunnel.steps import make_steps

SERVICE_OPTIONS = {
    "name": {"type": "str", "required": True},
    "port": {"type": "int", "required": True},
    "backend_port": {"type": "int", "required": True},
    "backend_address": {"type": "str"},
    "backend_address_ipv6": {"type": "str"},
    "addresses": {"type": "list", "elements": "str"},
    "transparent": {"type": "bool", "default": True},
    "protocol": {"type": "str"},
    "starttls": {"type": "bool", "default": False},
    "proxy_header": {"type": "bool", "default": False},
}
OPTIONS = {
    "services": {"type": "list", "elements": "dict", "default": [], "options": SERVICE_OPTIONS},
    "backend_address": {"type": "str", "default": ""},
    "certificate": {"type": "path", "required": True},
    "key": {"type": "path", "required": True, "no_log": False},
    "minimum_tls": {"type": "str", "choices": ["TLSv1.2", "TLSv1.3"], "default": "TLSv1.2"},
    "ciphers": {
        "type": "str",
        "default": (
            "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
            "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
            "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
        ),
    },
    "ciphersuites": {
        "type": "str",
        "default": "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256",
    },
    "curves": {"type": "str", "default": "X25519:P-256:P-384"},
    "idle_seconds": {"type": "int", "default": 7200},
    "log_level": {
        "type": "str",
        "choices": ["err", "warning", "notice", "info"],
        "default": "notice",
    },
    "libwrap": {"type": "bool", "default": False},
}


def main() -> None:
    """Read the options, plan, rehearse, and apply unless this is a check."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    instance, problems = read_instance(module.params, host.has_ipv6())
    if problems:
        module.fail_json(msg=report(problems))
    present = host.read_host()
    steps = make_steps(instance, present)
    try:
        if instance is not None and steps.changed:
            host.rehearse(instance)
        if steps.changed and not module.check_mode:
            host.converge(instance, steps, present)
    except Refused as refused:
        module.fail_json(msg=str(refused))
    module.exit_json(
        changed=steps.changed,
        diff=steps.diff(),
        instance=steps.daemon.value,
        routing=steps.routing.value,
    )


if __name__ == "__main__":
    main()
