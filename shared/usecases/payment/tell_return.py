"""Tell customer and shop by e-mail what became of money that came when nothing was to be paid any more."""

from __future__ import annotations

from shared.domain.event import Event
from shared.domain.ids import PaymentId
from shared.domain.operation import Kind
from shared.domain.payment import Mode, Payment
from shared.domain.refund import RefundStatus
from shared.ports.merchants import Merchants
from shared.ports.messages import Message, Messenger
from shared.ports.payments import Payments
from shared.usecases.payment.receipts import return_notice


def tell_return(event: Event, *, payments: Payments, merchants: Merchants, messenger: Messenger) -> bool:
    """Send what ``event`` says of such money. The customer hears of what goes back, the shop also of what cannot.

    Safe to repeat: one message for each, per event. False when there is nobody to tell.
    """
    facts, refund = event.facts.payment, event.facts.refund
    if facts is None or refund is None:
        return False
    payment = payments.get(PaymentId(event.subject))
    record = merchants.record(payment.merchant_id)
    merchant, sent = record.merchant, 0
    if payment.email and record.account(payment.environment).receipts and refund.status is RefundStatus.SUCCESS:
        # By card there is one release for a payment, of whatever it is told: its end may have been told with it.
        by_card = payment.mode is not Mode.ALTERNATIVE
        key = f"release:{payment.id}" if by_card else f"returned:{event.id}"
        messenger.send(return_notice(payment, merchant, event), payment.merchant_id, payment.environment, key)
        sent += 1
    if merchant.email:
        message, key = _for_the_shop(merchant.email, payment, event), f"returned:{event.id}:merchant"
        messenger.send(message, payment.merchant_id, payment.environment, key)
        sent += 1
    return sent > 0


def _for_the_shop(address: str, payment: Payment, event: Event) -> Message:
    refund, facts = event.facts.refund, event.facts.payment
    assert refund is not None
    assert facts is not None
    how = "released" if facts.operation is Kind.VOID else "given back"
    if refund.status is RefundStatus.SUCCESS:
        subject = "Money that was not due went back"
        became = f"It was {how} to the customer. There is nothing to do."
    else:
        subject = "Money that was not due could not go back"
        became = f"It could not be {how}. The payment says so (attention: {payment.attention}); please see to it."
    text = (
        f"{refund.amount} came to {payment.id} after it was over, or was not the amount that was due. {became}\n"
        f"{payment.description}\n"
    )
    return Message("returned", "email", address, subject, text)
