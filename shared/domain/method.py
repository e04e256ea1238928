"""How a payment is paid where somebody else takes the money, minutes to days later, and tells us of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.record import dataclass

STRIPE_METHODS: Final = "stripe-methods"
# Which methods a provider has; one that is not here has all of them.
OFFERED: Final[Mapping[str, frozenset[str]]] = {
    STRIPE_METHODS: frozenset({"ideal", "bancontact", "przelewy24", "oxxo"}),
}


def is_offered(method: str, provider: str) -> bool:
    return provider not in OFFERED or method in OFFERED[provider]


class MethodKind(StrEnum):
    ONLINE = "online"  # the customer's bank, in its own pages
    CASH = "cash"  # a slip that is paid at a counter
    PREPAID = "prepaid"
    CRYPTO = "crypto"


class Action(StrEnum):
    """What a provider of a test payment can be told to do next."""

    PAY = "pay"
    REJECT = "reject"
    FAIL = "fail"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class MethodChoice:
    """The method that was chosen, as far as its provider has to know it; which one it is, ``Payment.method`` says.

    ``begun_at`` is written before the provider is asked to begin, and from then on the choice stands. ``number`` is
    the provider's own, which the customer pays with or to; empty until the provider has said that it began.
    """

    kind: MethodKind
    seconds: int  # how long it can be paid, from its beginning
    begun_at: datetime | None = None
    number: str = ""
    handle: str = ""  # what the connector finds it by again; never shown
    redirect_url: str | None = None


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays, as methods ask for it. None of it is in a log or a public reply."""

    country: str = ""  # ISO 3166-1 alpha-2
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    personal_id: str = field(default="", repr=False)
