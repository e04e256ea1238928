"""POST /api/v1/orders: an amount that a customer is to pay."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.bootstrap import core, runtime
from shared.domain.errors import InvalidRequest
from shared.domain.money import Money
from shared.edge import wire
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.customers import customer_of
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.fields import (
    Amount,
    AmountOrNothing,
    Currency,
    CustomerRef,
    DocumentRef,
    LongText,
    Moment,
    Notes,
    RequestId,
    Text,
)
from shared.families.glomopay.orders import months_after, shown_order
from shared.families.glomopay.views import ASKED, COUNTRY, FAMILY
from shared.usecases.order.create_order import NewOrder, create_order

LASTS_MONTHS = 3


class PaymentMethod(StrEnum):
    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    PAY_VIA_BANK = "pay_via_bank"


class Product(BaseModel):
    name: Text | None = None
    description: LongText | None = None


class Asked(BaseModel):
    """What is kept and echoed of an order, and decides nothing."""

    purpose_code: Annotated[str, StringConstraints(pattern=r"^[PS]\d{4}$")] | None = Field(
        default=None, examples=["P1401"]
    )
    document_id: DocumentRef | None = None
    documents: list[DocumentRef] | None = Field(default=None, max_length=20)
    invoice_number: Text | None = None
    invoice_description: LongText | None = None
    invoice_amount: AmountOrNothing | None = None
    reference_number: Text | None = None
    product: Product | None = None
    notes: Notes | None = None
    payment_methods: list[PaymentMethod] | None = Field(default=None, min_length=1, max_length=3)

    def echoed(self) -> dict[str, object]:
        methods = self.payment_methods or [PaymentMethod.CARD]
        if PaymentMethod.CARD not in methods:
            raise InvalidRequest(f"Payment method {methods[0].value} is not enabled for this business")
        names = Asked.model_fields.keys()
        return self.model_dump(mode="json", include=set(names)) | {
            "documents": self.documents or [],
            "notes": self.notes or {},
            "payment_methods": [method.value for method in methods],
        }


class OrderFor(BaseModel):
    customer_id: CustomerRef = Field(examples=["cust_E602dMzgjpDC"])


class CreateOrderRequest(OrderFor, Asked):
    currency: Currency
    amount: Amount
    request_id: RequestId | None = None
    expires_at: Moment | None = Field(default=None, description="At most three months ahead, which is the default")

    def ends_at(self, now: datetime) -> datetime:
        latest = months_after(now, LASTS_MONTHS)
        if self.expires_at is None:
            return latest
        if not now < self.expires_at <= latest:
            raise InvalidRequest("expires_at: must be in the future, at most 3 months ahead")
        return self.expires_at


@endpoint(
    "POST",
    "/api/v1/orders",
    caller=Caller.SECRET_KEY,
    summary="Create an order",
    request=CreateOrderRequest,
    success=(201,),
    problems=(403, 404, 422),
)
def handler(call: Call) -> Reply:
    customer = customer_of(call.body(OrderFor).customer_id, call.credential)
    body, now = call.body(CreateOrderRequest), runtime.now()
    asked = NewOrder(
        customer_id=customer.id,
        amount=Money(body.amount, body.currency),
        expires_at=body.ends_at(now),
        family=FAMILY,
        reference=body.request_id or "",
        family_data={ASKED: wire.write(body.echoed()), COUNTRY: customer.country},
    )
    order = create_order(asked, call.credential, world=core.world(), orders=core.orders())
    return Reply(shown_order(order, now), 201)
