"""Tell the customer by e-mail what became of a payment: a receipt, each refund, and a hold that was let go."""

from __future__ import annotations

from typing import Final

from shared.domain.event import Event, EventType
from shared.domain.ids import PaymentId
from shared.domain.payment import FINAL, PAID, Payment
from shared.ports.merchants import Merchants
from shared.ports.messages import Message, Messenger
from shared.ports.payments import Payments
from shared.usecases.payment.receipts import receipt, refund_notice, release_notice

NEWS: Final = (EventType.PAID, EventType.REFUNDED, EventType.FAILED, EventType.VOIDED)


def send_receipt(event: Event, *, payments: Payments, merchants: Merchants, messenger: Messenger) -> bool:
    """Send what ``event`` means for the customer; False when that is nothing, or nobody is to be told.

    Safe to repeat: the messenger sends one receipt and one release per payment, and one message per refund event.
    """
    if event.type not in NEWS:
        return False
    if event.facts.payment is not None and event.facts.payment.unaddressed:
        return False
    payment = payments.get(PaymentId(event.subject))
    if payment.email is None or not _is_news(event, payment):
        return False
    record = merchants.record(payment.merchant_id)
    if not record.account(payment.environment).receipts:
        return False
    merchant = record.merchant
    message: Message
    if event.type is EventType.PAID:
        message, key = receipt(payment, merchant, payment.completed_at or event.created_at), f"receipt:{payment.id}"
    elif event.type is EventType.REFUNDED:
        message, key = refund_notice(payment, merchant, event), f"refund:{event.id}"
    else:
        message, key = release_notice(payment, merchant, event.created_at), f"release:{payment.id}"
    messenger.send(message, payment.merchant_id, payment.environment, key)
    return True


def _is_news(event: Event, payment: Payment) -> bool:
    """A failure is when it ended the payment and a card had been held, or charged, for it by then."""
    if event.type in (EventType.PAID, EventType.REFUNDED):
        return True
    then = event.facts.payment
    return payment.status in FINAL - PAID and then is not None and bool(then.authorised or then.captured)
