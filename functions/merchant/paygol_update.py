"""PATCH /api/merchant/paygol: where the service's notifications go, and how they are written."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from shared.bootstrap import core, runtime
from shared.domain.errors import InvalidRequest
from shared.domain.target_url import check_webhook_url
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import Url
from shared.families.payglobe.services import DEFAULT, by_the_merchant, own_service, shown_service
from shared.usecases.webhook.service_endpoint import point_service, service_endpoint, silence_service


class ServiceChange(BaseModel):
    """What is left out stays as it is."""

    ipn_url: Url | None = Field(default=None, description="null: no notifications")
    ipn_version: Literal["auto", "1", "2"] | None = None
    ipn_method: Literal["GET", "POST"] | None = None


@endpoint(
    "PATCH",
    "/api/merchant/paygol",
    caller=Caller.SECRET_KEY,
    summary="Change where the Paygol service's notifications go",
    request=ServiceChange,
    problems=(404,),
)
def handler(call: Call) -> Reply:
    body, service, merchant_id = call.body(ServiceChange), own_service(call, "paygol"), call.credential.merchant.id
    there = service_endpoint(merchant_id, service, merchants=core.merchants())
    if "ipn_url" in body.model_fields_set and body.ipn_url is None:
        silence_service(merchant_id, service, office=by_the_merchant(call))
        return Reply(shown_service(service, None))
    url = body.ipn_url or (there.url if there else None)
    if url is None:
        raise InvalidRequest("ipn_url: name the address first", param="ipn_url")
    if body.ipn_url is not None:
        check_webhook_url(url, "ipn_url", allow_private=runtime.allow_private_targets())
    version, method = there.payload_format.split(".")[1:] if there else DEFAULT
    written = f"paygol.{body.ipn_version or version}.{body.ipn_method or method}"
    made = point_service(merchant_id, service, url, written, office=by_the_merchant(call))
    return Reply(shown_service(service, made))
