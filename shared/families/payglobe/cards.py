"""What the saved card endpoints share: whose cards, which card, and how one is shown."""

from __future__ import annotations

from shared.bootstrap import runtime
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.gateway_name import as_printed
from shared.domain.saved_card import SavedCard, Wallet
from shared.edge.call import Call
from shared.families.payglobe.links import zoneless
from shared.usecases.card.change_wallet import Holder

LONGEST_CUSTOMER_ID = 255


def holder(call: Call) -> Holder:
    return Holder(call.credential.merchant.id, call.credential.environment)


def named_card(call: Call) -> int:
    """The card number in the path. Raises NotFound for what cannot be one."""
    number = call.path("cardId")
    if not (number.isascii() and number.isdigit() and len(number) <= 15):
        raise NotFound("there is no such card")
    return int(number)


def named_customer(call: Call) -> str:
    """The customer in the query. Raises InvalidRequest."""
    customer = optional_customer(call)
    if customer is None:
        raise InvalidRequest("customerId is required", param="customerId")
    return customer


def optional_customer(call: Call) -> str | None:
    text = call.query("customerId")
    if text is None:
        return None
    if not 1 <= len(text.strip()) <= LONGEST_CUSTOMER_ID:
        raise InvalidRequest(f"customerId has 1 to {LONGEST_CUSTOMER_ID} characters", param="customerId")
    return text.strip()


def shown_card(card: SavedCard, wallet: Wallet) -> dict[str, object]:
    """One entry of ``GET /api/token-payment/cards``."""
    return {
        "id": card.number,
        "alias": card.alias,
        "brand": card.brand,
        "last4": card.last4,
        "expiry": card.expiry,
        "expired": card.is_expired(runtime.now()),
        "gateway": as_printed(card.called),
        "isDefault": wallet.is_default(card),
        "lastUsedAt": zoneless(card.last_used_at),
        "usageCount": card.usage_count,
    }
