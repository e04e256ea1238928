"""What of a merchant still needs a connector: payments that are open or can be given back, and saved cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.domain.course import page_is_watched
from shared.domain.payment import PAID, Environment, Payment

if TYPE_CHECKING:
    from shared.domain.ids import MerchantId
    from shared.ports.cards import Cards
    from shared.ports.payments import Payments

_AT_ONCE: Final = 100


def in_use(
    merchant_id: MerchantId, environment: Environment, name: str, *, payments: Payments, cards: Cards
) -> str | None:
    """What needs the connector, in words for an operator; None when nothing does. It looks through all payments."""
    cursor: str | None = None
    while True:
        found, cursor = payments.of_merchant(merchant_id, environment, limit=_AT_ONCE, cursor=cursor)
        for payment in found:
            if name in (payment.gateway, *payment.issuers) and _needs_its_gateway(payment):
                return f"payment {payment.id} is {payment.status}"
        if cursor is None:
            break
    return "cards are saved there" if cards.any_at(merchant_id, environment, name) else None


def _needs_its_gateway(payment: Payment) -> bool:
    """Whether anything may still be asked, released or given back there; what is disputed may come back too."""
    asks = payment.open_operations() or payment.open_legs or page_is_watched(payment)
    return bool(asks) or not payment.is_final or (payment.status in PAID and bool(payment.kept))
