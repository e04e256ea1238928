"""Mistakes about cards that are agreed to, undecided or presented by a merchant's server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from shared.domain.payment import Payment
from shared.ports.connectors import PageOutcome, PageState
from shared.usecases.housekeeping import look_after_payments
from shared.usecases.payment import (
    ask_open,
    authorise,
    hear_bell,
    operating,
    record_card_outcome,
    settle_provisional,
)
from shared.usecases.payment.changing import Decision
from tools.simulator.aftermath import Patches


def authorised_without_a_record() -> Patches:
    def operate(payment: Any, plan: Any, calls: Any, *, world: Any, steps: bool) -> Any:
        return payment, {operation.key: calls.send(operation) for operation in plan(payment, world.now())}

    return [(authorise, "operate", operate)]


def agreement_taken_for_paid() -> Patches:
    def authorised(payment: Any, agreed: Any, *, world: Any) -> Any:
        return payment, replace(agreed, state=PageState.APPROVED)

    return [(record_card_outcome, "authorised", authorised)]


def other_amount_accepted() -> Patches:
    return [(record_card_outcome, "_is_amiss", lambda payment, outcome: False)]


def second_try_allowed() -> Patches:
    return [(Payment, "has_one_try", property(lambda self: False))]


def authorised_after_the_end() -> Patches:
    return [(authorise, "_in_time", lambda payment, now: True)]


def authorisation_forgotten() -> Patches:
    def settle(payment: Any, *, world: Any) -> Any:
        return payment

    return [(look_after_payments, "settle_authorisation", settle), (ask_open, "settle_authorisation", settle)]


def machine_forgotten_while_authorising() -> Patches:
    original = operating.operate

    def operate(*given: Any, steps: bool, **named: Any) -> Any:
        return original(*given, **named, steps=True)

    return [(authorise, "operate", operate)]


def bell_believed() -> Patches:
    def believe(payment: Payment, *, world: Any) -> Payment:
        paid = PageOutcome(PageState.APPROVED, payment.card_tries + 1, "00")
        return record_card_outcome.take_outcome(payment, paid, world=world)

    return [(hear_bell, "ask_open", believe)]


def undecided_taken_for_declined() -> Patches:
    original = record_card_outcome.decide_outcome

    def decide(current: Any, outcome: Any, *given: Any) -> Any:
        if outcome.state is PageState.PENDING:
            outcome = replace(outcome, state=PageState.DECLINED)
        return original(current, outcome, *given)

    return [(record_card_outcome, "decide_outcome", decide)]


def nobody_asks_the_undecided_bank() -> Patches:
    return [(look_after_payments, "_card_page", lambda payment, world: payment)]


def accepted_never_asked_about() -> Patches:
    def settle(payment: Any, *, world: Any) -> Any:
        return payment

    return [(look_after_payments, "settle_provisional", settle), (ask_open, "settle_provisional", settle)]


def return_unseen() -> Patches:
    return [(settle_provisional, "_returned", lambda payment, *given: Decision(payment))]


MISTAKES: Final[dict[str, Callable[[], Patches]]] = {
    "a gateway's bell is believed": bell_believed,
    "what was agreed to is sent without a record": authorised_without_a_record,
    "an agreement is taken for a payment": agreement_taken_for_paid,
    "another amount is taken for the payment's": other_amount_accepted,
    "a declined try of an order may be tried again": second_try_allowed,
    "what was agreed to is sent after the end": authorised_after_the_end,
    "what was sent before the end is forgotten": authorisation_forgotten,
    "an undecided bank is taken for a refusal": undecided_taken_for_declined,
    "nobody asks a bank that is undecided": nobody_asks_the_undecided_bank,
    "what was only accepted is never asked about": accepted_never_asked_about,
    "a charge that came back is seen by nobody": return_unseen,
    "a machine is forgotten while its card is authorised": machine_forgotten_while_authorising,
}
