"""Deliver one event to one endpoint: claim the attempt, sign it afresh, post it, record what came of it."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain import signature
from shared.domain.delivery import (
    CLAIM,
    MOST_AT_ONCE_WHEN_SICK,
    NOTIFY,
    SICK_AFTER_TIMEOUTS,
    Delivery,
    Outcome,
    Schedule,
    lane,
)
from shared.domain.errors import NotFound, OfLaterRelease
from shared.domain.event import Event
from shared.domain.ids import EventId
from shared.domain.merchant import Endpoint, Secret, SignatureEncoding
from shared.domain.record import dataclass
from shared.ports.webhooks import DeliveryTask, Signing, WebhookWorld
from shared.usecases.webhook.endpoint_health import note_health
from shared.usecases.webhook.fan_out import is_sick, new_delivery, newest, takes

# A message that waits is in flight, and a queue has room for 120,000 of those: the rest waits in the table.
MOST_WAITING_IN_QUEUE: Final = 100
LONGEST_IN_QUEUE: Final = timedelta(hours=11)  # a message may stay invisible for 12 h from its receipt
# What this release cannot read waits for the one that can, for as long as a queue keeps it: 336 times in two weeks.
FOR_LATER_RELEASE: Final = timedelta(hours=1)
# Far below the queue's own limit, past which a message would be taken for our fault.
MOST_RECEIVES: Final = 500


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a delivery goes, and what it is signed with."""

    url: str
    secrets: tuple[Secret, ...] = field(repr=False)
    endpoint: Endpoint | None  # None for a notifyUrl
    sick: bool

    @property
    def encoding(self) -> SignatureEncoding:
        return self.endpoint.signature_encoding if self.endpoint else SignatureEncoding.BASE64


def deliver(task: DeliveryTask, receives: int, *, world: WebhookWorld) -> int | None:
    """Try the delivery if it is due. None when its message is spent, else the seconds until it is wanted again.

    ``receives`` counts how often the queue handed this message out. A message that came twice, too early, or
    after its delivery was replayed or parked, sends nothing.
    """
    try:
        event = task.event or world.events.get(task.merchant_id, task.environment, task.event_id)
        target = _target(task, event, receives, world)
    except NotFound:
        _abandon(task, world)
        return None
    except OfLaterRelease:
        return int(FOR_LATER_RELEASE.total_seconds())
    delivery = new_delivery(event, task.endpoint_id, target.endpoint, target.url, world)
    if target.endpoint is not None and not takes(target.endpoint, event):
        _hold(delivery, task, world)
        return None
    if not target.sick or _has_waited(task, event, world):
        return _attempt(delivery, task, target, event, receives, world)
    now = world.now()
    slot = world.deliveries.take_slot(delivery, MOST_AT_ONCE_WHEN_SICK, now, now + CLAIM)
    if slot is None:
        return _put_off(delivery, task, receives, world)
    try:
        return _attempt(delivery, task, target, event, receives, world)
    finally:
        world.deliveries.free_slot(delivery, slot)


def _target(task: DeliveryTask, event: Event, receives: int, world: WebhookWorld) -> _Target:
    """Where it goes. The first try may use what a warm worker remembers, if that is as new as the fan-out's."""
    first = task.event is not None and receives == 1
    owner = (task.merchant_id, task.environment)
    if task.endpoint_id != NOTIFY:
        version = task.endpoint_version if first else None
        endpoint = world.remembered.endpoint(*owner, task.endpoint_id, version=version)
        sick = endpoint.consecutive_timeouts >= SICK_AFTER_TIMEOUTS
        return _Target(endpoint.url, endpoint.secrets, endpoint, sick)
    if event.notify_url is None:
        raise NotFound("this event has no address of its own")
    if first and task.signer:
        signer = world.remembered.endpoint(*owner, task.signer, version=task.endpoint_version)
        return _Target(event.notify_url, signer.secrets, None, task.sick)
    if first:
        return _Target(event.notify_url, (world.remembered.own_secret(*owner),), None, task.sick)
    known = world.merchants.endpoints(*owner)
    newest_endpoint = newest(known)
    secrets = newest_endpoint.secrets if newest_endpoint else (world.remembered.own_secret(*owner),)
    return _Target(event.notify_url, secrets, None, is_sick(known, lane(NOTIFY, event.notify_url)))


def _attempt(
    delivery: Delivery, task: DeliveryTask, target: _Target, event: Event, receives: int, world: WebhookWorld
) -> int | None:
    claimed = _claim(delivery, task, event, receives, world)
    if not isinstance(claimed, Delivery):
        return claimed
    form = world.notices.of(event, target.endpoint)
    began = world.now()
    secrets = signature.valid_secrets(target.secrets, began)
    signing = Signing(event, claimed.id, target.url, secrets, target.encoding, began)
    outcome = world.sender.send(form.render(signing))
    schedule = form.schedule(world.interval_seconds, task.environment)
    wait = _record(claimed, outcome, began, schedule, receives, world)
    note_health(target.endpoint, claimed, outcome, was_sick=target.sick, world=world)
    return wait


def _claim(
    delivery: Delivery, task: DeliveryTask, event: Event, receives: int, world: WebhookWorld
) -> Delivery | int | None:
    """The delivery, ours for one attempt; or what to do with the message instead."""
    now = world.now()
    current: Delivery | None
    if task.round == 0:
        claimed = delivery.claimed(now)
        current = world.deliveries.create(claimed, event if task.sole and receives == 1 else None)
        if current is None:
            return replace(claimed, version=1)
    else:
        current = _stored(task, world)
    while current is not None:
        if not _is_ours(current, task):
            return None
        if current.is_claimed(now):
            return _seconds(current.claimed_until, now) + 1
        if current.is_early(now):
            return _wait(current, current.next_attempt_at, receives, world)
        claimed = replace(current.claimed(now), url=delivery.url)
        current = world.deliveries.save(claimed)
        if current is None:
            return replace(claimed, version=claimed.version + 1)
    return None


def _record(
    claimed: Delivery,
    outcome: Outcome,
    began: datetime,
    schedule: Schedule,
    receives: int,
    world: WebhookWorld,
) -> int | None:
    """Write the attempt down, onto whatever the delivery has become. Returns what to do with the message."""
    current: Delivery | None = claimed
    while current is not None:
        now = world.now()
        after = current.attempted(outcome, began, now, schedule)
        if outcome.gone and claimed.endpoint_id == NOTIFY:
            after = after.abandoned()
        following = after.next_attempt_at
        park = following is not None and _is_too_long(after, following, receives, now, world)
        if park and following is not None:
            after = after.parked(following)
        moved = current.round != claimed.round  # replayed meanwhile: that has a message of its own
        current = world.deliveries.save(after)
        if current is None:
            return None if following is None or park or moved else _seconds(following, now)
    return None


def _is_too_long(delivery: Delivery, until: datetime, receives: int, now: datetime, world: WebhookWorld) -> bool:
    if until - now > LONGEST_IN_QUEUE or receives > MOST_RECEIVES:
        return True
    return world.deliveries.count_open(delivery, MOST_WAITING_IN_QUEUE + 1) > MOST_WAITING_IN_QUEUE


def _wait(delivery: Delivery, until: datetime | None, receives: int, world: WebhookWorld) -> int | None:
    """Wait in the queue, or when that is too long or too often, in the table."""
    now = world.now()
    until = until or now
    if until - now <= LONGEST_IN_QUEUE and receives <= MOST_RECEIVES:
        return _seconds(until, now)
    return None if world.deliveries.save(delivery.parked(until)) is None else 1


def _has_waited(task: DeliveryTask, event: Event, world: WebhookWorld) -> bool:
    """The limit on a sick endpoint never moves an attempt by more than one interval."""
    since = event.created_at
    if task.round > 0 or world.now() - since > timedelta(seconds=world.interval_seconds):
        stored = _stored(task, world)
        since = since if stored is None else stored.next_attempt_at or stored.created_at
    return world.now() - since > timedelta(seconds=world.interval_seconds)


def _put_off(delivery: Delivery, task: DeliveryTask, receives: int, world: WebhookWorld) -> int | None:
    """Come back in a few seconds, later each time: uncounted, and not all at the same moment."""
    seconds = min(receives, 4) * (2 + world.entropy(1)[0] % 6)
    seconds = min(seconds, max(2, world.interval_seconds // 2))
    if receives <= MOST_RECEIVES:
        return seconds
    until = world.now() + timedelta(seconds=seconds)
    current = world.deliveries.create(delivery.parked(until)) if task.round == 0 else _stored(task, world)
    if current is None or not _is_ours(current, task):
        return None
    return _wait(current, until, receives, world)


def _hold(delivery: Delivery, task: DeliveryTask, world: WebhookWorld) -> None:
    """Keep the delivery for the day its endpoint is enabled again."""
    now = world.now()
    current = world.deliveries.create(delivery.kept(now)) if task.round == 0 else _stored(task, world)
    while current is not None and _is_ours(current, task) and not current.held and not current.is_claimed(now):
        current = world.deliveries.save(current.kept(now))


def _abandon(task: DeliveryTask, world: WebhookWorld) -> None:
    current = _stored(task, world)
    while current is not None and current.is_open:
        current = world.deliveries.save(current.abandoned())


def _stored(task: DeliveryTask, world: WebhookWorld) -> Delivery | None:
    try:
        return world.deliveries.get(task.merchant_id, task.environment, task.endpoint_id, EventId(task.event_id))
    except NotFound:
        return None


def _is_ours(delivery: Delivery, task: DeliveryTask) -> bool:
    """Whether this message still speaks for the delivery: it is not over, and was not queued anew."""
    return delivery.is_open and task.round >= delivery.round


def _seconds(until: datetime | None, now: datetime) -> int:
    """Whole seconds until then, rounded up, at least one: a message back too early would only wait again."""
    return 1 if until is None else max(1, -int((now - until).total_seconds() // 1))
