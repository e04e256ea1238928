"""POST /api/v1/payments: pay an order with a card that the merchant's server brings. No money moves in this call."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, StringConstraints, model_validator

from shared.bootstrap import core
from shared.domain import ids as forms
from shared.domain.card_data import CardData
from shared.domain.errors import Forbidden, InvalidRequest
from shared.domain.ids import PaymentId
from shared.domain.order import Order
from shared.domain.payment import Environment, Mode, Payment
from shared.edge import wire
from shared.edge.call import Call
from shared.edge.fields import Masked, NoCardNumber
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.callbacks import check_callback, signed
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.fields import Amount, Currency, Notes, OrderRef, RequestId
from shared.families.glomopay.orders import order_of
from shared.families.glomopay.page_tokens import holder_url, page_url
from shared.families.glomopay.statuses import PENDING
from shared.families.glomopay.views import ABOUT, COUNTRY, FAMILY, asked
from shared.usecases.order.try_order import try_order
from shared.usecases.payment.start_payment import NewPayment

POLL_MILLISECONDS = 5000
_MONTH = re.compile(r"0?[1-9]|1[0-2]")
_YEAR = re.compile(r"[1-9][0-9]{3}|[0-9]{2}")
_CVV = re.compile(r"[0-9]{3,4}")
_BAD_DATE = "INVALID_CARD_EXPIRY_DATE"
# What a fault of each is known by, whichever rule it breaks.
CARD_CODES = {
    "card.number": "INVALID_CARD_NUMBER",
    "card.expiry_month": _BAD_DATE,
    "card.expiry_year": _BAD_DATE,
    "card.cvv": "INVALID_CARD_CVV",
}


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


HolderName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128), Masked]
CallbackUrl = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2048), NoCardNumber]


def _of_form(form: re.Pattern[str], rule: str) -> AfterValidator:
    def check(part: SecretStr) -> SecretStr:
        if form.fullmatch(part.get_secret_value()) is None:
            raise ValueError(rule)
        return part

    return AfterValidator(check)


def _no_subscriptions() -> InvalidRequest:
    return InvalidRequest("Subscriptions are not enabled for this business", param="subscription_id")


Month = Annotated[SecretStr, BeforeValidator(_as_text), _of_form(_MONTH, "must be 1 to 12")]
Year = Annotated[SecretStr, BeforeValidator(_as_text), _of_form(_YEAR, "must be a year of two or four digits")]
Cvv = Annotated[SecretStr, _of_form(_CVV, "must be 3 or 4 digits")]


class CardFields(BaseModel, defer_build=True):  # it is built within the request
    """Nothing of it but the holder's name is ever printed or kept."""

    # Of any length: whoever takes the card says first whether it is one of theirs.
    number: SecretStr = Field(
        examples=["4111111111111111"], description="In test one of the test cards; spaces are allowed"
    )
    expiry_month: Month = Field(examples=["09"])
    expiry_year: Year = Field(examples=["2030"])
    cvv: Cvv = Field(examples=["123"])
    holder_name: HolderName = Field(examples=["John Doe"])

    def read(self) -> CardData:
        return CardData(
            number=self.number.get_secret_value().replace(" ", ""),
            holder_name=self.holder_name,
            expiry_month=int(self.expiry_month.get_secret_value()),
            expiry_year=int(self.expiry_year.get_secret_value()),
            cvv=self.cvv.get_secret_value(),
        )


class PaymentFor(BaseModel):
    order_id: OrderRef = Field(examples=["order_68c00b7btsthfabcd"])
    subscription_id: Any = Field(default=None, description="Not enabled")

    @model_validator(mode="before")
    @classmethod
    def _of_an_order(cls, said: dict[str, Any]) -> dict[str, Any]:
        """Who pays a subscription sends no order: what they did send is what they are told of."""
        if said.get("order_id") is None and said.get("subscription_id") is not None:
            raise _no_subscriptions()
        return said


class CreatePaymentRequest(PaymentFor):
    method: Literal["card"] = Field(examples=["card"])
    card: CardFields
    callback_url: CallbackUrl = Field(examples=["https://server.yoursite.com/payment/callback"])
    notes: Notes | None = None
    request_id: RequestId | None = None
    amount: Amount | None = Field(default=None, description="Not needed; when sent it must equal the order's")
    currency: Currency | None = Field(default=None, description="Not needed; when sent it must equal the order's")

    def check(self, order: Order) -> None:
        """Raises InvalidRequest for what is not the order's, and for what is not offered."""
        if self.subscription_id is not None:
            raise _no_subscriptions()
        if self.amount not in (None, order.amount.minor):
            raise InvalidRequest("amount: must equal the order's")
        if self.currency not in (None, order.amount.currency):
            raise InvalidRequest("currency: must equal the order's")


@endpoint(
    "POST",
    "/api/v1/payments",
    aliases=("/api/v1/payment",),
    beside=("GET",),
    caller=Caller.SECRET_KEY,
    summary="Pay an order with a card; the customer is sent to the redirect address to agree",
    request=CreatePaymentRequest,
    success=(201,),
    problems=(403, 404, 422, 429),
)
def handler(call: Call) -> Reply:
    credential = call.credential
    if credential.environment is Environment.LIVE and not credential.account.s2s_cards:
        raise Forbidden("Server-to-server payments are not enabled for this business")
    order = order_of(call.body(PaymentFor).order_id, credential)
    body = _read(call)
    body.check(order)
    callback_url = check_callback(body.callback_url, credential.environment)
    started = try_order(
        order,
        _asked(body, order, call.request.pages_origin),
        body.card.read(),
        credential,
        world=core.world(),
        orders=core.orders(),
        seed=call.once.seed,
        completed=lambda payment: _with_way_back(payment, callback_url, call.identity.token),
    )
    return Reply(_begun(started.payment, page_url(started.payment, started.client_secret or "", callback_url)), 201)


def _read(call: Call) -> CreatePaymentRequest:
    try:
        return call.body(CreatePaymentRequest)
    except InvalidRequest as error:
        code = CARD_CODES.get(error.faults[0].param or "", error.error_code)
        raise InvalidRequest(str(error), code=code, faults=error.faults) from None


def _asked(body: CreatePaymentRequest, order: Order, pages_origin: str) -> NewPayment:
    said = asked(order)
    about = {
        "notes": body.notes or {},
        "purpose_code": said.get("purpose_code"),
        "product": said.get("product"),
        "country": order.family_data.get(COUNTRY),
    }
    return NewPayment(
        amount=order.amount,
        pages_origin=pages_origin,
        mode=Mode.SALE_DIRECT,
        customer_id=order.customer_id,
        family=FAMILY,
        reference=body.request_id or "",
        order_id=order.id,
        holder_url=holder_url(pages_origin),
        family_data={ABOUT: wire.write(about)},
        new_id=lambda now, seed: PaymentId(forms.plain_id("payt", seed)),
    )


def _with_way_back(payment: Payment, url: str, key: str) -> Payment:
    """With both addresses that it may come to, signed by the key that asks now: it is kept nowhere."""
    order_id = payment.order_id or ""
    return replace(
        payment,
        callback_url=signed(url, key, order_id, payment.id, "success"),
        error_url=signed(url, key, order_id, payment.id, "failed"),
    )


def _begun(payment: Payment, page: str) -> dict[str, object]:
    poll = f"{payment.pages_origin}/paymentgw/api/v1/payments/{payment.id}"
    return {
        "payment_id": payment.id,
        "order_id": payment.order_id,
        "status": PENDING,
        "next_steps": [
            {"action": "redirect", "payload": {"url": page}},
            {"action": "poll", "payload": {"url": poll, "interval_in_ms": POLL_MILLISECONDS}},
        ],
    }
