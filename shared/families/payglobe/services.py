"""A merchant's own service of another family, as its settings are shown to its secret key."""

from __future__ import annotations

from typing import Final

from shared.bootstrap import core, runtime
from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId
from shared.domain.merchant import Endpoint, Service
from shared.edge.call import Call
from shared.usecases.merchant.changing import Office

DEFAULT: Final = ("auto", "GET")


def own_service(call: Call, family: str) -> Service:
    """The caller's service in its environment. Raises NotFound."""
    caller = call.credential
    for service in core.merchants().record(MerchantId(caller.merchant.id)).services:
        if (service.family, service.environment) == (family, caller.environment):
            return service
    raise NotFound(f"this merchant has no {family} service")


def by_the_merchant(call: Call) -> Office:
    """Who changes what is the merchant's own: a key or a person of it."""
    return Office(core.merchants(), call.credential.called, runtime.now, runtime.entropy, runtime.pause)


def shown_service(service: Service, endpoint: Endpoint | None) -> dict[str, object]:
    """Never its secret."""
    version, method = endpoint.payload_format.split(".")[1:] if endpoint else DEFAULT
    return {
        "success": True,
        "service_id": service.id,
        "environment": service.environment.value,
        "ipn_url": endpoint.url if endpoint else None,
        "ipn_version": version,
        "ipn_method": method,
        "endpointId": endpoint.id if endpoint else None,
    }
