#!/usr/bin/python
"""Proof that ports serve the certificate on the disk: thin over module_utils/_certificates."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: served_certificate
short_description: Prove that ports serve the certificate that lies on the disk
version_added: "0.1.0"
description:
  - A renewed certificate that no daemon has read yet looks well on the disk. This asks every port
    of the host itself, and compares byte by byte.
  - On ports 25 and 587 TLS starts by STARTTLS, as on 143, 110 and 4190; on all others at once.
  - It changes nothing.
options:
  certificate:
    description: The file whose first certificate shall be served.
    type: path
    required: true
  ports:
    description: The ports to ask.
    type: list
    elements: int
    required: true
  host:
    description: The address to ask.
    type: str
    default: 127.0.0.1
  patience_seconds:
    description: How long a daemon may take to serve it.
    type: int
    default: 20
attributes:
  check_mode:
    description: Asks nothing, since nothing was renewed.
    support: full
  diff_mode:
    description: There is nothing to show.
    support: none
author:
  - The postern.mail project (@postern)
"""

EXAMPLES = r"""
- name: Check what is served
  postern.mail.served_certificate:
    certificate: /etc/postern/tls/mail.crt
    ports: [25, 465, 587, 993]
"""

RETURN = r""" # """

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._certificates import served
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem

OPTIONS = {
    "certificate": {"type": "path", "required": True},
    "ports": {"type": "list", "elements": "int", "required": True},
    "host": {"type": "str", "default": "127.0.0.1"},
    "patience_seconds": {"type": "int", "default": 20},
}


def main() -> None:
    """Ask every port, unless this is a check."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    params = module.params
    problems: list[Problem] = []
    if not module.check_mode:
        try:
            wanted = served.first_certificate(Path(params["certificate"]).read_text())
        except (OSError, ValueError) as wrong:
            module.fail_json(msg=f"{params['certificate']}: {wrong}")
        problems = served.problems_of(
            wanted,
            params["ports"],
            lambda port: served.fetch(params["host"], port, timeout_seconds=10),
            params["patience_seconds"],
        )
    if problems:
        module.fail_json(msg="\n".join(str(problem) for problem in problems))
    module.exit_json(changed=False)


if __name__ == "__main__":
    main()
