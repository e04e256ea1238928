"""Mistakes in who looks after what nobody else looks after, and when."""

from __future__ import annotations

from typing import Any

from shared.usecases.housekeeping import look_after_payments
from shared.usecases.payment import changing
from tools.simulator.aftermath import Patches


def lost_execution_not_replaced() -> Patches:
    return [(look_after_payments, "_flow", lambda current, world: current)]


def lost_wake_not_made_up_for() -> Patches:
    return [(look_after_payments, "wake", lambda current, *, world: True)]


def work_left_to_the_machine() -> Patches:
    return [(look_after_payments, "carry_on", lambda current, *, world: current)]


def machine_that_runs_is_believed() -> Patches:
    original = look_after_payments._flow

    def flow(current: Any, world: Any) -> Any:
        if world.flow.status.get((current.id, current.executions)) == "RUNNING":
            changing.wake(current, world=world)
            return current
        return original(current, world)

    return [(look_after_payments, "_flow", flow)]


def housekeeping_never_looks() -> Patches:
    return [(changing, "next_look", lambda current, now: None)]
