"""Giving money back: one refund, one leg per tender, each its own operation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from shared.domain.errors import Conflict, IllegalTransition, InvalidAmount, VoucherNotDivisible
from shared.domain.ids import PaymentId, RefundId
from shared.domain.money import Money, total
from shared.domain.operation import Operation, State
from shared.domain.payment import PAID, Payment
from shared.domain.record import dataclass
from shared.domain.voucher import Voucher

CARD = "card"


class MoreThanLeft(InvalidAmount):
    """A refund of more than is ``left``; its text is in major units, for those who do not say it in their own."""

    code = "amount_too_large"

    def __init__(self, left: Money) -> None:
        super().__init__(f"at most {left.major} can still be refunded")
        self.left = left


class RefundStatus(StrEnum):
    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Leg:
    """``tender`` is "card" or a voucher's reference."""

    tender: str
    operation: Operation


@dataclass(frozen=True, slots=True)
class Refund:
    """Money to give back of one payment, an operation for each tender."""

    id: RefundId
    number: int  # counts the refunds of one payment from 1
    amount: Money  # asked for
    reason: str
    legs: tuple[Leg, ...]
    created_at: datetime
    status: RefundStatus = RefundStatus.PENDING
    settled_at: datetime | None = None
    payment_id: PaymentId | None = None  # None in what was written before refunds were listed
    customer_id: str | None = None
    reference: str = ""  # the merchant's own number of it
    by: str = ""  # who asked for it; empty: nobody did, or it was before that was kept

    @property
    def given(self) -> Money:
        """What was really given back."""
        done = [leg.operation.amount for leg in self.legs if leg.operation.state is State.SUCCEEDED]
        return total(done, self.amount)

    @property
    def refused(self) -> list[Leg]:
        return [leg for leg in self.legs if leg.operation.state is State.REFUSED]

    @property
    def open_legs(self) -> list[Leg]:
        return [leg for leg in self.legs if leg.operation.is_open]

    def with_operation(self, operation: Operation) -> Refund:
        legs = tuple(
            replace(leg, operation=operation) if leg.operation.key == operation.key else leg for leg in self.legs
        )
        return replace(self, legs=legs)


def refundable_amount(payment: Payment, wanted: Money | None) -> Money:
    """The amount a refund would be for. Raises IllegalTransition, Conflict or InvalidAmount when it cannot be."""
    if payment.status not in PAID:
        raise IllegalTransition(f"a payment in status {payment.status} cannot be refunded")
    left = payment.refundable
    if not left:
        reason = "is disputed" if payment.disputed else "is already refunded in full"
        raise Conflict(f"the payment {reason}", code="nothing_to_refund")
    amount = wanted or left
    if left < amount:
        raise MoreThanLeft(left)
    return amount


def reference_taken() -> Conflict:
    """A merchant's own number of a refund names one alone, whichever payment that was of."""
    return Conflict("this number of yours names another refund already", code="refund_reference_taken")


def plan(payment: Payment, amount: Money) -> list[tuple[str, Money]]:
    """What goes where: the card first, then vouchers, last spent first. The parts add up to ``amount``.

    What is disputed comes off in the same order: it is the card that a bank has taken it back to.
    """
    parts: list[tuple[str, Money]] = []
    left, disputed = amount, Money(payment.disputed, amount.currency)
    for tender, kept in _kept(payment):
        taken = min(disputed, kept)
        disputed = disputed - taken
        part = min(left, kept - taken)
        if part:
            parts.append((tender, part))
            left = left - part
    return parts


def no_way_back(payment: Payment, tender: str, part: Money, now: datetime) -> str:
    """Why ``part`` cannot go back to a voucher now, as its issuer said beforehand; empty: nothing speaks against it.

    It is what a refund can be told beforehand, in the code of the refusal; the issuer judges when it is asked.
    """
    if tender == CARD:
        return ""
    voucher = payment.voucher(tender)
    if not voucher.returnable:
        return "not_reversible"
    until = payment.reversible_until(voucher)
    if until is not None and until <= now:
        return "too_late_to_reverse"
    return "" if voucher.parts_back or part == voucher.spend else VoucherNotDivisible.code


def _kept(payment: Payment) -> list[tuple[str, Money]]:
    def rest(tender: str, paid: Money) -> tuple[str, Money]:
        return tender, Money(paid.minor - payment.given_back.get(tender, 0), paid.currency)

    spent: list[Voucher] = [v for v in payment.vouchers if v.counts]
    return [rest(CARD, payment.captured), *(rest(v.reference, v.spend) for v in reversed(spent))]
