"""What the sandbox's endpoints share: the page's payment, the reply to a card, amounts as the family writes them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from shared.bootstrap import core, runtime, sandbox
from shared.domain import ids
from shared.domain.attention import AMOUNT_MISMATCH
from shared.domain.decline import Decline
from shared.domain.errors import Conflict, IllegalTransition, NotFound, TooManyTries
from shared.domain.ids import PageId
from shared.domain.money import Money
from shared.domain.operation import State
from shared.domain.payment import AWAITING_CARD, MAX_CARD_TRIES, Mode, Payment, Status
from shared.domain.visitor import Visitor
from shared.edge.bearer import opens
from shared.edge.brand import brand_of
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.going_on import error_address
from shared.families.payglobe.payments import next_page, seconds_left
from shared.families.payglobe.views import iso
from shared.ports.connectors import PageOutcome, PageState
from shared.usecases.payment.authorise import authorisation_key
from shared.usecases.payment.record_card_outcome import take_outcome
from shared.usecases.payment.try_card import try_card

_ACCEPTED: Final = (PageState.APPROVED, PageState.AGREED, PageState.PENDING)
AMOUNTS: Final = ("authorised", "captured", "released", "voided", "refunded")


def page_payment(call: Call) -> Payment:
    """The payment of the page named in the path. Raises NotFound, and Conflict where a card was presented."""
    page_id = PageId(call.path("paymentID"))
    doc = sandbox.sandbox_page().book(page_id)
    call.about = payment = core.payments().get(doc["paymentId"])
    if payment.challenge is not None:
        raise Conflict("only the card that was presented pays here", code="card_presented")
    return payment


def check_takes_card(payment: Payment) -> None:
    """Raises IllegalTransition once the payment is over, TooManyTries after the tenth card."""
    if payment.status is Status.FAILED:
        raise IllegalTransition("this payment has ended", code="ended")
    if payment.status in AWAITING_CARD and payment.is_expired(runtime.now()):
        raise IllegalTransition("this payment has expired", code="expired")
    if payment.card_tries >= MAX_CARD_TRIES and payment.status in AWAITING_CARD:
        raise TooManyTries("too many cards were tried on this payment")


def next_of(payment: Payment, visitor: Visitor | None) -> str | None:
    """Where the browser that paid goes on; None for everybody else, and while a card can be entered."""
    if visitor is None or payment.status in AWAITING_CARD:
        return None
    secret = visitor.secret(payment.id)
    return next_page(payment, secret) if opens(secret, payment) else None


def page_view(payment: Payment, visitor: Visitor | None) -> dict[str, object]:
    """What the card page shows, and to the browser that paid where it goes on."""
    return {
        "amount": payment.amount.major,
        "currency": payment.amount.currency,
        "description": payment.description,
        "merchantName": payment.merchant_name,
        "brand": brand_of(payment),
        "status": payment.status.value,
        "nextUrl": next_of(payment, visitor),
        # Why it ended, in a word: a gateway's own words are for who paid.
        "lastError": payment.failure and {"code": payment.failure.code},
        "expiresAt": iso(payment.expires_at),
        "expiresIn": seconds_left(payment),
        "beingChecked": payment.is_being_checked,
        "asksToSaveCard": payment.mode is Mode.SALE_WITH_TOKENIZATION,
        "frameOrigins": list(payment.frame_origins),
        "language": payment.language,
        "returnUrl": payment.return_url,
    }


def judged(payment: Payment, judge: Callable[[], PageOutcome | None]) -> PageOutcome | None:
    """What the page says of a card. Raises TooManyRequests when the payment's key has had too many declined."""
    if payment.declines is None:
        return judge()
    return try_card(payment.declines, judge, allowances=core.allowances(), now=runtime.now())


def card_reply(payment: Payment, outcome: PageOutcome | None, visitor: Visitor) -> Reply:
    """Record what the page came to and say where the browser goes next.

    Raises IllegalTransition when the card that was accepted is another visitor's: nothing is recorded or told then.
    """
    if outcome is None or outcome.tries_left:
        wrong = {"attemptsLeft": outcome.tries_left} if outcome else {}
        return Reply({"outcome": "CHALLENGE", "redirectUrl": None, **wrong})
    secret = visitor.secret(payment.id)
    if outcome.state in _ACCEPTED and outcome.payer != ids.fingerprint(secret):
        raise IllegalTransition("a card was accepted on this page already", code="page_paid")
    payment = take_outcome(payment, outcome, world=core.world())
    state = _came_to(payment, outcome)
    reply: dict[str, object] = {"outcome": state.value, "transactionId": payment.id, "redirectUrl": None}
    if state is PageState.APPROVED:
        reply["redirectUrl"] = payment.callback_url or next_page(payment, secret)
    elif state is PageState.CANCELLED:
        reply |= {"redirectUrl": error_address(payment), "declineCode": None, "message": "The payment was cancelled"}
    elif state is PageState.DECLINED:
        word, text = _why(payment, outcome)
        reply |= {"redirectUrl": error_address(payment), "declineCode": word, "message": text}
    return Reply(reply)


def _came_to(payment: Payment, outcome: PageOutcome) -> PageState:
    """What the card came to now that it is on record: PENDING while nobody knows."""
    if outcome.state not in (PageState.APPROVED, PageState.AGREED):
        return outcome.state
    operation = payment.operation(authorisation_key(payment, outcome)[1])
    if operation is None or operation.is_open:
        return PageState.PENDING
    return PageState.APPROVED if operation.state is State.SUCCEEDED else PageState.DECLINED


def _why(payment: Payment, outcome: PageOutcome) -> tuple[str, str]:
    """Why the card was declined: by its gateway, when it was told to hold the money, or by us."""
    failed = payment.failure
    if outcome.state is not PageState.DECLINED and failed and failed.code in (*Decline, AMOUNT_MISMATCH.lower()):
        return failed.code, failed.message
    reason = outcome.reason or Decline.CARD_DECLINED
    return reason.value, reason.text


def check_own_book(call: Call, merchant_id: str, environment: str) -> None:
    caller = call.credential
    if (caller.merchant.id, caller.environment) != (merchant_id, environment):
        raise NotFound("there is no such record in your sandbox")


def in_major(minor: int, currency: str) -> Decimal:
    return Money(minor, currency).major


def calls_in_major(calls: list[dict[str, Any]], currency: str) -> list[dict[str, object]]:
    """The calls received, in order, with amounts in major units."""
    return [
        {name: in_major(value, currency) if name == "amount" else value for name, value in call.items()}
        for call in calls
    ]
