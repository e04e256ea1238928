"""POST /checkout/agree/{transactionId}: the token that a card gateway's script made of a card on our page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, Field

from shared.bootstrap import core, runtime
from shared.domain import forms, ids
from shared.domain.ids import PageId, PaymentId
from shared.domain.payment import AWAITING_CARD, Payment, Status
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.going_on import after_card, error_address, is_accepted
from shared.families.payglobe.visitors import paying_visitor
from shared.ports.connectors import PageOutcome, PageState
from shared.usecases.payment.hand_over import hand_over


class AgreeRequest(BaseModel):
    paymentID: Annotated[str, Field(pattern=forms.CARD_PAGE, description="The page that the card was entered on")]
    token: Annotated[str, Field(pattern=forms.CARD_TOKEN, description="What the gateway's script made of it")]


@endpoint(
    "POST",
    "/checkout/agree/{transactionId}",
    caller=Caller.ANYONE,
    summary="Hand over the token of a card from a card page of ours, and have it held or charged",
    visitor=True,
    request=AgreeRequest,
    problems=(422,),
)
def handler(call: Call) -> Reply:
    call.about = payment = core.payments().get(PaymentId(call.path("transactionId")))
    body, visitor = call.body(AgreeRequest), paying_visitor(call)
    secret = visitor.secret(payment.id)

    def hand() -> Payment:
        page = PageId(body.paymentID)
        return hand_over(payment, page, body.token, ids.fingerprint(secret), world=core.world())

    after = _allowed(payment, hand)
    reply = {"success": True, "transactionId": after.id, "status": after.status.value}
    return Reply({**reply, "beingChecked": after.is_being_checked, "nextUrl": _next(after, secret)})


def _allowed(payment: Payment, hand: Callable[[], Payment]) -> Payment:
    """Raises TooManyRequests when the payments of a publishable key have had too many cards declined."""
    if payment.declines is None:
        return hand()
    from shared.usecases.payment.try_card import try_card

    seen: list[Payment] = []

    def judge() -> PageOutcome:
        seen.append(hand())
        if seen[0].is_being_checked:
            return PageOutcome(PageState.PENDING)
        declined = seen[0].status in (Status.CARD_PREAUTH_FAILED, Status.FAILED)
        return PageOutcome(PageState.DECLINED if declined else PageState.OPEN)

    try_card(payment.declines, judge, allowances=core.allowances(), now=runtime.now())
    return seen[0]


def _next(payment: Payment, secret: str) -> str | None:
    """Where this browser goes on; None while nobody knows, and where it may enter another card."""
    if is_accepted(payment):
        return after_card(payment, secret)
    declined = payment.status not in AWAITING_CARD or payment.failure is not None
    return error_address(payment) if declined and not payment.is_being_checked else None
