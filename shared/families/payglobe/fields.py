"""Field types that request bodies share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from shared.domain import forms
from shared.domain.payment import Mode
from shared.edge.fields import Masked, NoCardNumber, NoLongNumber


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a JSON number such as 150.00")
    return value


# A JSON number of major units; which decimals are allowed depends on the currency, so Money.parse judges it.
Amount = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(allow_inf_nan=False),
    WithJsonSchema({"type": "number", "description": "Decimal major units", "examples": [150.00]}),
]
# Judged by Money.part, for the same reason.
VoucherPart = Annotated[
    Amount | None,
    Field(
        description="What of amount meal vouchers may pay, such as the food in it; 0: nothing; left out: all of it",
        examples=[20.00],
    ),
]
# How a card may be charged here; what is paid by a method begins elsewhere.
CardMode = Literal[Mode.PREAUTH_VOUCHER_CAPTURE, Mode.SALE_DIRECT, Mode.SALE_WITH_TOKENIZATION]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2048), NoCardNumber]
Otp = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), NoCardNumber]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255), Masked]
CustomerId = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255), NoLongNumber]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=forms.EMAIL),
    NoCardNumber,
]
CurrencyCode = Annotated[str, StringConstraints(pattern=forms.CURRENCY)]
