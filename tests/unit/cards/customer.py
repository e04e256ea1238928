"""A customer with saved cards at one shop."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from shared.domain.card import Initiator
from shared.domain.card_data import CardData
from shared.domain.merchant import Credential
from shared.domain.payment import Mode, Payment
from shared.domain.saved_card import SavedCard, Wallet
from shared.ports.connectors import PageOutcome
from shared.usecases.card.change_wallet import Holder, delete_card, set_default
from shared.usecases.card.charge_saved_card import CardOrder, charge_saved_card
from shared.usecases.card.forget_tokens import sweep_discards
from shared.usecases.card.save_card import save_card
from shared.usecases.housekeeping.look_after_payments import sweep
from tests.unit.usecases.moody import MoodyGateways
from tests.unit.usecases.till import VISA, Till
from tools.testing.builders import MERCHANT, TEST, a_credential, euro
from tools.testing.fakes import FakeCards, FakeVault

ADA = "cust_ada"
MINE = Holder(MERCHANT, TEST)


class Customer(Till):
    """``moods`` replaces single methods of the gateway."""

    def __init__(self, **overrides: Any) -> None:
        super().__init__(**overrides)
        self.cards = FakeCards(self.world.payments.uses)
        self.vault = FakeVault()
        self.gateways = MoodyGateways(self.world.gateways, clock=self.world.now)
        object.__setattr__(self.world, "gateways", self.gateways)
        self._charges = count(100)

    @property
    def moods(self) -> dict[str, Any]:
        return self.gateways.moods

    @property
    def ports(self) -> dict[str, Any]:
        return {"world": self.world, "cards": self.cards, "vault": self.vault}

    # ---- what people do ----

    def buys(self, number: str = VISA, expiry: tuple[int, int] = (12, 2030), **order: Any) -> Payment:
        """A sale with tokenization, paid by card."""
        payment = self.open(euro(20_00), Mode.SALE_WITH_TOKENIZATION, **order)
        self.page.submit(payment.page_id, CardData(number, "Ada", *expiry, "123"))
        return self.hear()

    def saves(self, payment: Payment, customer: str = ADA, gateway: str | None = None) -> SavedCard:
        return save_card(payment, customer, gateway, **self.ports)[0]

    def has(self, *numbers: str) -> list[SavedCard]:
        return [self.saves(self.buys(number)) for number in numbers or (VISA,)]

    def pays(
        self,
        card: SavedCard,
        customer: str = ADA,
        *,
        credential: Credential | None = None,
        seed: bytes | None = None,
        repeated: bool = False,
        initiator: Initiator = Initiator.CUSTOMER,
    ) -> Payment:
        order = CardOrder(card.number, customer, euro(50_00), "https://pages.example", "Renewal", "ada@example.com")
        order = replace(order, initiator=initiator)
        seed = seed or next(self._charges).to_bytes(1, "big") * 64
        payment = charge_saved_card(order, credential or a_credential(), **self.ports, seed=seed, repeated=repeated)
        self.id = payment.id
        return payment

    def is_an_account(self, **said: Any) -> None:
        """What paid is no card, the gateway says."""
        account = {"card": None, "account": "a***@example.com", **said}

        def page_outcome(payment: Payment) -> PageOutcome:
            told: PageOutcome = self.gateways.inner.card(payment).page_outcome(payment)
            return replace(told, **account)

        self.moods["page_outcome"] = page_outcome

    def prefers(self, card: SavedCard, customer: str = ADA) -> SavedCard:
        return set_default(card.number, customer, MINE, world=self.world, cards=self.cards)

    def deletes(self, card: SavedCard, customer: str | None = None) -> None:
        delete_card(card.number, customer, MINE, **self.ports)

    # ---- time ----

    def housekeeping(self) -> None:
        sweep(100, world=self.world)

    def tokens_swept(self) -> tuple[int, list[tuple[str, str]]]:
        swept = sweep_discards(100, **self.ports)
        return swept.looked, swept.failed

    # ---- what came of it ----

    @property
    def wallet(self) -> Wallet:
        return self.cards.wallet(MERCHANT, TEST, ADA)

    def sent(self, method: str) -> int:
        """How often the gateway was called."""
        return len(self.gateways.times(method))
