"""Webhook endpoints, their deliveries, and the list of events."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.merchant import EndpointStatus, SignatureEncoding
from shared.families.payglobe.webhook_bodies import PayloadFormat


class EndpointView(BaseModel):
    id: str
    url: str
    status: EndpointStatus
    payloadFormat: PayloadFormat | Literal["paygol"]
    signatureEncoding: SignatureEncoding
    events: list[str]
    createdAt: str
    failingSince: str | None
    disabledReason: str | None
    previousSecretExpiresAt: str | None


class EndpointReply(EndpointView):
    success: bool


class EndpointWithSecret(EndpointReply):
    secret: str = Field(description="Shown this once")


class AttemptView(BaseModel):
    at: str
    statusCode: int | None
    durationMs: int
    error: str | None
    responseExcerpt: str | None
    nextAttemptAt: str | None


class DeliveryView(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    eventId: str
    eventType: str
    endpointId: str
    url: str
    status: Literal["PENDING", "DELIVERED", "RETRYING", "EXHAUSTED"]
    held: bool
    createdAt: str
    nextAttemptAt: str | None
    attempts: list[AttemptView]


class Deleted(BaseModel):
    success: bool
    id: str
    deleted: bool


class TestSent(BaseModel):
    success: bool
    eventId: str
    deliveryId: str


class DeliveryList(BaseModel):
    success: bool
    deliveries: list[DeliveryView]
    nextCursor: str | None


class PaymentDeliveries(BaseModel):
    success: bool
    deliveries: list[DeliveryView]


class ReplayStarted(BaseModel):
    success: bool
    endpointId: str
    since: str


class EndpointList(BaseModel):
    success: bool
    webhooks: list[EndpointView]


class EventView(BaseModel):
    id: str
    type: str
    subject: str
    sequence: int
    createdAt: str
    data: dict[str, Any]


class EventList(BaseModel):
    success: bool
    events: list[EventView]
    hasMore: bool


class ReplayReply(DeliveryView):
    success: bool


class BellReply(BaseModel):
    received: Literal[True]
