"""What a card gateway can do, as each connector declares it: what cannot work is refused before money moves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shared.domain.errors import Unprocessable
from shared.domain.operation import Kind
from shared.domain.payment import Mode
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.domain.account import Account, Connector
    from shared.domain.payment import Payment

_ITS_OWN_PAGE: Final = "takes cards on its own page alone"
ALL: Final = frozenset({Kind.PREAUTH, Kind.CAPTURE, Kind.VOID, Kind.REFUND, Kind.SALE})


@dataclass(frozen=True, slots=True)
class Abilities:
    """``asks``: the calls of ours whose lost answer it can be asked for; a card page can always be asked about.

    ``repeats``: those that may be made again instead. What is in neither is for a person. ``closes_pages``: a page
    takes no more cards when that is asked for. ``hold_days``: how long a hold stands there. ``partial_capture``: a
    part of a hold can be taken. ``tokens``: a card can be saved and charged again. ``server_to_server``: it takes
    cards that a merchant's server presents. ``keeps_refusals``: asked for a call that it refused, it says so,
    and not only when that is made again. ``shows_cards``: it says which card paid; a wallet does not.
    ``tells_rest``: a capture's answer says what stays held; elsewhere a release of the rest is tried in any case.
    ``refunds_difference``: where no part can be taken, the setting of the connector under which all of a hold is,
    and what is not owed goes back at once.
    ``needs_setting``: presented cards are taken only where this setting of the connector is true.
    ``currencies``: None for whatever ``Money`` can carry.
    """

    asks: frozenset[Kind] = ALL
    repeats: frozenset[Kind] = frozenset()
    closes_pages: bool = True
    hold_days: int = 7
    partial_capture: bool = True
    refunds_difference: str = ""
    tokens: bool = True
    server_to_server: bool = False
    needs_setting: str = ""
    keeps_refusals: bool = True
    shows_cards: bool = True
    tells_rest: bool = True
    currencies: frozenset[str] | None = None

    def check(self, payment: Payment, *, presented: bool = False, lasts: timedelta = timedelta()) -> None:
        """Raises Unprocessable for a new payment that could not be carried through at this gateway.

        ``presented``: its card is in its merchant's hands. ``lasts``: how long the choice of vouchers may take, which
        has to be over well before the hold is.
        """
        if self.currencies is not None and payment.amount.currency not in self.currencies:
            raise Unprocessable(f"the card gateway takes no {payment.amount.currency}", code="currency_not_supported")
        if why := self.cannot(payment.mode):
            raise Unprocessable(f"the card gateway {why}", code="mode_not_supported")
        if payment.mode is Mode.PREAUTH_VOUCHER_CAPTURE and 2 * lasts > timedelta(days=self.hold_days):
            raise Unprocessable("a hold does not outlast the choice of vouchers", code="mode_not_supported")
        if presented and not self.server_to_server:
            raise Unprocessable(f"the card gateway {_ITS_OWN_PAGE}", code="not_supported")

    def cannot(self, mode: Mode) -> str:
        """Why no payment in this mode could be carried through here; empty when it could."""
        if mode is Mode.PREAUTH_VOUCHER_CAPTURE and not (self.partial_capture or self.refunds_difference):
            return "captures no part of a hold"
        if mode is Mode.SALE_WITH_TOKENIZATION and not self.tokens:
            return "saves no cards"
        return ""

    def check_wishes(self, connector: Connector, account: Account) -> None:
        """Raises Unprocessable for what the account's keys may ask for and ``connector``, this gateway, cannot do."""
        name = connector.name
        lacks = [f"{mode}: it {why}" for mode in account.allowed_modes if (why := self.cannot(mode))]
        parts = Mode.PREAUTH_VOUCHER_CAPTURE in account.allowed_modes and not self.partial_capture
        if parts and self.refunds_difference and connector.settings.get(self.refunds_difference) != "true":
            lacks.append(f"{Mode.PREAUTH_VOUCHER_CAPTURE}: its setting {self.refunds_difference} is not true")
        if account.s2s_cards and not self.server_to_server:
            lacks.append(f"s2s-cards: it {_ITS_OWN_PAGE}")
        elif account.s2s_cards and self.needs_setting and connector.settings.get(self.needs_setting) != "true":
            lacks.append(f"s2s-cards: its setting {self.needs_setting} is not true")
        if lacks:
            told = f"{name} cannot do what this merchant may ask for ({'; '.join(lacks)})"
            raise Unprocessable(f"{told}: take it from allowed-modes or s2s-cards first", code="mode_not_supported")
