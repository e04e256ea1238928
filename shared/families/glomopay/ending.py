"""How a payment ends that nobody completes, and what an end means for its order."""

from __future__ import annotations

from shared.bootstrap import core
from shared.domain.payment import Ending, Failure, Payment
from shared.usecases.order.settle_order import settle_order
from shared.usecases.payment.end_checkout import end_checkout


def ended(payment: Payment, ending: Ending, code: str, message: str) -> Payment:
    """The payment, which nobody completes any more; its order is free again, or paid if that came first."""
    payment = end_checkout(payment, ending, Failure(code, message), world=core.world())
    return concluded(payment)


def concluded(payment: Payment) -> Payment:
    """The payment, with its order told what it came to if it is over."""
    if payment.is_final:
        settle_order(payment, world=core.world(), orders=core.orders())
    return payment
