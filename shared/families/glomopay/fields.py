"""Field types of Glomopay's request bodies."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from shared.edge.fields import EMAIL_FORM, Masked, NoCardNumber, NoLongNumber

_TRIMMED = StringConstraints(strip_whitespace=True, min_length=1, max_length=255)
Text = Annotated[str, _TRIMMED, Masked]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254, pattern=EMAIL_FORM), NoCardNumber]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 -]{4,23}$"), NoLongNumber]


def _country(code: str) -> str:
    from iso3166 import countries_by_alpha3  # only bodies that name a country need the table

    upper = code.upper()
    if not code.isascii() or upper not in countries_by_alpha3:
        raise ValueError("must be an ISO 3166 alpha-3 code such as IND")
    return upper


Country = Annotated[str, StringConstraints(strip_whitespace=True, max_length=3), AfterValidator(_country)]
