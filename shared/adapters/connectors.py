"""Finds the card gateway, voucher or method provider of a payment, or the gateway of a saved card, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.adapters.settings import ConnectorSettings
from shared.domain.errors import GatewayNotConfigured
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.ports.connectors import CardGateway, VoucherProvider

if TYPE_CHECKING:
    from shared.domain.saved_card import SavedCard
    from shared.ports.methods import MethodProvider


@dataclass(frozen=True, slots=True)
class Connectors:
    """The port ``Gateways`` over the registries."""

    settings: ConnectorSettings

    def card(self, payment: Payment | SavedCard) -> CardGateway:
        build = CARD_GATEWAYS.get(payment.gateway)
        if build is None:
            raise GatewayNotConfigured(f"there is no card gateway named {payment.gateway}")
        return build(self.settings)

    def voucher(self, payment: Payment, name: str) -> VoucherProvider:
        from shared.adapters.voucher_providers import VOUCHER_PROVIDERS  # only what vouchers pay asks one

        build = VOUCHER_PROVIDERS.get(name)
        if build is None:
            raise GatewayNotConfigured("no voucher provider is configured for this merchant")
        return build(self.settings)

    def method(self, payment: Payment) -> MethodProvider:
        from shared.adapters.method_providers import METHOD_PROVIDERS  # few payments are by a method

        build = METHOD_PROVIDERS.get(payment.provider)
        if build is None:
            raise GatewayNotConfigured("no method provider is configured for this merchant")
        return build(self.settings)
