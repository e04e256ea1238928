"""One attempt of one delivery: claimed before it is sent, recorded after, signed afresh."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from shared.domain.delivery import GONE, NOTIFY, Delivery, DeliveryStatus, Sent
from shared.domain.errors import NotFound
from shared.domain.ids import EndpointId
from shared.domain.merchant import Endpoint, EndpointStatus
from shared.ports import WebhookWorld

FAILING_FOR: Final = timedelta(days=5)  # then an endpoint is switched off, visibly
MOST_TRIES: Final = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """``retry_seconds`` None: the message is done with. ``sent`` None: nothing was sent."""

    delivery: Delivery | None
    retry_seconds: int | None = None
    sent: Sent | None = None


def deliver(delivery_id: str, *, world: WebhookWorld) -> Outcome:
    """Attempt a delivery if it is due and nobody else is at it.

    A duplicate message sends nothing. What the receiver does is recorded, never raised.
    """
    try:
        delivery = world.deliveries.get(delivery_id)
    except NotFound:
        return Outcome(None)
    now = world.now()
    if not delivery.is_open:
        return Outcome(delivery)
    if not delivery.claimable(now):
        return Outcome(delivery, _seconds_until_due(delivery, world))
    endpoint = _endpoint(delivery, world)
    if endpoint is None or endpoint.status is not EndpointStatus.ENABLED:
        return Outcome(delivery)  # kept: it goes out when the endpoint is switched on again
    claimed = delivery.claimed(now)
    if world.deliveries.save(claimed) is not None:
        return Outcome(delivery, _seconds_until_due(delivery, world))
    event = world.events.get(delivery.merchant_id, delivery.environment, delivery.event_id)
    sent = world.sender.post(endpoint.url, world.render(event, endpoint, now))
    recorded = _record(replace(claimed, version=claimed.version + 1), sent, world)
    if delivery.target != NOTIFY:
        _judge(endpoint, sent, world)
    if recorded.status is not DeliveryStatus.RETRYING:
        return Outcome(recorded, sent=sent)
    return Outcome(recorded, _seconds_until_due(recorded, world), sent)


def _endpoint(delivery: Delivery, world: WebhookWorld) -> Endpoint | None:
    """The endpoint as it is now; for a notifyUrl one made up with the merchant's newest secret."""
    if delivery.target != NOTIFY:
        try:
            return world.merchants.endpoint(delivery.merchant_id, delivery.environment, delivery.target)
        except NotFound:
            return None
    endpoints = world.merchants.endpoints(delivery.merchant_id, delivery.environment)
    newest = max((e.secrets[0] for e in endpoints), key=lambda secret: secret.created_at, default=None)
    secret = newest or world.merchants.own_secret(delivery.merchant_id, delivery.environment)
    return Endpoint(
        id=EndpointId(NOTIFY),
        merchant_id=delivery.merchant_id,
        environment=delivery.environment,
        url=delivery.url,
        secrets=(secret,),
        created_at=delivery.created_at,
    )


def _record(delivery: Delivery, sent: Sent, world: WebhookWorld) -> Delivery:
    for _ in range(MOST_TRIES):
        recorded = delivery.after(sent, world.now(), world.interval)
        current = world.deliveries.save(recorded)
        if current is None:
            return replace(recorded, version=recorded.version + 1)
        delivery = current  # a replay came in between: the attempt is recorded on it
    return delivery


def _judge(endpoint: Endpoint, sent: Sent, world: WebhookWorld) -> None:
    """Keep the endpoint's health: since when it fails, and whether it is to be switched off."""
    for _ in range(MOST_TRIES):
        judged = _judged(endpoint, sent, world)
        if judged == endpoint:
            return
        current = world.merchants.save_endpoint(judged)
        if current is None:
            return
        endpoint = current


def _judged(endpoint: Endpoint, sent: Sent, world: WebhookWorld) -> Endpoint:
    now = world.now()
    if sent.delivered:
        return replace(endpoint, failing_since=None, consecutive_timeouts=0)
    timeouts = endpoint.consecutive_timeouts + 1 if sent.error == "timeout" else 0
    failing = replace(endpoint, failing_since=endpoint.failing_since or now, consecutive_timeouts=min(timeouts, 10))
    if sent.status_code == GONE:
        return replace(failing, status=EndpointStatus.DISABLED, disabled_reason="the endpoint answered 410 Gone")
    if failing.failing_since is not None and now - failing.failing_since > FAILING_FOR:
        return replace(failing, status=EndpointStatus.DISABLED, disabled_reason="no attempt succeeded for five days")
    return failing


def _seconds_until_due(delivery: Delivery, world: WebhookWorld) -> int:
    if delivery.next_attempt_at is None:
        return 5
    return max(1, round((delivery.next_attempt_at - world.now()).total_seconds()))
