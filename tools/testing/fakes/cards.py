"""Saved cards in memory, and a vault whose seals show whom they were made for."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from shared.domain.errors import NotFound, Unavailable
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.domain.saved_card import Discard, SavedCard, Wallet
from shared.ports.cards import WalletChange
from tools.testing.fakes.payments import Uses

Place = tuple[MerchantId, Environment, str]


class FakeCards:
    """The port ``Cards``. ``uses`` are those that the payments count, as in the table."""

    def __init__(self, uses: Uses | None = None) -> None:
        self.discards: dict[str, Discard] = {}
        self._uses: Uses = {} if uses is None else uses
        self._wallets: dict[Place, Wallet] = {}
        self._owners: dict[tuple[MerchantId, Environment, int], str] = {}
        self._last: dict[tuple[MerchantId, Environment], int] = {}
        self._lock = threading.RLock()

    def wallet(self, merchant_id: MerchantId, environment: Environment, customer_id: str) -> Wallet:
        place = (merchant_id, environment, customer_id)
        with self._lock:
            wallet = self._wallets.get(place, Wallet(*place))
            return replace(wallet, cards=tuple(self._used(card) for card in wallet.cards))

    def customer_of(self, merchant_id: MerchantId, environment: Environment, number: int) -> str:
        with self._lock:
            found = self._owners.get((merchant_id, environment, number))
        if found is None:
            raise NotFound("there is no such card")
        return found

    def last_number(self, merchant_id: MerchantId, environment: Environment) -> int:
        with self._lock:
            return self._last.get((merchant_id, environment), 0)

    def any_at(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> bool:
        with self._lock:
            kept = [card for wallet in self._wallets.values() for card in wallet.cards]
            cards = [*kept, *(discard.card for discard in self.discards.values())]
        wanted = (merchant_id, environment, gateway)
        return any((card.merchant_id, card.environment, card.gateway) == wanted for card in cards)

    def save(self, change: WalletChange) -> Wallet | None:
        wallet = change.wallet
        mine = (wallet.merchant_id, wallet.environment)
        with self._lock:
            there = self.wallet(*mine, wallet.customer_id)
            number_taken = change.added is not None and change.added != self.last_number(*mine) + 1
            if there.version != wallet.version or number_taken:
                return there
            self._wallets[*mine, wallet.customer_id] = replace(wallet, version=wallet.version + 1)
            if change.added is not None:
                self._last[mine] = change.added
                self._owners[*mine, change.added] = wallet.customer_id
            if change.deleted is not None:
                self._owners.pop((*mine, change.deleted), None)
            self.discards |= {discard.id: discard for discard in change.discards}
            return None

    def due(self, now: datetime, limit: int) -> list[Discard]:
        with self._lock:
            waiting = sorted(self.discards.values(), key=lambda discard: discard.due_at)
        return [discard for discard in waiting if discard.due_at <= now][:limit]

    def postpone(self, discard: Discard) -> None:
        with self._lock:
            if discard.id in self.discards:
                self.discards[discard.id] = discard

    def discarded(self, discard: Discard) -> None:
        with self._lock:
            self.discards.pop(discard.id, None)

    def _used(self, card: SavedCard) -> SavedCard:
        count, last = self._uses.get((card.merchant_id, card.environment, card.customer_id, card.number), (0, None))
        return replace(card, usage_count=count, last_used_at=last)


class FakeVault:
    """The port ``Vault``. Nothing is hidden by it; what is sealed opens for the same context only."""

    def __init__(self) -> None:
        self.down = False

    def seal(self, secret: str, context: Mapping[str, str]) -> str:
        self._check()
        return f"{sorted(context.items())}|{secret[::-1]}"

    def open(self, sealed: str, context: Mapping[str, str]) -> str:
        self._check()
        made_for, _, secret = sealed.rpartition("|")
        if made_for != str(sorted(context.items())):
            raise ValueError("sealed for another context")
        return secret[::-1]

    def _check(self) -> None:
        if self.down:
            raise Unavailable("the vault does not answer")
