"""A flow step: ids in, a word out. Errors escape to the state machine, which retries or fails visibly."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from shared.bootstrap import core
from shared.domain.ids import PaymentId
from shared.domain.payment import Wait
from shared.edge.observe import logger
from shared.ports.world import World
from shared.usecases.flow.park import park
from shared.usecases.payment.operating import Step

Handler = Callable[[Mapping[str, Any], object], dict[str, Any]]


def step(name: str, use_case: Callable[..., Step]) -> Handler:
    """The handler of a Task state: ``{"paymentId"}`` -> ``{"word", "waitSeconds"}``."""

    def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
        started = time.perf_counter()
        payment_id = PaymentId(event["paymentId"])
        world: World = core.world()
        result = use_case(payment_id, world=world)
        elapsed = round((time.perf_counter() - started) * 1000)
        logger().info("step", step=name, paymentId=payment_id, word=result.word, milliseconds=elapsed)
        return {"word": result.word, "waitSeconds": result.wait_seconds}

    return handler


def parking(name: str, wait: Wait) -> Handler:
    """The handler of a wait for a task token: ``{"paymentId", "taskToken"}`` -> nothing of interest."""

    def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
        payment_id = PaymentId(event["paymentId"])
        park(payment_id, wait, event["taskToken"], world=core.world())
        logger().info("step", step=name, paymentId=payment_id, word="parked")
        return {}

    return handler
