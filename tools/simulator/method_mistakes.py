"""Mistakes in payments whose money somebody else takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shared.domain import course, method_course
from shared.domain.operation import Kind
from shared.domain.payment import Status
from shared.ports.methods import MethodState
from shared.usecases.method import (
    begin_method,
    end_method,
    look_after_method,
    record_method_outcome,
    return_surplus,
)
from shared.usecases.payment.changing import Decision
from tools.simulator.aftermath import Patches


def surplus_kept() -> Patches:
    def kept(payment: Any, now: Any, *, ended_now: bool) -> Any:
        return payment

    return [(record_method_outcome, "with_return", kept), (end_method, "with_return", kept)]


def receipt_counted_twice() -> Patches:
    original = record_method_outcome._with_receipts

    def again(payment: Any, came: Any, now: Any) -> Any:
        news = tuple(replace(one, number=f"{one.number}/{payment.version}") for one in came)
        return original(payment, news, now)

    return [(record_method_outcome, "_with_receipts", again)]


def words_pay() -> Patches:
    original = record_method_outcome.decide_outcome

    def decide(payment: Any, outcome: Any, now: Any) -> Any:
        if outcome.received and outcome.state is MethodState.PENDING:
            outcome = replace(outcome, received=(replace(outcome.received[0], amount=payment.due),))
        return original(payment, outcome, now)

    return [(record_method_outcome, "decide_outcome", decide)]


def return_sent_without_asking() -> Patches:
    return [(return_surplus, "ask", lambda look_up, operation: None)]


def return_raced() -> Patches:
    original = return_surplus._answer

    def answer(payment: Any, operation: Any, world: Any, *, ask_first: bool) -> Any:
        return original(payment, operation, world, ask_first=False)

    return [(return_surplus, "_answer", answer)]


def refused_return_unseen() -> Patches:
    return [(return_surplus, "ATTENTION", dict.fromkeys(method_course.ATTENTION))]


def deadline_without_asking() -> Patches:
    def end(payment: Any, ending: Any, failure: Any, *, world: Any) -> Any:
        def decide(current: Any, now: Any) -> Any:
            if not method_course.is_waiting(current):
                return None
            moved = current.moved(Status.FAILED, now)
            failed = replace(moved, ending=ending, failure=failure, page_settled=True)
            return Decision(failed, record_method_outcome.TOLD_FAILED)

        return return_surplus.change_and_return(payment, decide, world=world)

    return [(end_method, "end_method", end), (look_after_method, "end_method", end)]


def late_money_not_watched() -> Patches:
    def never(payment: Any) -> bool:
        return False

    return [(course, "method_is_watched", never), (look_after_method, "method_is_watched", never)]


def begun_without_a_record() -> Patches:
    def beginning(payment: Any, now: Any) -> None:
        return None

    def begun(payment: Any, answer: Any, now: Any) -> Any:
        if payment.status is not Status.PENDING or payment.method_choice is None:
            return None
        choice = replace(payment.method_choice, begun_at=now, number=answer.reference)
        moved = replace(payment.moved(Status.PROCESSING, now), method_choice=choice)
        return Decision(moved.open_until(answer.expires_at))

    return [(begin_method, "_beginning", beginning), (begin_method, "_begun", begun)]


def method_never_asked() -> Patches:
    def look(payment: Any, *, world: Any) -> Any:
        return payment

    from shared.usecases.housekeeping import look_after_payments

    return [(look_after_payments, "look_after_method", look)]


def returns_are_the_merchants() -> Patches:
    def all_refunds(payment: Any) -> list[Any]:
        return [op for op in payment.operations if op.kind is Kind.REFUND][:1]

    return [(record_method_outcome, "returns", all_refunds), (return_surplus, "returns", all_refunds)]
