"""POST /api/token-payment/pay: charge a saved card without its holder."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from shared.bootstrap import core
from shared.domain.card import Initiator
from shared.domain.gateway_name import as_printed
from shared.domain.money import Money
from shared.domain.payment import PAID, Payment, Status
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import Amount, CurrencyCode, CustomerId, Email, Text
from shared.usecases.card.ask_holder import page_for_holder
from shared.usecases.card.charge_saved_card import CardOrder, charge_saved_card

RETRY_AFTER_SECONDS = 60
DECLINED = 402


class PayRequest(BaseModel):
    cardId: Annotated[int, Field(strict=True, ge=1, examples=[1])]
    amount: Amount
    customerId: Annotated[CustomerId, Field(min_length=1)]
    customerEmail: Email | None = Field(default=None, description="Where the receipt goes")
    description: Text = ""
    currency: CurrencyCode = "EUR"
    initiator: Initiator = Field(
        default=Initiator.CUSTOMER,
        description="CUSTOMER: one-click, the card's holder is there. MERCHANT: a renewal, agreed to before",
    )


@endpoint(
    "POST",
    "/api/token-payment/pay",
    caller=Caller.SECRET_KEY,
    summary="Charge a saved card at once, without its holder",
    request=PayRequest,
    success=(200, 202, DECLINED),
    problems=(404,),
    idempotent=True,
)
def handler(call: Call) -> Reply:
    body, mistakes = call.body_so_far(PayRequest)
    with mistakes:
        amount = Money.parse(body.amount, body.currency)
    mistakes.tell()
    order = CardOrder(
        number=body.cardId,
        customer_id=body.customerId,
        amount=amount,
        pages_origin=call.request.pages_origin,
        description=body.description,
        email=body.customerEmail,
        initiator=body.initiator,
    )
    payment = charge_saved_card(
        order,
        call.credential,
        world=core.world(),
        cards=core.cards(),
        vault=core.vault(),
        seed=call.once.seed,
        repeated=call.once.repeated,
    )
    if payment.status is Status.FAILED:
        page = page_for_holder(
            payment, call.credential, world=core.world(), seed=call.once.seed, repeated=call.once.repeated
        )
        return Reply(_failed(payment, page), DECLINED)
    if payment.status in PAID:
        return Reply(_charged(payment))
    waiting = {"status": "PENDING", "outcome": "unknown", "retryAfter": RETRY_AFTER_SECONDS}
    return Reply(_charged(payment) | waiting, 202, final=False)


def _charged(payment: Payment) -> dict[str, object]:
    assert payment.card is not None
    return {
        "success": True,
        "transactionId": payment.id,
        "paymentId": payment.page_id,
        "gateway": as_printed(payment.called),
        "status": "COMPLETED",
        "cardAlias": payment.card.alias,
        "amount": payment.amount.major,
        "currency": payment.amount.currency,
    }


def _failed(payment: Payment, page: Payment | None) -> dict[str, object]:
    """``page``: where the card's holder confirms what its bank would not take without them."""
    assert payment.failure is not None
    retry = {"retryUrl": page.redirect_url, "retryTransactionId": page.id} if page else {}
    return retry | {
        "success": False,
        "transactionId": payment.id,
        "status": "FAILED",
        "error": payment.failure.message,
        "message": payment.failure.message,
        "code": payment.failure.code,
    }
