"""Field types of Glomopay's request bodies."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from shared.domain import forms
from shared.domain.card_number import holds_card_number
from shared.domain.errors import InvalidAmount
from shared.domain.money import MAX_MINOR, exponent_of
from shared.domain.outside import utc_moment
from shared.edge.fields import Masked, NoCardNumber, NoLongNumber
from shared.families.glomopay import ids

MOST_NOTES: Final = 20
_NOTE: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}")


def _trimmed(most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, max_length=most)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), Masked]
# What a merchant says of an order or a refund comes back as it was sent: their books compare it.
Said = Annotated[str, StringConstraints(max_length=255), Masked]
LongSaid = Annotated[str, StringConstraints(max_length=1000), Masked]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254, pattern=forms.EMAIL), NoCardNumber]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=forms.PHONE), NoLongNumber]


def _country(code: str) -> str:
    from iso3166 import countries_by_alpha3  # only bodies that name a country need the table

    upper = code.upper()
    if not code.isascii() or upper not in countries_by_alpha3:
        raise ValueError("must be an ISO 3166 alpha-3 code such as IND")
    return upper


Country = Annotated[str, _trimmed(3), AfterValidator(_country)]


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be an integer")
    return value


# Before any other rule: to those ``true`` is 1, and 7.0 is 7.
Integer = BeforeValidator(_integer)


def _whole(least: int) -> Callable[[Any], int]:
    def check(given: Any) -> int:
        value = _integer(given)
        if value < least:
            raise ValueError("must be greater than 0" if least else "must not be negative")
        if value > MAX_MINOR:
            raise ValueError(f"must be at most {MAX_MINOR}")
        return value

    return check


Amount = Annotated[
    int,
    BeforeValidator(_whole(1)),
    WithJsonSchema(
        {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_MINOR,
            "description": "Minor units of the currency",
            "examples": [1000],
        }
    ),
]
AmountOrNothing = Annotated[
    int,
    BeforeValidator(_whole(0)),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MAX_MINOR, "description": "Minor units"}),
]


def _currency(code: str) -> str:
    try:
        exponent_of(code)
    except InvalidAmount as error:
        raise ValueError(str(error)) from None
    return code


Currency = Annotated[
    str, StringConstraints(pattern=forms.CURRENCY), AfterValidator(_currency), Field(examples=["USD"])
]


def _prefixed(prefix: str) -> AfterValidator:
    def check(text: str) -> str:
        ids.check_prefix(text, prefix, ValueError)
        return text

    return AfterValidator(check)


CustomerRef = Annotated[str, _trimmed(80), _prefixed(ids.CUSTOMER), NoCardNumber]
OrderRef = Annotated[str, _trimmed(80), _prefixed(ids.ORDER), NoCardNumber]
PaymentRef = Annotated[str, _trimmed(80), _prefixed(ids.PAYMENT), NoCardNumber]
DocumentRef = Annotated[str, StringConstraints(pattern=forms.DOCUMENT), NoCardNumber]


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be printable")
    return text


# The merchant's own number of what it makes: it is looked up by, so that nothing of it may be changed.
RequestId = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_printable), NoCardNumber]
_Note = Annotated[str, StringConstraints(max_length=500), NoCardNumber]


def _notes(notes: dict[str, str]) -> dict[str, str]:
    if len(notes) > MOST_NOTES:
        raise ValueError(f"has at most {MOST_NOTES} pairs")
    if any(_NOTE.fullmatch(name) is None for name in notes):
        raise ValueError("keys have 1 to 40 of A-Z a-z 0-9 _ . -")
    if any(holds_card_number(name) for name in notes):
        raise ValueError("must not hold a card number")
    return notes


Notes = Annotated[dict[str, _Note], AfterValidator(_notes)]


def _moment(text: str) -> datetime:
    try:
        return utc_moment(text)
    except ValueError:
        raise ValueError("must be a time with its zone, such as 2025-11-07T10:00:00Z") from None


def _written(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return _moment(value)


Moment = Annotated[datetime, BeforeValidator(_written), WithJsonSchema({"type": "string", "format": "date-time"})]
Reminder = Annotated[Literal[1, 2, 7, 14], Integer]
