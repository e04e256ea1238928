"""Mistakes put into the code on purpose, to see that the simulator notices each of them.

To add one: write a function that yields patches ``(object, attribute, replacement)`` and put it into ``MUTATIONS``
under a sentence that says what is wrong with the code then.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from shared.domain import course, journal, operation, taking
from shared.domain.operation import Answer, Kind, State
from shared.usecases.flow import (
    capture_card,
    close_checkout,
    restore_vouchers,
    spend_vouchers,
    validate_vouchers,
    void_card,
)
from shared.usecases.housekeeping import look_after_payments
from shared.usecases.payment import operating, record_card_outcome
from tools.simulator import (
    acquirer_mistakes,
    aftermath,
    card_mistakes,
    collector_mistakes,
    idleness,
    issuers,
    method_mistakes,
    order_mistakes,
    voucher_mistakes,
)
from tools.simulator.acquirers import ACQUIRERS
from tools.simulator.aftermath import Patches
from tools.simulator.errands import FROM_STRIPES, OF_A_GATEWAY
from tools.testing.fakes import FakePayments

NOTHING_TO_ASK: Final = Answer(State.REFUSED, "not_sent", "Not sent")


def version_not_compared() -> Patches:
    def save(self: FakePayments, change: Any) -> None:
        self._write(replace(change, payment=replace(change.payment, version=self.get(change.payment.id).version)))

    return [(FakePayments, "save", save)]


def sent_again_without_asking() -> Patches:
    return [(operating, "ask", lambda look_up, operation: None)]


def lost_answer_taken_for_success() -> Patches:
    return [(operating, "UNKNOWN", Answer(State.SUCCEEDED))]


def lost_answer_taken_for_refusal() -> Patches:
    return [(operating, "UNKNOWN", Answer(State.REFUSED, "timeout", "No answer"))]


def new_key_at_every_try() -> Patches:
    original = taking.pending

    def pending(*given: Any, **named: Any) -> Any:
        made = original(*given, **named)
        return replace(made, key=f"{made.key}-{secrets.token_hex(2)}")

    return [(taking, "pending", pending)]


def hold_not_released() -> Patches:
    return [(void_card, "releases", lambda current: False)]


def rest_left_held() -> Patches:
    return [(capture_card, "_releasing", lambda current, answers, now: current)]


def vouchers_not_given_back() -> Patches:
    return [(restore_vouchers, "to_restore", lambda current: []), (course, "to_restore", lambda current: [])]


def vouchers_forgotten_over_two_visits() -> Patches:
    original = restore_vouchers._settle

    def settle(current: Any, attempt: Any, answers: Any, now: Any) -> Any:
        done = journal.Journal.done

        def only_now(self: Any, *kinds: Any) -> Any:
            return [op for op in done(self, *kinds) if kinds != (Kind.VOUCHER_REVERSE,) or op.key in answers]

        journal.Journal.done = only_now  # type: ignore[method-assign]
        try:
            return original(current, attempt, answers, now)
        finally:
            journal.Journal.done = done  # type: ignore[method-assign]

    return [(restore_vouchers, "_settle", settle)]


def vouchers_not_counted_at_capture() -> Patches:
    return [(journal.Journal, "to_capture", property(lambda self: self.due))]


def outcome_recorded_twice() -> Patches:
    original = record_card_outcome.decide_outcome

    def decide(current: Any, *given: Any) -> Any:
        forgetful = replace(current, operations=tuple(op for op in current.operations if op.kind is not Kind.PREAUTH))
        return original(forgetful, *given)

    return [(record_card_outcome, "decide_outcome", decide)]


def somebody_elses_operation_taken() -> Patches:
    return [(operation.Operation, "is_someone_elses", lambda self, now: False)]


def open_page_not_watched() -> Patches:
    return [
        (course, "page_is_watched", lambda current: False),
        (look_after_payments, "page_is_watched", lambda current: False),
    ]


def not_sent_without_asking() -> Patches:
    original = operating._settled

    def settled(op: Any, calls: Any, *, send_it: bool) -> Any:
        return original(op, calls, send_it=True) if send_it else NOTHING_TO_ASK

    return [(operating, "_settled", settled)]


def end_told_twice() -> Patches:
    original = void_card._settle

    def settle(current: Any, answers: Any, now: Any) -> Any:
        decision = original(current, answers, now)
        if decision is None or not decision.tells:
            return decision
        return replace(decision, tells=[*decision.tells, decision.tells[-1]])

    return [(void_card, "_settle", settle)]


def event_forgotten() -> Patches:
    original = capture_card._settle

    def settle(current: Any, answers: Any, now: Any) -> Any:
        decision = original(current, answers, now)
        return decision and replace(decision, tells=decision.tells[1:])

    return [(capture_card, "_settle", settle)]


def codes_not_masked() -> Patches:
    return [(spend_vouchers, "masked", lambda otp: otp), (validate_vouchers, "masked", lambda otp: otp)]


def checkout_never_over() -> Patches:
    return [(close_checkout, "_is_over", lambda current, now: False)]


def notification_never_ends() -> Patches:
    return [(course, "FLOW_NOTIFY_TIME", timedelta(days=10_000)), (course, "FLOW_NOTIFY_TRIES", 10**9)]


MUTATIONS: Final[dict[str, Callable[[], Patches]]] = {
    "the stored version is not compared before writing": version_not_compared,
    "a call whose answer was lost is sent again without asking": sent_again_without_asking,
    "a lost answer is taken for a success": lost_answer_taken_for_success,
    "a lost answer is taken for a refusal": lost_answer_taken_for_refusal,
    "a capture has a new key at every try": new_key_at_every_try,
    "a refund is not reserved before it is sent": aftermath.refund_without_reservation,
    "a refused refund keeps its reservation": aftermath.refused_refund_keeps_its_reservation,
    "the hold is not released": hold_not_released,
    "what a capture left held is not released": rest_left_held,
    "vouchers are not given back after a failed capture": vouchers_not_given_back,
    "what an earlier visit gave back is forgotten": vouchers_forgotten_over_two_visits,
    "vouchers are not counted when the card is captured": vouchers_not_counted_at_capture,
    "a card outcome is recorded twice": outcome_recorded_twice,
    "a late payment is kept": aftermath.late_payment_kept,
    "a late payment is given back by two at once": aftermath.late_release_raced,
    "an operation somebody else is sending is sent too": somebody_elses_operation_taken,
    "a page that stayed open is not watched": open_page_not_watched,
    "an old spend is called not sent without asking": not_sent_without_asking,
    "the end of a checkout is told twice": end_told_twice,
    "a success is not told": event_forgotten,
    "a lost execution is not replaced": idleness.lost_execution_not_replaced,
    "a lost wake is not made up for": idleness.lost_wake_not_made_up_for,
    "what a machine leaves undone is left to it": idleness.work_left_to_the_machine,
    "a machine that runs is believed to be at work": idleness.machine_that_runs_is_believed,
    "housekeeping never looks": idleness.housekeeping_never_looks,
    "voucher codes are not masked": codes_not_masked,
    "an expired checkout is not closed": checkout_never_over,
    "a payment outlives its link": aftermath.payment_outlives_its_link,
    "a link ends under the payment that is paying it": aftermath.link_ends_under_its_payment,
    "what came to a link that is over is kept": aftermath.payment_of_a_dead_link_kept,
    "a charge whose answer was lost is called never made": aftermath.charge_called_never_made,
    "a token is called deleted without asking its gateway": aftermath.token_called_deleted,
    "the use of a saved card is not counted": aftermath.use_of_a_card_not_counted,
    "a refund gives back what is disputed": aftermath.disputed_amount_refunded,
    "a refund gives the card what its bank has taken": aftermath.disputed_card_refunded,
    "what is disputed is shown as refundable": aftermath.disputed_amount_shown,
    "a dispute holds nothing back": aftermath.dispute_holds_nothing,
    "a lost dispute lets its amount go": aftermath.lost_dispute_lets_go,
    "each lost dispute charges its payment back again": aftermath.chargeback_told_again,
    "a lost dispute leaves its payment as it was": aftermath.chargeback_not_told,
    "what became of late money is told to nobody": aftermath.return_not_told,
    "a message counts by when it arrives": aftermath.late_message_counts,
    "a notification that fails blocks the payment": notification_never_ends,
    **card_mistakes.MISTAKES,
    **order_mistakes.MISTAKES,
    **voucher_mistakes.OF_PLANS,
    **voucher_mistakes.MISTAKES,
    **collector_mistakes.MISTAKES,
    **{name: mistake for name, (_, mistake) in acquirer_mistakes.MISTAKES.items()},
    "money that is nobody's is kept": method_mistakes.surplus_kept,
    "an arrival of money is counted again whenever it is told": method_mistakes.receipt_counted_twice,
    "a part that came is taken for the whole": method_mistakes.words_pay,
    "a return whose answer was lost is sent again without asking": method_mistakes.return_sent_without_asking,
    "a return is sent by whoever finds it": method_mistakes.return_raced,
    "a return that is refused is seen by nobody": method_mistakes.refused_return_unseen,
    "a method is over at its deadline without asking": method_mistakes.deadline_without_asking,
    "money after a method's end is not watched for": method_mistakes.late_money_not_watched,
    "a method is begun without a record of it": method_mistakes.begun_without_a_record,
    "a method's provider is never asked": method_mistakes.method_never_asked,
    "only the first surplus goes back": method_mistakes.returns_are_the_merchants,
}


def worlds_of(name: str) -> int:
    """The first seed of those in which a mistake can be found: the sandbox's, an acquirer's or an issuer's."""
    if name in collector_mistakes.MISTAKES:
        return FROM_STRIPES
    if name in voucher_mistakes.MISTAKES:
        return issuers.FROM
    gateway, _ = acquirer_mistakes.MISTAKES.get(name, ("sandbox", None))
    return OF_A_GATEWAY * ("sandbox", *ACQUIRERS).index(gateway)


@contextmanager
def applied(name: str) -> Iterator[None]:
    """The code with the mistake ``name`` in it."""
    patches = MUTATIONS[name]()
    before = [(target, attribute, target.__dict__[attribute]) for target, attribute, _ in patches]
    try:
        for target, attribute, replacement in patches:
            setattr(target, attribute, replacement)
        yield
    finally:
        for target, attribute, original in before:
            setattr(target, attribute, original)
