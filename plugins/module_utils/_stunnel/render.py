"""Render a stunnel instance as the text of its file, and as a text to rehearse with."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from .model import Instance, Listener

HEADER = "; Written by postern.mail's module stunnel; what is changed here by hand is mended."


def render(instance: Instance) -> str:
    """Return the configuration file: what holds for all, then a section for each listener."""
    lines = [
        HEADER,
        "foreground = yes",
        "pid =",
        "syslog = no",
        f"debug = {instance.log_level}",
        f"cert = {instance.certificate}",
        f"key = {instance.key}",
        f"sslVersionMin = {instance.minimum_tls}",
        f"ciphers = {instance.ciphers}",
        f"ciphersuites = {instance.ciphersuites}",
        f"curves = {instance.curves}",
        "renegotiation = no",
        f"libwrap = {'yes' if instance.libwrap else 'no'}",
        f"TIMEOUTidle = {instance.idle_seconds}",
        "TIMEOUTclose = 10",
    ]
    for listener in sorted(instance.listeners, key=lambda one: one.name):
        lines += ["", *_section(listener)]
    return "\n".join(lines) + "\n"


def render_rehearsal(text: str) -> str:
    """Return the same configuration with listening addresses that can't be had.

    stunnel has no mode that only checks. With this text it reads everything, keys and ciphers
    included, says `Configuration successful`, and ends at its first listener.
    """
    return re.sub(r"(?m)^accept = .*$", "accept = /nonexistent/postern/rehearsal", text)


def _section(listener: Listener) -> list[str]:
    lines = [f"[{listener.name}]", f"accept = {listener.accept}"]
    if listener.accept.is_ipv6:
        # A listener for both families can be transparent for neither, and would take the IPv4 port.
        lines.append("socket = a:IPV6_V6ONLY=yes")
    lines.append(f"connect = {listener.connect}")
    if listener.transparent:
        lines.append("transparent = source")
    if listener.protocol:
        lines.append(f"protocol = {listener.protocol}")
    return lines
