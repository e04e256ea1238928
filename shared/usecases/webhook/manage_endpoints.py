"""A merchant's webhook endpoints: create, change, rotate the secret, test, pause and resume, delete."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain import ids
from shared.domain.delivery import NOTIFY
from shared.domain.errors import InvalidRequest, NotFound, Unprocessable
from shared.domain.event import EndpointFacts, Event, EventType, Facts
from shared.domain.ids import EndpointId
from shared.domain.merchant import (
    DEFAULT_FORMAT,
    Credential,
    Endpoint,
    EndpointStatus,
    SignatureEncoding,
)
from shared.domain.record import dataclass
from shared.domain.target_url import check_webhook_url
from shared.ports.merchants import Merchants
from shared.ports.webhooks import ReplayTask, WebhookWorld
from shared.usecases.merchant.create_merchant import new_secret
from shared.usecases.webhook.change_endpoint import change_endpoint

MOST_ENDPOINTS: Final = 20
OVERLAP: Final = timedelta(hours=24)
MOST_SECRETS: Final = 3


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """Settings a merchant asks for; None leaves a setting as it is."""

    url: str | None = None
    payload_format: str | None = None
    signature_encoding: SignatureEncoding | None = None
    events: tuple[str, ...] | None = None
    status: EndpointStatus | None = None
    secret: str | None = field(default=None, repr=False)  # of a new one, brought along


def list_endpoints(credential: Credential, *, merchants: Merchants) -> list[Endpoint]:
    known = merchants.endpoints(credential.merchant.id, credential.environment)
    return [endpoint for endpoint in known if endpoint.id != NOTIFY]


def find_endpoint(credential: Credential, endpoint_id: str, *, merchants: Merchants) -> Endpoint:
    """The caller's endpoint. Raises NotFound, also for somebody else's."""
    if endpoint_id == NOTIFY:
        raise NotFound("there is no such webhook endpoint")
    return merchants.endpoint(credential.merchant.id, credential.environment, endpoint_id)


def create_endpoint(
    credential: Credential, wanted: EndpointSettings, *, world: WebhookWorld, seed: bytes
) -> Endpoint:
    """A new endpoint; its secret is shown this once. The same ``seed`` finds the same endpoint again.

    The seed is kept with the Idempotency-Key, so the secret is not made from it.

    Raises InvalidRequest for an address we would not post to, Unprocessable past the twentieth endpoint.
    """
    _check(wanted, DEFAULT_FORMAT, world)
    if len(list_endpoints(credential, merchants=world.merchants)) >= MOST_ENDPOINTS:
        raise Unprocessable(f"a merchant has at most {MOST_ENDPOINTS} endpoints", code="too_many_endpoints")
    secret = new_secret(credential.environment, world.now, world.entropy)
    if wanted.secret is not None:
        secret = replace(secret, value=wanted.secret)
    blank = Endpoint(
        id=EndpointId(f"we_{ids.base32(seed[:10]).lower()}"),
        merchant_id=credential.merchant.id,
        environment=credential.environment,
        url="",
        secrets=(secret,),
        created_at=world.now(),
    )
    endpoint = _changed(blank, wanted)
    there = world.merchants.save_endpoint(endpoint)
    return replace(endpoint, version=1) if there is None else there


def update_endpoint(endpoint: Endpoint, wanted: EndpointSettings, *, world: WebhookWorld) -> Endpoint:
    """Change settings. Enabling sends what was kept meanwhile and forgets past failures."""
    _check(wanted, endpoint.payload_format, world)
    after = change_endpoint(endpoint, lambda current, now: _changed(current, wanted), world=world)
    if wanted.status is EndpointStatus.ENABLED and endpoint.status is not EndpointStatus.ENABLED:
        world.queue.send([ReplayTask(after.merchant_id, after.environment, after.id)])
    return after


def rotate_secret(endpoint: Endpoint, *, world: WebhookWorld) -> Endpoint:
    """A new secret, shown this once; the old one signs beside it for 24 hours."""
    fresh = new_secret(endpoint.environment, world.now, world.entropy)

    def decide(current: Endpoint, now: datetime) -> Endpoint:
        ends = now + OVERLAP
        old = [
            replace(secret, expires_at=min(secret.expires_at or ends, ends))
            for secret in current.secrets
            if secret.expires_at is None or secret.expires_at > now
        ]
        return replace(current, secrets=(fresh, *old)[:MOST_SECRETS])

    return change_endpoint(endpoint, decide, world=world)


def send_test(endpoint: Endpoint, *, world: WebhookWorld, seed: bytes) -> Event:
    """A test event for this endpoint alone, delivered, retried and listed like any other."""
    now = world.now()
    event = Event(
        id=world.event_id(now, seed[:10], endpoint.id),
        type=EventType.ENDPOINT_TEST,
        merchant_id=endpoint.merchant_id,
        environment=endpoint.environment,
        subject=endpoint.id,
        sequence=1,
        created_at=now,
        facts=Facts(endpoint=EndpointFacts(endpoint.id, endpoint.url)),
    )
    world.events.put(event)
    return event


def replay_endpoint(credential: Credential, endpoint_id: str, since: datetime, *, world: WebhookWorld) -> None:
    """Queue again every delivery of the endpoint since then, in pages, in the background."""
    world.queue.send(
        [ReplayTask(credential.merchant.id, credential.environment, endpoint_id, since, until=world.now())]
    )


def _changed(endpoint: Endpoint, wanted: EndpointSettings) -> Endpoint:
    changed = replace(
        endpoint,
        url=wanted.url or endpoint.url,
        payload_format=wanted.payload_format or endpoint.payload_format,
        signature_encoding=wanted.signature_encoding or endpoint.signature_encoding,
        events=endpoint.events if wanted.events is None else wanted.events,
        status=wanted.status or endpoint.status,
    )
    if wanted.status is EndpointStatus.ENABLED and endpoint.status is not EndpointStatus.ENABLED:
        return replace(changed, disabled_reason="", failing_since=None, consecutive_timeouts=0)
    return changed


def _check(wanted: EndpointSettings, present_format: str, world: WebhookWorld) -> None:
    if wanted.url is not None:
        check_webhook_url(wanted.url, "url", allow_private=world.allow_private)
    if wanted.status is EndpointStatus.DISABLED:
        raise InvalidRequest("status can be set to ENABLED or PAUSED", param="status")
    form = world.notices.formats.get(wanted.payload_format or present_format)
    if form is None:
        raise InvalidRequest(f"payloadFormat is one of {', '.join(world.notices.formats)}", param="payloadFormat")
    if not form.names.issuperset(wanted.events or ()):
        raise InvalidRequest(f"events may name {', '.join(sorted(form.names))}", param="events")
