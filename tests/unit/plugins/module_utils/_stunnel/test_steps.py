"""Behaviour of the steps: silent when all is there, as gentle as the change allows."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

from ansible_collections.postern.mail.plugins.module_utils._core.plan import File
from ansible_collections.postern.mail.plugins.module_utils._stunnel.model import Instance
from ansible_collections.postern.mail.plugins.module_utils._stunnel.steps import (
    Present,
    Routing,
    Steps,
    Verb,
    make_steps,
)
from ansible_collections.postern.mail.plugins.module_utils._stunnel.units import (
    DROP_IN_PATH,
    OWNED,
    render_files,
)
from ansible_collections.postern.mail.tests.unit.stunnels import (
    IMAPS,
    IMAPS_IPV6,
    PLAIN,
    instance,
    instances,
)
from hypothesis import given

EMPTY = Present(dict.fromkeys(OWNED))


def converged(wanted: Instance) -> Present:
    families = frozenset(wanted.routed_families)
    routing = Routing(bool(families), bool(families), families)
    return Present(render_files(wanted), routing, True, True, wanted.endpoints)


def verbs(steps: Steps) -> tuple[Verb, Verb]:
    return steps.routing, steps.daemon


@given(instances)
def test_a_second_run_is_silent(wanted: Instance) -> None:
    steps = make_steps(wanted, converged(wanted))
    assert not steps.changed
    assert steps.diff() == []


def test_a_host_without_stunnel_that_shall_have_none_is_left_alone() -> None:
    assert not make_steps(None, EMPTY).changed


def test_a_fresh_host_gets_routing_daemon_and_boot() -> None:
    steps = make_steps(instance(IMAPS), EMPTY)
    assert verbs(steps) == (Verb.START, Verb.START)
    assert steps.enable
    assert steps.diff()[-1]["after"].splitlines() == [
        "postern-stunnel-routing.service started",
        "stunnel@postern.service started",
        "stunnel@postern.service enabled",
    ]


def test_a_changed_service_only_reloads_so_that_sessions_live_on() -> None:
    steps = make_steps(instance(IMAPS, PLAIN), converged(instance(IMAPS)))
    assert verbs(steps) == (Verb.KEEP, Verb.RELOAD)


def test_a_new_family_reloads_the_routing() -> None:
    steps = make_steps(instance(IMAPS, IMAPS_IPV6), converged(instance(IMAPS)))
    assert verbs(steps) == (Verb.RELOAD, Verb.RELOAD)


def test_a_family_that_left_the_model_leaves_the_host() -> None:
    wanted = instance(IMAPS)
    families = frozenset({4, 6})
    present = replace(converged(wanted), routing=Routing(True, True, families))
    assert make_steps(wanted, present).routing is Verb.RELOAD


def test_the_last_transparent_service_takes_the_routing_along() -> None:
    steps = make_steps(instance(PLAIN), converged(instance(IMAPS)))
    assert verbs(steps) == (Verb.STOP, Verb.RESTART)


def test_the_last_service_takes_everything_along() -> None:
    steps = make_steps(None, converged(instance(IMAPS)))
    assert verbs(steps) == (Verb.STOP, Verb.STOP)
    assert {change.after for change in steps.plan.changes} == {None}


def test_a_flushed_table_or_a_lost_rule_is_mended() -> None:
    wanted = instance(IMAPS)
    for routing in (Routing(True, False, frozenset({4})), Routing(True, True, frozenset())):
        steps = make_steps(wanted, replace(converged(wanted), routing=routing))
        assert verbs(steps) == (Verb.RELOAD, Verb.KEEP)
        assert steps.changed


def test_leftovers_without_their_unit_are_taken_away() -> None:
    present = replace(EMPTY, routing=Routing(False, True, frozenset()))
    assert make_steps(None, present).routing is Verb.STOP


def test_other_bounds_take_a_restart() -> None:
    wanted = instance(IMAPS)
    present = converged(wanted)
    files = {**present.files, DROP_IN_PATH: File(b"")}
    assert make_steps(wanted, replace(present, files=files)).daemon is Verb.RESTART


def test_a_daemon_that_listens_elsewhere_is_restarted_and_a_dead_one_started() -> None:
    wanted = instance(IMAPS)
    present = converged(wanted)
    deaf = replace(present, listening=frozenset())
    assert make_steps(wanted, deaf).daemon is Verb.RESTART
    dead = replace(present, active=False, listening=frozenset())
    assert make_steps(wanted, dead).daemon is Verb.START


def test_a_daemon_that_would_not_survive_a_boot_is_enabled() -> None:
    wanted = instance(IMAPS)
    steps = make_steps(wanted, replace(converged(wanted), enabled=False))
    assert steps.changed
    assert verbs(steps) == (Verb.KEEP, Verb.KEEP)
