"""What happened, told once: the outbox record that webhooks and the catch-up list are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.ids import EventId, MerchantId
from shared.domain.payment import Environment


class EventType(StrEnum):
    SUCCEEDED = "payment_intent.succeeded"
    FAILED = "payment_intent.payment_failed"
    PROCESSING = "payment_intent.processing"
    CANCELED = "payment_intent.canceled"
    REFUNDED = "charge.refunded"
    CHECKOUT_COMPLETED = "checkout.session.completed"
    DISPUTE_CREATED = "charge.dispute.created"
    DISPUTE_UPDATED = "charge.dispute.updated"
    DISPUTE_CLOSED = "charge.dispute.closed"
    ENDPOINT_TEST = "endpoint.test"
    ENDPOINT_DISABLED = "endpoint.disabled"


@dataclass(frozen=True, slots=True)
class Event:
    """``data`` is the flat object of the guide, frozen at the moment; amounts in it are ``Decimal`` major units.

    ``subject`` is the payment's (or dispute's) id and ``sequence`` counts the events of one subject from 1.
    ``notify_url`` is the payment's own webhook address, told beside the merchant's endpoints.
    """

    id: EventId
    type: EventType
    merchant_id: MerchantId
    environment: Environment
    subject: str
    sequence: int
    created_at: datetime
    data: Mapping[str, object]
    notify_url: str | None = None
