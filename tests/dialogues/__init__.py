"""Talking to a scenario's hosts: commands inside, mail from outside, runs of the playbooks."""

# SPDX-License-Identifier: GPL-3.0-or-later
