"""Saved cards: a customer's wallet at one merchant, which of its cards is the default, and what was forgotten."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.card import alias_of
from shared.domain.consent import Consent
from shared.domain.errors import Conflict, NotFound, Unprocessable
from shared.domain.ids import MerchantId, PaymentId
from shared.domain.payment import Environment
from shared.domain.record import dataclass

MOST_CARDS: Final = 50
MOST_REMEMBERED: Final = 200  # fingerprints of forgotten tokens; each needs a payment of its own to come back
FIRST_RETRY: Final = timedelta(minutes=1)
LONGEST_RETRY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card on file, or an account in place of one, which has neither digits nor a date.

    ``sealed`` is the gateway's token, encrypted; the token itself is never kept or shown.
    ``usage_count`` and ``last_used_at`` are counted with each charge, beside the wallet.
    """

    number: int  # what the merchant calls the card by, counted from 1 per merchant and environment
    merchant_id: MerchantId
    environment: Environment
    customer_id: str
    gateway: str
    brand: str
    last4: str
    expiry: str  # "MM/YY"
    sealed: str = field(repr=False)
    token_mark: str = field(repr=False)  # SHA-256 of the token: finds it again without opening anything
    saved_from: PaymentId
    consent_at: datetime
    consent: Consent | None = (
        None  # the customer's own, on our page; None: the merchant's word, given at ``consent_at``
    )
    fingerprint: str | None = None
    usage_count: int = 0
    last_used_at: datetime | None = None
    gateway_name: str = ""  # what replies call the gateway where it stands in for another; empty: by its own name
    account: str = ""  # of an account: whose it is, masked

    @property
    def called(self) -> str:
        return self.gateway_name or self.gateway

    @property
    def alias(self) -> str:
        return alias_of(self.brand, self.last4, self.account)

    @property
    def context(self) -> dict[str, str]:
        """What the token is encrypted for: it opens for no other merchant, environment or card."""
        return {"merchant": self.merchant_id, "environment": self.environment.value, "card": str(self.number)}

    def is_expired(self, now: datetime) -> bool:
        """A card is good until the end of the month printed on it (UTC), an account until it is deleted."""
        if not self.expiry:
            return False
        month, _, year = self.expiry.partition("/")
        return (2000 + int(year), int(month)) < (now.year, now.month)

    def is_the_same_as(self, other: SavedCard) -> bool:
        """By token, by the number's fingerprint where both sides know it, else by what is printed on it.

        Nothing is printed on an account.
        """
        if self.gateway != other.gateway:
            return False
        if self.token_mark == other.token_mark:
            return True
        if self.fingerprint and other.fingerprint:
            return self.fingerprint == other.fingerprint
        return bool(self.last4) and (self.brand, self.last4, self.expiry) == (other.brand, other.last4, other.expiry)


@dataclass(frozen=True, slots=True)
class Wallet:
    """All cards of one customer. One record with one ``version``: there cannot be two defaults."""

    merchant_id: MerchantId
    environment: Environment
    customer_id: str
    cards: tuple[SavedCard, ...] = ()  # oldest first
    default: int | None = None
    forgotten: tuple[str, ...] = ()  # marks of tokens that were deleted or replaced by newer ones
    version: int = 0

    def find(self, number: int) -> SavedCard | None:
        return next((card for card in self.cards if card.number == number), None)

    def card(self, number: int) -> SavedCard:
        """Raises NotFound."""
        found = self.find(number)
        if found is None:
            raise NotFound("there is no such card")
        return found

    def same_as(self, card: SavedCard) -> SavedCard | None:
        return next((known for known in self.cards if known.is_the_same_as(card)), None)

    def is_default(self, card: SavedCard) -> bool:
        return card.number == self.default

    def with_card(self, card: SavedCard) -> Wallet:
        """With ``card`` in place of the one with its number, or as a new one; the first is the default.

        Raises Conflict when the wallet is full.
        """
        older = self.find(card.number)
        if older is not None:
            kept = tuple(card if known is older else known for known in self.cards)
            return replace(self, cards=kept, forgotten=self._forgetting(older))
        if len(self.cards) >= MOST_CARDS:
            raise Conflict(f"a customer has at most {MOST_CARDS} saved cards", code="too_many_cards")
        default = card.number if self.default is None else self.default
        return replace(self, cards=(*self.cards, card), default=default)

    def with_name(self, card: SavedCard, gateway_name: str) -> Wallet:
        """With ``card``'s gateway called so; its token stays."""
        named = tuple(replace(known, gateway_name=gateway_name) if known is card else known for known in self.cards)
        return replace(self, cards=named)

    def with_default(self, number: int) -> Wallet:
        """Raises NotFound."""
        return replace(self, default=self.card(number).number)

    def without(self, card: SavedCard, now: datetime) -> Wallet:
        """Without ``card``. When it was the default, the card saved last takes its place, if one is good."""
        left = tuple(known for known in self.cards if known.number != card.number)
        default = self.default
        if self.is_default(card):
            default = next((known.number for known in reversed(left) if not known.is_expired(now)), None)
        return replace(self, cards=left, default=default, forgotten=self._forgetting(card))

    def _forgetting(self, card: SavedCard) -> tuple[str, ...]:
        return (*self.forgotten, card.token_mark)[-MOST_REMEMBERED:]


@dataclass(frozen=True, slots=True)
class Discard:
    """A token that is to be deleted at its gateway, until the gateway says that it is gone."""

    card: SavedCard
    due_at: datetime
    tries: int = 0

    @property
    def id(self) -> str:
        card = self.card
        return f"{card.merchant_id}#{card.environment}#{card.number}#{card.token_mark[:16]}"

    def tried(self, now: datetime) -> Discard:
        """Later again: a minute, doubling to a day."""
        wait = min(FIRST_RETRY * (1 << min(self.tries, 12)), LONGEST_RETRY)
        return replace(self, tries=self.tries + 1, due_at=now + wait)


def check_usable(card: SavedCard, now: datetime) -> None:
    """Raises Unprocessable for a card whose date has passed."""
    if card.is_expired(now):
        raise Unprocessable(f"the card {card.alias} has expired", code="card_expired")
