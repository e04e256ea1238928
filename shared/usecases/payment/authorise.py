"""Hold, or charge, what the holder of a card has agreed to: written before it is sent, asked about when lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.card import CardPage, Challenge
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Mode, Payment
from shared.domain.taking import pending
from shared.ports.connectors import PageOutcome, PageState
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change
from shared.usecases.payment.operating import Calls, ask, close, operate

NOT_SENT: Final = "not_sent"
OVER: Final = Answer(State.REFUSED, NOT_SENT, "Not sent: the payment was over")


def open_authorisation(payment: Payment) -> Operation | None:
    """What was agreed to and written, and nobody knows what became of it; none of a saved card's or of a method's."""
    if payment.saved_card is not None or payment.mode is Mode.ALTERNATIVE:
        return None
    return next(iter(payment.open_operations(Kind.PREAUTH, Kind.SALE)), None)


def authorised(payment: Payment, agreed: PageOutcome, *, world: World) -> tuple[Payment, PageOutcome]:
    """Say to the gateway what was agreed to. The payment with the operation on record, and the outcome there is now.

    That is APPROVED or DECLINED, for the caller to record; AGREED still while nobody knows, or while another call
    may be sending it. A payment that is over sends nothing any more: what it had sent is asked about.
    """
    gateway = world.gateways.card(payment)
    calls = Calls(
        send=lambda op: gateway.authorise(payment, op) if _in_time(payment, world.now()) else OVER,
        look_up=lambda op: gateway.lookup(payment, op),
    )
    done = operate(payment, lambda p, now: _wanted(p, agreed, now), calls, world=world, steps=False)
    if done is None:
        return payment, agreed
    payment, answers = done
    answer = next(iter(answers.values()), None)
    if answer is None:
        return payment, agreed
    if answer.state not in (State.SUCCEEDED, State.REFUSED):
        return change(payment, lambda p, now: _unanswered(p, answers, now), world=world), agreed
    return payment, _answered(agreed, answer)


def asked_about(payment: Payment, operation: Operation, *, world: World) -> tuple[Payment, PageOutcome]:
    """What became of an authorisation whose payment is over, or at another card; AGREED still while nobody knows.

    Nobody sends it any more, so that it is not taken up either: what never arrived never will.
    """
    agreed = PageOutcome(PageState.AGREED, number_of(operation))
    answer = ask(lambda: world.gateways.card(payment).lookup(payment, operation), operation) or OVER
    if answer.state in (State.SUCCEEDED, State.REFUSED):
        return payment, _answered(agreed, answer)
    return change(payment, lambda p, now: _unanswered(p, {operation.key: answer}, now), world=world), agreed


def number_of(operation: Operation) -> int:
    """That of the try which it is."""
    return int(operation.key.rpartition(":")[2])


def authorisation_key(payment: Payment, agreed: PageOutcome) -> tuple[Kind, str]:
    kind = Kind.PREAUTH if payment.mode.has_flow else Kind.SALE
    return kind, payment.key(kind, agreed.number)


def _wanted(payment: Payment, agreed: PageOutcome, now: datetime) -> list[Operation]:
    kind, key = authorisation_key(payment, agreed)
    stored = payment.operation(key)
    if stored is not None:
        return [stored] if stored.is_open else []
    return [pending(payment, kind, agreed.number, payment.amount, now)] if _in_time(payment, now) else []


def _in_time(payment: Payment, now: datetime) -> bool:
    return payment.takes_card and not payment.is_expired(now)


def _unanswered(payment: Payment, answers: dict[str, Answer], now: datetime) -> Decision | None:
    asked = close(payment, answers, now)
    if asked is None:
        return None
    # No step was made: whoever asks of what was agreed to keeps nobody from ending the checkout.
    asked = replace(asked, heard_at=payment.heard_at)
    bank = next((answer.url for answer in answers.values() if answer.url), "")
    return Decision(_sent_to(asked, bank) if bank else asked, looked=True)


def _sent_to(payment: Payment, bank: str) -> Payment:
    """The payment with the address at which its card's holder is expected."""
    page = payment.card_page or CardPage(payment.page_number, payment.page_id, payment.created_at)
    return replace(payment, challenge=Challenge.REDIRECT, card_page=replace(page, url=bank))


def _answered(agreed: PageOutcome, answer: Answer) -> PageOutcome:
    return replace(
        agreed,
        state=PageState.APPROVED if answer.succeeded else PageState.DECLINED,
        code=answer.code,
        message=answer.message,
        reference=answer.reference or agreed.reference,
        auth_code=answer.auth_code or agreed.auth_code,
        proof=answer.proof or agreed.proof,
        reason=answer.reason,
    )
