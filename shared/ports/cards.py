"""Saved cards' storage, and the vault of their tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from shared.domain.ids import MerchantId
    from shared.domain.payment import Environment
    from shared.domain.saved_card import Discard, Wallet


@dataclass(frozen=True, slots=True)
class WalletChange:
    """One atomic write: the wallet (guarded by its version), a number newly taken or given up, tokens to delete.

    ``added`` is taken only if it is the next number of this merchant and environment.
    """

    wallet: Wallet
    added: int | None = None
    deleted: int | None = None
    discards: tuple[Discard, ...] = ()


class Cards(Protocol):
    """Customers' saved cards, and the tokens that are still to be deleted at a gateway."""

    def wallet(self, merchant_id: MerchantId, environment: Environment, customer_id: str) -> Wallet:
        """A customer's cards with their uses (consistent read); an empty wallet if there are none."""
        ...

    def customer_of(self, merchant_id: MerchantId, environment: Environment, number: int) -> str:
        """The customer whose card this is. Raises NotFound."""
        ...

    def last_number(self, merchant_id: MerchantId, environment: Environment) -> int:
        """The last card number given out; 0 before the first."""
        ...

    def any_at(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> bool:
        """Whether a card is saved at a gateway, or its token still to be deleted there: for operators, it looks
        through all."""
        ...

    def save(self, change: WalletChange) -> Wallet | None:
        """Write ``change`` if the wallet's version is unchanged and the number still free; stores version + 1.

        None when written, else the wallet as it is: decide again on that, with a new number.
        """
        ...

    def due(self, now: datetime, limit: int) -> list[Discard]:
        """Tokens to delete whose ``due_at`` has passed, oldest first (eventually consistent)."""
        ...

    def postpone(self, discard: Discard) -> None:
        """Note a try and when the next is due, if the token is still to be deleted."""
        ...

    def discarded(self, discard: Discard) -> None:
        """The gateway confirmed: forget the token. May be repeated."""
        ...


class Vault(Protocol):
    """Encryption of short secrets. ``context`` must be the same for both; it is not secret.

    Raises Unavailable when the service does not answer.
    """

    def seal(self, secret: str, context: Mapping[str, str]) -> str: ...

    def open(self, sealed: str, context: Mapping[str, str]) -> str: ...
