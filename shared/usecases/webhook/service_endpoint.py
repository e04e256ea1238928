"""The endpoint of a service: made when its address is first named, changed and taken away with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from shared.domain import ids
from shared.domain.errors import NotFound
from shared.domain.ids import EndpointId, MerchantId
from shared.domain.merchant import Endpoint, EndpointStatus, MerchantRecord, Secret, Service
from shared.usecases.contended import Overtaken, stored, until_written
from shared.usecases.merchant.changing import change_record

if TYPE_CHECKING:
    from shared.ports.merchants import Merchants
    from shared.usecases.merchant.changing import Office

OVERLAP: Final = timedelta(hours=24)
_BEGINNING: Final = datetime(2020, 1, 1, tzinfo=UTC)


def service_endpoint_id(service: Service) -> EndpointId:
    """Always the same of one service."""
    digest = hashlib.sha256(f"service|{service.family}|{service.id}".encode()).digest()
    return EndpointId(f"we_{ids.base32(digest[:10]).lower()}")


def service_endpoint(merchant_id: MerchantId, service: Service, *, merchants: Merchants) -> Endpoint | None:
    """None while no address was named."""
    try:
        return merchants.endpoint(merchant_id, service.environment, service_endpoint_id(service))
    except NotFound:
        return None


def point_service(
    merchant_id: MerchantId, service: Service, url: str, payload_format: str, *, office: Office
) -> Endpoint:
    """Have the service's notices sent to ``url``, an address that was judged, in that format. Safe to repeat."""

    def decide(current: Endpoint) -> Endpoint:
        changed = replace(current, url=url, payload_format=payload_format, secrets=service.secrets)
        if url == current.url or current.status is not EndpointStatus.DISABLED:
            return changed
        # Whoever was given up is tried again at another address.
        return replace(
            changed, status=EndpointStatus.ENABLED, disabled_reason="", failing_since=None, consecutive_timeouts=0
        )

    blank = Endpoint(
        id=service_endpoint_id(service),
        merchant_id=merchant_id,
        environment=service.environment,
        url="",
        secrets=service.secrets,
        created_at=office.now(),
        service=service.id,
    )
    return _written(service_endpoint(merchant_id, service, merchants=office.merchants) or blank, decide, office)


def silence_service(merchant_id: MerchantId, service: Service, *, office: Office) -> None:
    """No notices of it any more; what was still to be delivered ends."""
    there = service_endpoint(merchant_id, service, merchants=office.merchants)
    if there is not None:
        office.merchants.delete_endpoint(there)


def rotate_service(merchant_id: MerchantId, service: Service, *, office: Office) -> Service:
    """A new secret: notices are signed with it at once, and requests that the old one signs pass for a day more."""
    now = office.now()
    fresh = Secret(str(UUID(bytes=office.entropy(16), version=4)), created_at=now)
    rotated: list[Service] = []

    def decide(record: MerchantRecord) -> MerchantRecord:
        rotated[:] = [_rotated(each, fresh, now) for each in record.services if each.id == service.id]
        others = tuple(each for each in record.services if each.id != service.id)
        return replace(record, services=(*others, *rotated))

    change_record(merchant_id, decide, what="rotate-service-secret", office=office)
    there = service_endpoint(merchant_id, service, merchants=office.merchants)
    if there is not None:
        _written(there, lambda current: replace(current, secrets=rotated[0].secrets), office)
    return rotated[0]


def _rotated(service: Service, fresh: Secret, now: datetime) -> Service:
    if service.secrets[0] == fresh:
        return service
    return replace(service, secrets=(fresh, replace(service.secrets[0], expires_at=now + OVERLAP)))


def _written(endpoint: Endpoint, decide: Callable[[Endpoint], Endpoint], office: Office) -> Endpoint:
    first = (office.now() - _BEGINNING) // timedelta(microseconds=1)  # above whatever bore this id before

    def write(current: Endpoint) -> Endpoint | Overtaken[Endpoint]:
        changed = decide(current)
        if changed == current:
            return current
        return stored(changed, office.merchants.save_endpoint(changed, first=first))

    return until_written(endpoint, write, what="the endpoint", pause=office.pause)
