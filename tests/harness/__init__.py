"""The test runner's rooms: what runs, how it runs, and how its end is told."""

# SPDX-License-Identifier: GPL-3.0-or-later
