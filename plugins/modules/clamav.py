#!/usr/bin/python
"""ClamAV's daemon, freshclam and own signatures as one desired state: thin over _clamav."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: clamav
short_description: Bring ClamAV's daemon, freshclam and own signatures to one desired state
version_added: "0.1.0"
description:
  - Owns F(/etc/clamav/clamd.conf) and F(/etc/clamav/freshclam.conf) as a whole, drop-ins of the
    package's units, and F(/var/lib/clamav/postern-*), the site's own signatures.
  - A clamd of its own reads the new settings and loads the site's signatures before they go live,
    in check mode too. What it refuses changes nothing, and the task fails with its words.
  - The daemon is started anew only for settings and groups. Signatures are loaded without that.
    When it does not answer after that, the old files return.
  - Without ClamAV's own signatures clamd does not run. They are fetched once before its first
    start, for a bounded time. While they are missing, a warning says so on each run, and clamd is
    started when freshclam has brought them.
options:
  state:
    description:
      - V(absent) stops and disables the units and removes the drop-ins and own signatures. The two
        files of settings stay, since they are the package's. What this module has not set up stays
        as it is.
    type: str
    choices: [present, absent]
    default: present
  client_users:
    description: UNIX users that may ask the daemon. They become members of the group C(clamav).
    type: list
    elements: str
    default: []
  file_groups:
    description: Groups whose files the daemon has to read. C(clamav) becomes a member of them.
    type: list
    elements: str
    default: []
  threads:
    description: How many scans run at a time.
    type: int
    default: 2
  stream_max_mib:
    description: The most that is taken through the socket for one scan.
    type: int
    default: 100
  scan_max_mib:
    description: How much is looked at for one scan, with all that is unpacked.
    type: int
    default: 400
  file_max_mib:
    description: The largest file that is looked at, also within an archive.
    type: int
    default: 100
  recursion_max:
    description: How deep archives may be nested.
    type: int
    default: 17
  files_max:
    description: How many files one archive may hold.
    type: int
    default: 10000
  scan_max_seconds:
    description: How long one scan may take.
    type: int
    default: 120
  detect_encrypted:
    description: Whether what is encrypted, such as an archive with a password, is a finding.
    type: bool
    default: false
  alert_macros:
    description: Whether an office document with macros is a finding.
    type: bool
    default: false
  detect_pua:
    description: Whether programs that are merely unwanted are a finding.
    type: bool
    default: false
  concurrent_reload:
    description:
      - Whether scans go on while new signatures are loaded, with twice the memory in that time.
    type: bool
    default: false
  settings:
    description: Further settings of F(clamd.conf) by name, known to the installed version.
    type: dict
    default: {}
  signatures_source:
    description:
      - Where ClamAV's own signatures come from. With V(none) freshclam is masked, and what is
        in O(local_signatures) or was brought otherwise is enough.
    type: str
    choices: [freshclam, none]
    default: freshclam
  mirrors:
    description: The servers of signatures.
    type: list
    elements: str
    default: [database.clamav.net]
  proxy:
    description: The proxy on the way there.
    type: dict
    suboptions:
      host:
        description: Its name or address.
        type: str
        required: true
      port:
        description: Its port.
        type: int
        default: 3128
      username:
        description: The login's name. It needs O(proxy_password).
        type: str
  proxy_password:
    description: The login's password at the proxy.
    type: str
    default: ""
  checks_per_day:
    description: How often freshclam looks for new signatures.
    type: int
    default: 24
  freshclam_settings:
    description: Further settings of F(freshclam.conf) by name, known to the installed version.
    type: dict
    default: {}
  local_signatures:
    description: The site's own files of signatures. One that leaves the list leaves the host.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name; the ending says which kind of signatures it holds.
        type: str
        required: true
      content:
        description: Its lines.
        type: str
        required: true
  fetch_seconds:
    description: How long the first signatures may take before the run goes on without them.
    type: int
    default: 300
  start_seconds:
    description: How long the daemon may take to load its signatures.
    type: int
    default: 300
attributes:
  check_mode:
    description: Reports what would change, after the rehearsal.
    support: full
  diff_mode:
    description: Shows the files; F(freshclam.conf) is masked where it holds a password.
    support: full
author:
  - The postern.mail project (@postern)
"""

EXAMPLES = r"""
- name: Scan for amavis, with a signature of our own
  postern.mail.clamav:
    client_users: [amavis]
    file_groups: [amavis]
    local_signatures:
      - {name: site.ndb, content: "Site.Worm.1:0:*:6576696c2d776f726d2d6d61726b6572"}
"""

RETURN = r"""
in_service:
  description: Whether clamd runs.
  returned: success
  type: bool
waits_for_signatures:
  description: Whether clamd does not run since ClamAV's own signatures are missing.
  returned: success
  type: bool
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.postern.mail.plugins.module_utils._clamav import rehearsal, service
from ansible_collections.postern.mail.plugins.module_utils._clamav.change import (
    Change,
    Limits,
    make_change,
)
from ansible_collections.postern.mail.plugins.module_utils._clamav.checks import check
from ansible_collections.postern.mail.plugins.module_utils._clamav.model import NONE, clamav
from ansible_collections.postern.mail.plugins.module_utils._clamav.removal import make_removal
from ansible_collections.postern.mail.plugins.module_utils._core.apply import Refused
from ansible_collections.postern.mail.plugins.module_utils._core.problems import Problem, report
from ansible_collections.postern.mail.plugins.module_utils._core.units import is_active

SIGNATURE = {
    "name": {"type": "str", "required": True},
    "content": {"type": "str", "required": True},
}
PROXY = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 3128},
    "username": {"type": "str"},
}
SPEC = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "client_users": {"type": "list", "elements": "str", "default": []},
    "file_groups": {"type": "list", "elements": "str", "default": []},
    "threads": {"type": "int", "default": 2},
    "stream_max_mib": {"type": "int", "default": 100},
    "scan_max_mib": {"type": "int", "default": 400},
    "file_max_mib": {"type": "int", "default": 100},
    "recursion_max": {"type": "int", "default": 17},
    "files_max": {"type": "int", "default": 10000},
    "scan_max_seconds": {"type": "int", "default": 120},
    "detect_encrypted": {"type": "bool", "default": False},
    "alert_macros": {"type": "bool", "default": False},
    "detect_pua": {"type": "bool", "default": False},
    "concurrent_reload": {"type": "bool", "default": False},
    "settings": {"type": "dict", "default": {}},
    "signatures_source": {"type": "str", "choices": ["freshclam", "none"], "default": "freshclam"},
    "mirrors": {"type": "list", "elements": "str", "default": ["database.clamav.net"]},
    "proxy": {"type": "dict", "options": PROXY},
    # Not nested in proxy: what is nested reaches the host's log before it is masked.
    "proxy_password": {"type": "str", "default": "", "no_log": True},
    "checks_per_day": {"type": "int", "default": 24},
    "freshclam_settings": {"type": "dict", "default": {}},
    "local_signatures": {"type": "list", "elements": "dict", "default": [], "options": SIGNATURE},
    "fetch_seconds": {"type": "int", "default": 300},
    "start_seconds": {"type": "int", "default": 300},
}


def remove(module: AnsibleModule) -> None:
    """Take back what this module has set up, unless this is a check."""
    removal = make_removal()
    if not module.check_mode:
        removal.apply()
    module.exit_json(
        changed=removal.changed, diff=removal.diff(), in_service=False, waits_for_signatures=False
    )


def planned(module: AnsibleModule) -> Change:
    """Return the change; ends the module where anything is wrong with what it is told."""
    for name in ("settings", "freshclam_settings"):
        module.params[name] = {key: _text(value) for key, value in module.params[name].items()}
    wanted = clamav(module.params)
    installed = rehearsal.is_installed()
    special = module.params["settings"] or module.params["freshclam_settings"]
    known = rehearsal.known_settings() if installed and special else {}
    problems = check(module.params, wanted, known)
    if wanted.source == NONE and not (wanted.signatures or service.has_any_signatures()):
        hint = "give local_signatures, or bring files of signatures to /var/lib/clamav"
        problems.append(Problem("signatures_source", '"none" leaves clamd without any', hint))
    if problems:
        module.fail_json(msg=report(problems))
    return make_change(wanted)


def _text(value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def main() -> None:
    """Read the options, plan, let ClamAV rehearse, and apply unless this is a check."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    params = module.params
    try:
        if params["state"] == "absent":
            remove(module)
        change = planned(module)
        change.judge()
        if not module.check_mode:
            if problems := change.problems():
                module.fail_json(msg=report(problems))
            if not rehearsal.is_installed():
                module.fail_json(msg="ClamAV is not installed")
            change.apply(Limits(params["fetch_seconds"], params["start_seconds"]))
    except Refused as refused:
        module.fail_json(msg=str(refused))
    waits = change.fetches and not service.has_signatures()
    if waits:
        said = "".join(f"\n{note}" for note in change.notes)
        module.warn(
            "ClamAV has no signatures yet, so clamd does not run, and mail that is to be scanned"
            f" waits until freshclam has brought them; see journalctl -u {service.FETCHER}{said}"
        )
    module.exit_json(
        changed=change.changed,
        diff=change.diff(),
        in_service=is_active(service.DAEMON),
        waits_for_signatures=waits,
    )


if __name__ == "__main__":
    main()
