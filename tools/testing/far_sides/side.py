"""What a far side is: a connector's settings, what people do there, the switch, and its own books."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.adapters.settings import ConnectorSettings
    from shared.domain.card_data import CardData
    from shared.domain.method import MethodKind
    from shared.domain.money import Money
    from shared.domain.payment import Payment
    from tools.testing.fakes import FixedClock
    from tools.testing.far_sides.switch import Switch


@dataclass(frozen=True, slots=True)
class CardBook:
    """Where a payment's money stands at the acquirer, whatever anybody was told."""

    held: Money
    captured: Money
    refunded: Money


@dataclass(frozen=True, slots=True)
class Presentable:
    """Cards for a gateway's door that takes them from a merchant's server.

    Its holders are asked for a ``code``, by two of the cards, or go to a page of their bank; None: not there.
    """

    plain: CardData
    refused: CardData
    not_taken: CardData
    with_code: CardData | None = None
    refused_after_code: CardData | None = None
    code: str = field(default="", repr=False)
    most_codes: int = 3
    with_bank: CardData | None = None


@dataclass(frozen=True, slots=True)
class VoucherBook:
    """``spent`` is what is spent of the voucher now, after what was given back; ``notices`` counts notifications."""

    spent: Money
    notices: int


@dataclass(frozen=True, slots=True)
class MethodBook:
    """How often a payment was begun at its provider, what came for it and what went back."""

    begun: int
    received: Money
    refunded: Money


class CardFarSide(Protocol):
    """An acquirer, with customers on its card pages. ``settings`` leads a connector to it.

    ``pages_are_ours``: it hears of a payment only when its card is charged, and of a page not at all.
    """

    settings: ConnectorSettings
    presentable: Presentable | None  # None: it has no such door
    pages_are_ours: bool

    @property
    def switch(self) -> Switch: ...

    def close(self) -> None:
        """Nothing of it runs any more."""
        ...

    def approve(self, payment: Payment) -> bool:
        """The customer pays on the payment's page; False when the page takes no card any more."""
        ...

    def approve_holding_on(self, payment: Payment) -> bool:
        """The customer pays, and a part that is captured leaves the rest held; False where that cannot happen."""
        ...

    def approve_another_amount(self, payment: Payment) -> bool:
        """The customer pays, and the acquirer has the amount wrong; False where that cannot happen."""
        ...

    def agree(self, payment: Payment) -> bool:
        """The customer agrees, and to hold the money is left to us; False where the acquirer does that itself."""
        ...

    def hesitate(self, payment: Payment, *, approves: bool) -> bool:
        """The customer's bank is undecided, and will approve or not; False where that cannot happen."""
        ...

    def approve_booked_later(self, payment: Payment, *, stands: bool) -> bool:
        """The customer pays; what is captured is only accepted at first, and stands or is returned in the end.

        False where that cannot happen.
        """
        ...

    def decide(self, payment: Payment) -> None:
        """The bank has made up its mind."""
        ...

    def decline(self, payment: Payment) -> bool:
        """The customer's card is declined on the page; False where only the customer hears of it."""
        ...

    def leave(self, payment: Payment) -> bool:
        """The customer cancels on the page; False where that only leads the browser back."""
        ...

    def let_go(self, payment: Payment) -> None:
        """The hold ends at the bank, as holds do after some days."""
        ...

    def book(self, payment: Payment) -> CardBook: ...


@runtime_checkable
class BankFarSide(Protocol):
    """One whose holders of presented cards go to a page of their bank."""

    def been_to_bank(self, payment: Payment, *, passes: bool) -> bool:
        """What the holder did there; False when nobody waits for them."""
        ...


@runtime_checkable
class SigningFarSide(Protocol):
    """One that signs what it answers."""

    def signs_wrongly(self, wrong: bool) -> None:
        """From now on its replies bear somebody else's signature, or its own again."""
        ...


@runtime_checkable
class WaitingFarSide(Protocol):
    """One that only accepts some refunds at first."""

    def accepts_refunds(self) -> None:
        """From now on a refund is only accepted, and counted in its book as it was asked for."""
        ...

    def decides_refunds(self, *, stands: bool) -> None:
        """What was accepted is paid out, or comes back."""
        ...


class VoucherFarSide(Protocol):
    """An issuer of vouchers. Codes are made to order, each used once."""

    settings: ConnectorSettings
    clock: FixedClock

    @property
    def switch(self) -> Switch: ...

    def close(self) -> None:
        """Nothing of it runs any more."""
        ...

    def voucher(self, cents: int) -> str:
        """A code worth so much, of which a part can be given back where its issuer does that at all."""
        ...

    def whole_voucher(self, cents: int) -> str | None:
        """One that is given back whole or not at all; None where there is no such thing."""
        ...

    def passing_voucher(self, cents: int) -> str | None:
        """One that is given back for a while only, by its ``clock``; None where there is no such thing."""
        ...

    def bad_voucher(self) -> str:
        """A code that the issuer refuses."""
        ...

    def book(self, payment: Payment, otp: str) -> VoucherBook: ...


@dataclass(frozen=True, slots=True)
class Offer:
    """A method of a provider. ``gives_back``: what came by it can go back."""

    method: str
    currency: str = "EUR"
    gives_back: bool = True


class MethodFarSide(Protocol):
    """A provider of methods, with customers who pay elsewhere.

    ``offers`` has a method of each kind that there is. ``in_parts``: a part of the money can come, or more than once,
    or late. ``keeps_refusals``: asked for a refund that it refused, it says so.
    """

    offers: Mapping[MethodKind, Offer]
    in_parts: bool
    keeps_refusals: bool
    settings: ConnectorSettings

    @property
    def switch(self) -> Switch: ...

    def receive(self, payment: Payment, amount: Money) -> bool:
        """So much money comes, when it comes; False where the provider takes none any more."""
        ...

    def reject(self, payment: Payment) -> None:
        """The customer's bank says no."""
        ...

    def fail(self, payment: Payment) -> None: ...

    def wait(self, seconds: float) -> None:
        """Time passes there."""
        ...

    def close(self) -> None:
        """Nothing of it runs any more."""
        ...

    def book(self, payment: Payment) -> MethodBook: ...
