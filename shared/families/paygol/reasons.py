"""Why a field of a request is wrong: for programs in English, for people in the languages of the pages.

Each completes a sentence that begins with the field's name. ``texts/reasons.json`` says the same in the other
languages, and begins it for who sees the field with ``THIS``.
"""

from __future__ import annotations

import json
from dataclasses import field
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final

from shared.domain.record import dataclass

ENGLISH: Final = "en"
_TEXTS: Final = Path(__file__).parent / "texts" / "reasons.json"


class Why(Enum):
    """The English half-sentences. A name, once told, stays: pages are told it."""

    MISSING = "is missing"
    NO_NUMBER = "is no number such as 12.50"
    DECIMALS = "has more decimals than {currency}"
    ZERO = "must be greater than zero"
    TOO_LARGE = "is too large"
    CURRENCY = "is no currency such as EUR"
    COUNTRY = "is no ISO 3166 alpha-2 code such as DE"
    METHOD = "is not a method of ours"
    NOT_OFFERED = "is not offered in {country}"
    NOT_TAKEN = "is not taken by this merchant"
    ADDRESS = "is no absolute http or https address"
    HOST = "is on a host that the merchant has not named"
    PHONE = "must be 6 to 15 digits"
    PHONE_WITH_PREFIX = "must be 55 with 10 or 11 digits"
    CARD_NUMBER = "must not hold a card number"
    BIC = "is no BIC such as DEUTDEFF"
    EMAIL = "is no e-mail address"
    TOO_LONG = "has more than {most} characters"
    PERSONAL_ID = "must have 3 to 30 characters"
    MODE = "is none of basic, advanced, api"
    SERVICE = "is no service that is known here"
    SCALAR = "must be a text or a number"
    CHARACTERS = "holds characters that are no text"
    TOO_MANY = "has too many fields"

    def __str__(self) -> str:
        return self.value


# What a customer can get wrong on the hosted page.
OF_THE_PAYER: Final = (
    *(Why.COUNTRY, Why.METHOD, Why.NOT_OFFERED, Why.PHONE, Why.PHONE_WITH_PREFIX),
    *(Why.CARD_NUMBER, Why.BIC, Why.EMAIL, Why.TOO_LONG, Why.PERSONAL_ID, Why.CHARACTERS),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """``values`` fill the marks of ``why``."""

    why: Why
    values: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.why.value.format_map(self.values)

    def said_of(self, name: str, language: str) -> str:
        """``pg_email is no e-mail address``, in one of our languages."""
        return f"{name} {texts_of(language)[self.why.name].format_map(self.values)}"

    def plain(self) -> dict[str, str]:
        """For the hosted page, which says it in the customer's language."""
        return {"why": self.why.name.lower(), **self.values}


@cache
def texts_of(language: str) -> dict[str, str]:
    if language == ENGLISH:
        return {"THIS": "This", "FORM": "The form", **{why.name: why.value for why in Why}}
    found: dict[str, dict[str, str]] = json.loads(_TEXTS.read_text(encoding="utf-8"))
    return found[language]
