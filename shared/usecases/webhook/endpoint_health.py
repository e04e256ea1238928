"""What an attempt says about its endpoint: sick after time-outs, disabled after a 410 or days of failure."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from shared.domain.delivery import DISABLED_AFTER, MOST_HUNG_HOSTS, NOTIFY, SICK_AFTER_TIMEOUTS, Delivery, Outcome
from shared.domain.errors import NotFound, StaleWrite
from shared.domain.event import EndpointFacts, Event, EventType, Facts
from shared.domain.ids import EndpointId
from shared.domain.merchant import Endpoint, EndpointStatus
from shared.ports.messages import Message
from shared.ports.webhooks import WebhookWorld
from shared.usecases.webhook.change_endpoint import change_endpoint

GONE = "The endpoint answered 410 Gone"
FAILING = "Every delivery has failed for five days"


def note_health(
    endpoint: Endpoint | None, delivery: Delivery, outcome: Outcome, *, was_sick: bool, world: WebhookWorld
) -> None:
    """Write down what changed about the endpoint, if anything did. A healthy one costs no call."""
    if endpoint is None:
        if outcome.hung or was_sick:
            _note_notify(delivery, outcome, world)
        return
    disabled: list[bool] = []

    def decide(current: Endpoint, now: datetime) -> Endpoint:
        after = _after(current, outcome, now)
        disabled[:] = [after.status is not current.status]
        return after

    after = _noted(endpoint, decide, world)
    if after is not None and any(disabled):
        _tell(after, world)


def _after(endpoint: Endpoint, outcome: Outcome, now: datetime) -> Endpoint:
    if outcome.delivered:
        return replace(endpoint, failing_since=None, consecutive_timeouts=0)
    timeouts = min(endpoint.consecutive_timeouts + 1, SICK_AFTER_TIMEOUTS) if outcome.hung else 0
    failing = replace(endpoint, failing_since=endpoint.failing_since or now, consecutive_timeouts=timeouts)
    if endpoint.status is not EndpointStatus.ENABLED:
        return failing
    if outcome.gone:
        return replace(failing, status=EndpointStatus.DISABLED, disabled_reason=GONE)
    if failing.failing_since and now - failing.failing_since >= DISABLED_AFTER:
        return replace(failing, status=EndpointStatus.DISABLED, disabled_reason=FAILING)
    return failing


def _noted(
    endpoint: Endpoint, decide: Callable[[Endpoint, datetime], Endpoint], world: WebhookWorld
) -> Endpoint | None:
    """The endpoint as it is then. None for one that was deleted, or that too many write: the next attempt says more.

    The attempt itself is on record already; its message must not fail for this.
    """
    with suppress(NotFound, StaleWrite):
        return change_endpoint(endpoint, decide, world=world)
    return None


def _note_notify(delivery: Delivery, outcome: Outcome, world: WebhookWorld) -> None:
    """Hosts of notifyUrls have no settings and are never disabled; one record, read with the endpoints, has all.

    It keeps the hosts that began to hang last. A forgotten one is as healthy as one that nobody has named before.
    """
    try:
        record = world.merchants.endpoint(delivery.merchant_id, delivery.environment, NOTIFY)
    except NotFound:
        record = Endpoint(
            EndpointId(NOTIFY), delivery.merchant_id, delivery.environment, url="", secrets=(), created_at=world.now()
        )

    def decide(current: Endpoint, now: datetime) -> Endpoint:
        known = current.timeouts_by_lane
        timeouts = min(known.get(delivery.lane, 0) + 1, SICK_AFTER_TIMEOUTS) if outcome.hung else 0
        if timeouts == known.get(delivery.lane, 0):
            return current
        hung = {lane: count for lane, count in known.items() if lane != delivery.lane}
        if timeouts:
            hung[delivery.lane] = timeouts
        return replace(current, timeouts_by_lane=dict(list(hung.items())[-MOST_HUNG_HOSTS:]))

    _noted(record, decide, world)


def _tell(endpoint: Endpoint, world: WebhookWorld) -> None:
    """An e-mail to the merchant, and an event for its other endpoints."""
    now = world.now()
    merchant = world.merchants.get(endpoint.merchant_id)
    message = Message(
        kind="endpoint_disabled",
        channel="email",
        to=merchant.email or "",
        subject="A webhook endpoint was disabled",
        text=(
            f"{endpoint.url} takes no more webhooks: {endpoint.disabled_reason}.\n\n"
            "Events are kept meanwhile. When the endpoint works again, set its status to ENABLED and they are "
            "sent to it."
        ),
    )
    key = f"{endpoint.id}:disabled:{endpoint.version}"
    world.messenger.send(message, endpoint.merchant_id, endpoint.environment, key)
    world.events.put(
        Event(
            id=world.event_id(now, world.entropy(10), endpoint.id),
            type=EventType.ENDPOINT_DISABLED,
            merchant_id=endpoint.merchant_id,
            environment=endpoint.environment,
            subject=endpoint.id,
            sequence=1,
            created_at=now,
            facts=Facts(endpoint=EndpointFacts(endpoint.id, endpoint.url, endpoint.disabled_reason)),
        )
    )
