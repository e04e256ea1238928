"""What every acquirer of a world has: a connector's far side, without a port, and what people can do there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.adapters.notifiers import NOTIFIERS
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.domain.account import Connector
from shared.domain.merchant import OwnConnector
from shared.domain.statuses import DisputeStatus, Source
from shared.ports.inbound import Inbound, Told
from tools.simulator.wire import QuietCircuits, Wire
from tools.testing.builders import MERCHANT, TEST, an_account

if TYPE_CHECKING:
    from shared.adapters.settings import ConnectorSettings
    from shared.domain.abilities import Abilities
    from shared.domain.account import Account
    from shared.domain.payment import Payment
    from shared.ports.books import Books
    from shared.ports.world import Clock, World
    from tools.simulator.storm import Storm
    from tools.testing.far_sides.door import Request
    from tools.testing.far_sides.side import CardFarSide


class Acquirer(ABC):
    """One far side in a world. ``focus`` are calls of its connector that are worth a storm, ``focus_of_answers``
    those that bring a merchant's answer to a dispute."""

    name: ClassVar[str]
    focus: ClassVar[tuple[str, ...]]
    focus_of_answers: ClassVar[tuple[str, ...]] = ()
    signs_bells: ClassVar[bool] = True
    side: CardFarSide

    @abstractmethod
    def answers(self, request: Request) -> Any: ...

    def forges(self, request: Request) -> bytes | None:
        """What somebody else would answer to say that it was done; None where TLS lets nobody answer."""
        return None

    @abstractmethod
    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        """Its own word that the payment was paid, or somebody else's."""

    @abstractmethod
    def takes_a_card(self, payment: Payment) -> bool:
        """Whether the payment's newest page does."""

    @abstractmethod
    def tokens(self) -> set[str]:
        """The saved cards that can be charged there."""

    def disputed(self, payment: Payment) -> tuple[Source, str] | None:
        """What the payment's customer disputes there, and its number; None where it takes no answers."""
        return None

    def bank_says(self, number: str, status: DisputeStatus) -> None:
        """How the dispute stands there from now on."""
        raise NotImplementedError(number)

    def answers_to(self, number: str) -> list[str]:
        """The keys of the answers that it has, each as often as it was given."""
        return []

    def presents(self, number: str) -> str:
        """The card there that does what the sandbox's of ``number`` does."""
        return number

    def at_bank(self, payment: Payment, *, passes: bool) -> object:
        """What the holder of a presented card does at the page of their bank; nothing where there is none."""
        return None

    def types(self, payment: Payment, number: str, world: World) -> object:
        """Where its pages are ours: a card is typed there, and its token handed over."""
        raise NotImplementedError(number)

    # ---- the same for all ----

    @property
    def abilities(self) -> Abilities:
        return CARD_GATEWAYS[self.name](self.side.settings).abilities

    def account(self) -> Account:
        """The merchant's, whose card payments go there."""
        return an_account(card_gateway=Connector(self.name))

    def settings(self, books: Books, now: Clock, storm: Storm) -> ConnectorSettings:
        wire = Wire(log=False, storm=storm, answers=self.answers, forges=self.forges)
        return replace(self.side.settings, books=books, now=now, http=wire, circuits=QuietCircuits(now))

    def heard(self, inbound: Inbound) -> tuple[Told, OwnConnector]:
        """What its notifier makes of a message. Raises Unauthenticated."""
        own = OwnConnector(MERCHANT, TEST, self.name)
        return NOTIFIERS[self.name](OwnSecrets(self.side.settings.credentials, own)).read(inbound), own
