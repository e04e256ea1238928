"""What requests for an order and for a payment link have in common.

What is never read by itself is not built by itself (``defer_build``): that is a part of each cold start.
"""

from __future__ import annotations

import calendar
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.domain import forms
from shared.domain.customer import Customer
from shared.domain.errors import InvalidRequest
from shared.domain.money import Money
from shared.edge import wire
from shared.families.glomopay.fields import (
    Amount,
    AmountOrNothing,
    Currency,
    CustomerRef,
    DocumentRef,
    LongSaid,
    Moment,
    Notes,
    Said,
)
from shared.families.glomopay.views import ABOUT, ASKED, COUNTRY


class PaymentMethod(StrEnum):
    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    PAY_VIA_BANK = "pay_via_bank"


class Product(BaseModel, defer_build=True):  # it is built within what it is a part of
    name: Said | None = None
    description: LongSaid | None = None


class Asked(BaseModel, defer_build=True):
    """What is kept and echoed of an order, and decides nothing."""

    purpose_code: Annotated[str, StringConstraints(pattern=forms.PURPOSE)] | None = Field(
        default=None, examples=["P1401"]
    )
    document_id: DocumentRef | None = None
    documents: list[DocumentRef] | None = Field(default=None, max_length=20)
    invoice_number: Said | None = None
    invoice_description: LongSaid | None = None
    invoice_amount: AmountOrNothing | None = None
    reference_number: Said | None = None
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


class ToBePaid(OrderFor, Asked):
    currency: Currency
    amount: Amount
    expires_at: Moment | None = None

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    def ends_at(self, now: datetime, months: int) -> datetime:
        """Raises InvalidRequest for an end that is past or more than so many months ahead; that is the default."""
        return end_of(self.expires_at, now, months)

    def kept(self, customer: Customer) -> dict[str, str]:
        """What this family keeps with it: what is echoed, and what its payments show."""
        about = {
            "notes": self.notes or {},
            "purpose_code": self.purpose_code,
            "product": self.product.model_dump() if self.product else None,
            "country": customer.country,
        }
        return {ASKED: wire.write(self.echoed()), COUNTRY: customer.country, ABOUT: wire.write(about)}


def end_of(asked: datetime | None, now: datetime, months: int) -> datetime:
    latest = _months_after(now, months)
    if asked is None:
        return latest
    if not now < asked <= latest:
        raise InvalidRequest(f"expires_at: must be in the future, at most {months} months ahead")
    return asked


def _months_after(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or that month's last."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
