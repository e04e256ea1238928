"""What was captured beyond what the card owed, where a gateway captures no part of a hold: it goes back by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.attention import DIFFERENCE_NOT_REFUNDED, OUTCOME_UNKNOWN, flagged
from shared.domain.money import Money
from shared.domain.operation import DIFFERENCE, Kind, Operation, State
from shared.domain.payment import MOST_DIFFERENCE_TRIES, Payment
from shared.domain.taking import pending


def tries_of(payment: Payment) -> list[Operation]:
    return [operation for operation in payment.operations if operation.is_difference]


def first_try(payment: Payment, now: datetime) -> Operation | None:
    """What gives it back, for a payment whose hold was just captured; None where nothing is to go back."""
    beyond = payment.taken - payment.to_capture if payment.captures_whole else None
    return pending(payment, Kind.REFUND, DIFFERENCE, beyond, now) if beyond else None


def next_try(payment: Payment, now: datetime) -> Operation | None:
    """Each is an operation of its own. The last is never sent: it is what a person closes who has given it back."""
    if not payment.owes_difference:
        return None
    number = len(tries_of(payment)) + 1
    made = pending(payment, Kind.REFUND, f"{DIFFERENCE}-{number}", payment.difference, now)
    if number <= MOST_DIFFERENCE_TRIES:
        return made
    return replace(made, state=State.UNKNOWN, for_a_person=True, asked_at=now)


def given_back(payment: Payment) -> Money:
    """As much of it as is back on the card."""
    done = any(one.state is State.SUCCEEDED for one in tries_of(payment))
    return payment.difference if done else payment.amount.zero()


def told_of(payment: Payment, operation: Operation) -> Payment:
    """The payment after ``operation`` was closed: a person is told of what was refused until it is back."""
    if operation.state is State.REFUSED:
        return flagged(payment, DIFFERENCE_NOT_REFUNDED)
    passed = payment.attention in (DIFFERENCE_NOT_REFUNDED, OUTCOME_UNKNOWN)
    return replace(payment, attention=None) if passed else payment
