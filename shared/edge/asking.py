"""A refund whose answer was lost is asked about once more before a caller is told that nobody knows."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from shared.bootstrap import core
from shared.domain.payment import Payment
from shared.domain.refund import Refund, RefundStatus
from shared.usecases.refund.refund_payment import ask_once

ASK_AFTER_SECONDS: Final = 2.0
# A question takes eight seconds at most, and API Gateway waits for 29.
LATEST_SECONDS: Final = 12.0


def asked_after(refund: Callable[[], tuple[Payment, Refund]]) -> tuple[Payment, Refund]:
    """What ``refund`` comes to, with one question after a lost answer. Raises what it raises, and Refused."""
    began = time.monotonic()
    return _asked_about(*refund(), began)


def _asked_about(payment: Payment, refund: Refund, began: float) -> tuple[Payment, Refund]:
    """Both as they are then. ``began``: when the refund was, by the monotonic clock.

    Not where only a person can find out, nor where several answers are missing or the time is short: housekeeping
    asks for those.
    """
    missing = refund.open_legs
    can_be_asked = len(missing) == 1 and not missing[0].operation.for_a_person
    in_time = time.monotonic() - began + ASK_AFTER_SECONDS <= LATEST_SECONDS
    if refund.status is not RefundStatus.PENDING or not can_be_asked or not in_time:
        return payment, refund
    time.sleep(ASK_AFTER_SECONDS)
    return ask_once(payment, refund, world=core.world())
