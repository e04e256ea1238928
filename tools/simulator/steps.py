"""The functions behind the Task states: the use cases themselves, found by the state's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Final

from shared.domain.ids import PaymentId
from shared.domain.payment import Wait
from shared.ports.world import World
from shared.usecases.flow.park import park
from shared.usecases.payment.operating import Step

WAITS: Final = {"AwaitPreauth": Wait.PREAUTH, "AwaitTenderChoice": Wait.CHOICE}


def perform(function: str, payload: dict[str, Any], *, world: World) -> dict[str, Any]:
    """Do what the Lambda of that name does: ids in, a word out."""
    payment_id = PaymentId(payload["paymentId"])
    if function in WAITS:
        park(payment_id, WAITS[function], payload["taskToken"], world=world)
        return {}
    step = use_case(function)(payment_id, world=world)
    return {"word": step.word, "waitSeconds": step.wait_seconds}


@cache
def use_case(function: str) -> Callable[..., Step]:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", function).lower()
    found: Callable[..., Step] = getattr(import_module(f"shared.usecases.flow.{name}"), name)
    return found
