"""What a merchant has in one environment: its connectors, what its keys may do, and how often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.errors import GatewayNotConfigured, InvalidRequest
from shared.domain.mode import CARD_MODES, Environment, Mode
from shared.domain.money import Money
from shared.domain.record import dataclass

SANDBOX: Final = "sandbox"


class Role(StrEnum):
    """What a connector does for an account."""

    CARD_GATEWAY = "card gateway"
    VOUCHER_PROVIDER = "voucher provider"
    METHOD_PROVIDER = "method provider"


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector by name. ``settings`` are the public ones; its credentials lie elsewhere, found by merchant,
    environment and this name. ``id`` is 128 random bits that the address ends with at which its other side rings;
    empty for one that nobody has set up."""

    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    changed_at: datetime | None = None
    id: str = field(default="", repr=False)
    secrets: tuple[str, ...] = ()  # the names of those that were set
    account: str = ""  # whose it is at its other side, as that told when it was set up; empty: it did not say


@dataclass(frozen=True, slots=True)
class Limits:
    """What each publishable key may cause in a minute: anybody can take it from the shop's page."""

    payments_a_minute: int = 6000
    declines_a_minute: int = 300  # of cards, over all payments that the key created


@dataclass(frozen=True, slots=True)
class Account:
    """One environment of a merchant. A connector that is None is not configured there.

    Vouchers may be of several issuers: ``more_providers`` are asked after ``voucher_provider``, in their order.
    ``inactive`` are connectors that take no new payments; those that began there go on, with their credentials.
    """

    card_gateway: Connector | None = None
    voucher_provider: Connector | None = None
    method_provider: Connector | None = None
    inactive: Mapping[str, Connector] = field(default_factory=dict)
    default_mode: Mode = Mode.PREAUTH_VOUCHER_CAPTURE
    allowed_modes: tuple[Mode, ...] = CARD_MODES  # of card payments; a method needs a method provider instead
    origins: tuple[str, ...] = ()  # who may frame the checkout; empty: anyone over https
    notify_hosts: tuple[str, ...] = ()  # where a publishable key may have notices sent; empty: anywhere
    callback_hosts: tuple[str, ...] = ()  # where it may send the customer's browser; empty: anywhere
    limits: Limits = Limits()
    receipts: bool = True  # whether its customers get mails about their payments
    s2s_cards: bool = False  # whether its server may send card data itself
    more_providers: tuple[Connector, ...] = ()
    needs_voucher_amount: bool = False  # whether who begins a payment must say what of it vouchers may pay

    def known(self) -> Iterator[Connector]:
        """All that payments of this account may be at: the active ones of each role, and those that were."""
        for role in Role:
            yield from self.active(role)
        yield from self.inactive.values()

    def active(self, role: Role) -> tuple[Connector, ...]:
        """The connectors that new payments may go to, the first one first. Of issuers there may be several."""
        one: Connector | None = getattr(self, role.value.replace(" ", "_"))
        more = self.more_providers if role is Role.VOUCHER_PROVIDER else ()
        return (() if one is None else (one,)) + more

    def gateway(self) -> str:
        """The name of the card gateway that new payments go to. Raises GatewayNotConfigured."""
        if self.card_gateway is None:
            raise GatewayNotConfigured("no card gateway is configured for this key's environment")
        return self.card_gateway.name

    @property
    def provider(self) -> str:
        """The name of the voucher provider; empty where none is configured."""
        return self.voucher_provider.name if self.voucher_provider else ""

    @property
    def other_providers(self) -> tuple[str, ...]:
        """The names of those that issue vouchers beside ``provider``."""
        return tuple(connector.name for connector in self.more_providers)

    def connectors(self, mode: Mode) -> tuple[str, str]:
        """The names of the card gateway and of the provider that a new payment in ``mode`` goes to.

        Before its method is chosen a payment may go to either. Raises GatewayNotConfigured.
        """
        if mode is not Mode.ALTERNATIVE:
            return self.gateway(), self.provider
        if self.method_provider is None and self.card_gateway is None:
            raise GatewayNotConfigured("no payment method is configured for this environment")
        gateway, provider = self.card_gateway, self.method_provider
        return gateway.name if gateway else "", provider.name if provider else ""

    def check_voucher_amount(self, mode: Mode, most: Money | None) -> None:
        """Raises InvalidRequest where vouchers may pay and it must be said how much of it, and was not."""
        if self.needs_voucher_amount and mode.has_flow and most is None:
            raise InvalidRequest(
                "maxVoucherAmount is needed: say what of the amount meal vouchers may pay, 0 for nothing",
                code="voucher_amount_required",
                param="maxVoucherAmount",
            )

    def mode(self, wanted: Mode | None) -> Mode:
        """The mode of a new payment. Raises InvalidRequest for one that is not enabled."""
        mode = wanted or self.default_mode
        if mode not in self.allowed_modes:
            raise InvalidRequest(f"paymentMode {mode} is not enabled for this merchant", param="paymentMode")
        return mode


def new_accounts() -> dict[str, Account]:
    """What a new merchant has: the sandbox in test, nothing that could charge in live."""
    here = Connector(SANDBOX)
    sandbox = Account(card_gateway=here, voucher_provider=here, method_provider=here)
    return {Environment.TEST.value: sandbox, Environment.LIVE.value: Account()}
