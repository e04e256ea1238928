"""Field types that request bodies share."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from shared.domain.card_number import holds_card_number, masked, may_hold_card_number


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a JSON number such as 150.00")
    return value


def _without(holds: Callable[[str], bool]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if holds(text):
            raise ValueError("must not hold a card number")
        return text

    return check


# A JSON number of major units; which decimals are allowed depends on the currency, so Money.parse judges it.
Amount = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(allow_inf_nan=False),
    WithJsonSchema({"type": "number", "description": "Decimal major units", "examples": [150.00]}),
]
# What we keep must hold no card number. Where people write, it is masked. Where machines read, masking would make it
# name something else, so it is refused: by its check digit alone, or where other long numbers are at home, by the
# ranges of card schemes as well.
NoCardNumber = AfterValidator(_without(holds_card_number))
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2048), NoCardNumber]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255), AfterValidator(masked)]
CustomerId = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=255), AfterValidator(_without(may_hold_card_number))
]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$"),
    NoCardNumber,
]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
