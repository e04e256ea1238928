"""Where a payment by a method stands: what came of it, what of that is to go back, and until when it is watched.

Each arrival of money is a RECEIPT in the journal, by the provider's own number of it. The first receipts that add up
to what is due are the SALE; whatever else came is a surplus, and goes back as an operation of its own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from shared.domain.money import Money, total
from shared.domain.operation import Kind, Operation
from shared.domain.payment import AWAITING_CARD, PAID, Mode, Payment, Status

PAID_LATE: Final = "PAID_LATE"
PAID_IN_PART: Final = "PAID_IN_PART"
PAID_TOO_MUCH: Final = "PAID_TOO_MUCH"
METHOD_WATCH: Final = timedelta(days=1)  # how long a provider is asked about money that comes after the end
# What is to be seen to by a person when a surplus cannot go back, by how the return's number begins.
ATTENTION: Final = {"late": PAID_LATE, "part": PAID_IN_PART, "over": PAID_TOO_MUCH}


def is_begun(payment: Payment) -> bool:
    """Whether the provider was, or may have been, asked to begin: from then on money may come."""
    return payment.method_choice is not None and payment.method_choice.begun_at is not None


def is_waiting(payment: Payment) -> bool:
    """Whether a payment by a method can still be paid."""
    return payment.mode is Mode.ALTERNATIVE and (
        payment.status in AWAITING_CARD or payment.status is Status.PROCESSING
    )


def received(payment: Payment) -> Money:
    return payment.sum_of(Kind.RECEIPT)


def returns(payment: Payment) -> list[Operation]:
    """The operations that give a surplus back, whatever came of them; they are numbered behind their word.

    Refunds of the merchant are not among them, nor what a card page took after the end: its gateway gives that back.
    """
    ours = tuple(f"{payment.id}:{Kind.REFUND}:{word}" for word in ATTENTION)
    refunds = (op for op in payment.operations if op.kind is Kind.REFUND)
    return [op for op in refunds if op.key.startswith(ours) and op.key[-1].isdigit()]


def surplus(payment: Payment) -> Money:
    """What came, is not the sale, and has no operation yet that gives it back."""
    given = total([op.amount for op in returns(payment)], payment.amount)
    return Money(received(payment).minor - payment.captured.minor - given.minor, payment.amount.currency)


def word_of_return(payment: Payment, *, ended_now: bool) -> str:
    """What the present surplus is: too much for what was due, too little before the end, or too late."""
    if payment.status in PAID:
        return "over"
    return "part" if ended_now else "late"


def method_is_watched(payment: Payment) -> bool:
    """Whether money may still come to a payment by a method that is over, and nobody might tell us."""
    return payment.mode is Mode.ALTERNATIVE and is_begun(payment) and payment.is_final and not payment.page_settled
