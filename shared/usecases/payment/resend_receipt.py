"""Send the receipt of a payment once more, because its merchant asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.errors import IllegalTransition, InvalidRequest, TooManyTries
from shared.domain.payment import MOST_RECEIPTS, PAID, Payment
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change
from shared.usecases.payment.receipts import receipt


def resend_receipt(payment: Payment, *, world: World) -> Payment:
    """The payment, with this sending counted before it is made.

    Raises IllegalTransition for one that is not paid, InvalidRequest for one without an address, TooManyTries after
    the fifth.
    """
    payment = change(payment, _counted, world=world)
    merchant = world.merchants.get(payment.merchant_id)
    message = receipt(payment, merchant, payment.completed_at or world.now())
    key = f"receipt:{payment.id}:{payment.receipts}"
    world.messenger.send(message, payment.merchant_id, payment.environment, key)
    return payment


def _counted(payment: Payment, now: datetime) -> Decision:
    if payment.status not in PAID:
        raise IllegalTransition(f"a payment in status {payment.status} has no receipt")
    if payment.email is None:
        raise InvalidRequest("this payment was made without an e-mail address", code="no_address")
    if payment.receipts >= MOST_RECEIPTS:
        raise TooManyTries("this receipt was sent again five times already")
    return Decision(replace(payment, receipts=payment.receipts + 1))
