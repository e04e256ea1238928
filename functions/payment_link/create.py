"""POST /api/payment-links/create: a request to pay, as an address and a QR code."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.bootstrap import core
from shared.domain import forms
from shared.domain.errors import InvalidRequest
from shared.domain.money import Money
from shared.domain.payment_link import DEFAULT_DAYS, MOST_DAYS, LinkType, Sending
from shared.edge.call import Call
from shared.edge.fields import NoCardNumber
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import Amount, CurrencyCode, Email, Text, VoucherPart
from shared.families.payglobe.links import shown_link
from shared.usecases.link.create_link import NewLink, create_link

Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=forms.PHONE_ABROAD), NoCardNumber]
MINUTES_OF_A_DAY = 24 * 60


class CreateLinkRequest(BaseModel):
    amount: Amount
    currency: CurrencyCode = "EUR"
    maxVoucherAmount: VoucherPart = None
    description: Text = ""
    customerEmail: Email | None = Field(default=None, description="Needed for MAIL; the receipt goes there too")
    customerName: Text = ""
    customerPhone: Phone | None = Field(default=None, description="Needed for SMS", examples=["+393331234567"])
    linkType: LinkType = LinkType.LINK
    expirationDays: int | None = Field(default=None, ge=1, le=MOST_DAYS, strict=True, description="30 unless given")
    expirationMinutes: int | None = Field(
        default=None, ge=1, le=MOST_DAYS * MINUTES_OF_A_DAY, strict=True, description="Instead of expirationDays"
    )
    reminderDays: int | None = Field(
        default=None, ge=1, le=MOST_DAYS, strict=True, description="Remind the customer that many days before the end"
    )
    language: Text = ""

    @property
    def lasts(self) -> timedelta:
        if self.expirationMinutes is None:
            return timedelta(days=self.expirationDays or DEFAULT_DAYS)
        if self.expirationDays is not None:
            raise InvalidRequest("give expirationDays or expirationMinutes, not both", param="expirationMinutes")
        return timedelta(minutes=self.expirationMinutes)


@endpoint(
    "POST",
    "/api/payment-links/create",
    caller=Caller.SECRET_KEY,
    summary="Create a payment link, and send it for types MAIL and SMS",
    request=CreateLinkRequest,
    idempotent=True,
)
def handler(call: Call) -> Reply:
    body, mistakes = call.body_so_far(CreateLinkRequest)
    with mistakes:
        amount = Money.parse(body.amount, body.currency)
        most_by_voucher = Money.part(body.maxVoucherAmount, amount, "maxVoucherAmount")
    with mistakes:
        lasts = body.lasts
    with mistakes:
        sending = Sending(body.linkType, body.customerEmail, body.customerPhone)
    mistakes.tell()
    order = NewLink(
        amount=amount,
        most_by_voucher=most_by_voucher,
        pages_origin=call.request.pages_origin,
        lasts=lasts,
        sending=sending,
        description=body.description,
        name=body.customerName,
        language=body.language,
        remind_before=None if body.reminderDays is None else timedelta(days=body.reminderDays),
    )
    link = create_link(order, call.credential, world=core.world(), links=core.links(), seed=call.once.seed)
    return Reply(shown_link(link))
