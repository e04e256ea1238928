"""What a payment needs a person for: one word at a time, each with a heading in the runbooks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.operation import Operation
from shared.domain.payment import Payment

VOUCHER_NOT_REVERSED: Final = "VOUCHER_NOT_REVERSED"
HOLD_NOT_RELEASED: Final = "HOLD_NOT_RELEASED"
OUTCOME_UNKNOWN: Final = "OUTCOME_UNKNOWN"
CHARGE_RETURNED: Final = "CHARGE_RETURNED"
DIFFERENCE_NOT_REFUNDED: Final = "DIFFERENCE_NOT_REFUNDED"
AMOUNT_MISMATCH: Final = "AMOUNT_MISMATCH"
DISPUTE_ANSWER_NOT_TAKEN: Final = "DISPUTE_ANSWER_NOT_TAKEN"


def flagged(payment: Payment, word: str) -> Payment:
    """The payment that needs a person for ``word``. What it needs one for already stays, unless that may yet pass."""
    return replace(payment, attention=word) if payment.attention in (None, OUTCOME_UNKNOWN) else payment


def with_unknown(payment: Payment, before: Iterable[Operation], after: Iterable[Operation], now: datetime) -> Payment:
    """Flagged while the answer to one of its operations can be had from a person alone, and no longer.

    ``before`` and ``after`` are the operations of the payment and its refunds that a write changes, as they were and
    as they will be.
    """
    if any(operation.needs_a_person(now) for operation in after):
        return flagged(payment, OUTCOME_UNKNOWN) if payment.attention is None else payment
    passed = any(operation.needs_a_person(now) for operation in before)
    return replace(payment, attention=None) if passed and payment.attention == OUTCOME_UNKNOWN else payment
