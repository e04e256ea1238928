"""What the webhook endpoints share: the caller's own endpoint and delivery, and how they are shown."""

from __future__ import annotations

from datetime import UTC, datetime

from shared.bootstrap import core, webhooks
from shared.domain.delivery import NOTIFY, Delivery, parts_of
from shared.domain.errors import Conflict, InvalidRequest, NotFound
from shared.domain.merchant import Endpoint
from shared.domain.outside import utc_moment
from shared.edge.call import Call
from shared.usecases.webhook.manage_endpoints import find_endpoint


def own_endpoint(call: Call) -> Endpoint:
    """The endpoint named in the path, if it is the caller's. Raises NotFound."""
    return find_endpoint(call.credential, call.path("id"), merchants=core.merchants())


def changeable_endpoint(call: Call) -> Endpoint:
    """The same, for a change or its end. Raises Conflict for a service's: it goes with its service."""
    mine = own_endpoint(call)
    if mine.service:
        raise Conflict("this endpoint belongs to a service, and is changed with it", code="belongs_to_service")
    return mine


def own_endpoint_id(call: Call) -> str:
    """The same, or ``notify``: the deliveries to the notifyUrl of single payments."""
    return NOTIFY if call.path("id") == NOTIFY else own_endpoint(call).id


def own_delivery(call: Call) -> Delivery:
    """The delivery named in the path, if it is the caller's. Raises NotFound."""
    parts = parts_of(call.path("id"))
    if parts is None:
        raise NotFound("there is no such delivery")
    caller = call.credential
    return webhooks.deliveries().get(caller.merchant.id, caller.environment, *parts)


def shown_endpoint(endpoint: Endpoint, *, with_secret: bool = False) -> dict[str, object]:
    """An endpoint as the API shows it. The secret appears where it was just made, and nowhere else."""
    view: dict[str, object] = {
        "id": endpoint.id,
        "url": endpoint.url,
        "status": endpoint.status.value,
        "payloadFormat": endpoint.payload_format.partition(".")[0],
        "signatureEncoding": endpoint.signature_encoding.value,
        "events": list(endpoint.events),
        "createdAt": stamp(endpoint.created_at),
        "failingSince": stamp(endpoint.failing_since),
        "disabledReason": endpoint.disabled_reason or None,
        "previousSecretExpiresAt": stamp(endpoint.secrets[1].expires_at) if len(endpoint.secrets) > 1 else None,
    }
    return {**view, "secret": endpoint.secrets[0].value} if with_secret else view


def shown_delivery(delivery: Delivery) -> dict[str, object]:
    return {
        "id": delivery.id,
        "eventId": delivery.event_id,
        "eventType": delivery.event_type,
        "endpointId": delivery.endpoint_id,
        "url": delivery.url,
        "status": delivery.status.value,
        "held": delivery.held,
        "createdAt": stamp(delivery.created_at),
        "nextAttemptAt": stamp(delivery.next_attempt_at),
        "attempts": [
            {
                "at": stamp(attempt.at),
                "statusCode": attempt.status_code,
                "durationMs": attempt.duration_ms,
                "error": attempt.error or None,
                "responseExcerpt": attempt.response_excerpt or None,
                "nextAttemptAt": stamp(attempt.next_attempt_at),
            }
            for attempt in delivery.attempts
        ],
    }


def stamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds: attempts a second apart must be told apart."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(call: Call, name: str) -> datetime:
    """A required time of the query, ISO 8601 with a zone. Raises InvalidRequest."""
    text = (call.query(name) or "").replace(" ", "+")  # a "+00:00" that nobody escaped
    try:
        return utc_moment(text)
    except ValueError as error:
        raise InvalidRequest(
            f"{name} must be a time with its zone, such as 2025-11-07T10:00:00Z", param=name
        ) from error
