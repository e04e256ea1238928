"""Paygol's status of a payment: a function of the payment, and never stored."""

from __future__ import annotations

from enum import StrEnum

from shared.domain.event import PaymentFacts
from shared.domain.payment import Ending, Failure, Payment, Status
from shared.usecases.payment.facts import is_declined


class PaygolStatus(StrEnum):
    CREATED = "created"
    PENDING = "pending"
    COMPLETED = "completed"
    REJECTED = "rejected"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    CHARGEBACK = "chargeback"


FINAL = frozenset(PaygolStatus) - {PaygolStatus.CREATED, PaygolStatus.PENDING}
_PAID = (Status.SUCCESS, Status.PARTIALLY_REFUNDED)


def status_of(payment: Payment) -> PaygolStatus:
    if payment.charged_back:  # a final status never changes, whatever a bank says later or a merchant gives back
        return PaygolStatus.CHARGEBACK
    return _status(payment.status, payment.ending, payment.failure, declined=is_declined(payment))


def status_told(facts: PaymentFacts) -> PaygolStatus:
    if facts.charged_back:
        return PaygolStatus.CHARGEBACK
    return _status(facts.status, facts.ending, facts.failure, declined=facts.declined)


def _status(status: Status, ending: Ending | None, failure: Failure | None, *, declined: bool) -> PaygolStatus:
    if status in (Status.PENDING, Status.CARD_PREAUTH_FAILED):
        return PaygolStatus.CREATED
    if status is Status.REFUNDED:
        return PaygolStatus.REFUNDED
    if status in _PAID:
        return PaygolStatus.COMPLETED
    if status is not Status.FAILED:
        return PaygolStatus.PENDING
    if declined or (failure is not None and failure.code == "rejected"):
        return PaygolStatus.REJECTED
    if ending is Ending.CANCELLED:
        return PaygolStatus.CANCELLED
    return PaygolStatus.EXPIRED if ending is Ending.EXPIRED else PaygolStatus.FAILED
