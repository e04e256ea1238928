"""Request and reply bodies of the webhook endpoints that more than one of them uses."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from shared.domain.merchant import EndpointStatus, SignatureEncoding
from shared.edge.fields import NoCardNumber
from shared.families.payglobe.fields import Url
from shared.usecases.webhook.manage_endpoints import EndpointSettings

EventName = Annotated[str, StringConstraints(min_length=1, max_length=64), NoCardNumber]


# The formats that an endpoint may ask for, as ``shared/families/registry.py`` names them.
class PayloadFormat(StrEnum):
    UNION = "union"
    EVENT = "event"
    FLAT = "flat"


class EndpointChange(BaseModel):
    """Settings of an endpoint; what is left out stays as it is."""

    url: Url | None = None
    payloadFormat: PayloadFormat | None = None
    signatureEncoding: SignatureEncoding | None = None
    events: list[EventName] | None = Field(default=None, max_length=50, description="Event types; empty: all")
    status: Literal["ENABLED", "PAUSED"] | None = None

    def wanted(self) -> EndpointSettings:
        return EndpointSettings(
            url=self.url,
            payload_format=self.payloadFormat,
            signature_encoding=self.signatureEncoding,
            events=None if self.events is None else tuple(dict.fromkeys(self.events)),
            status=None if self.status is None else EndpointStatus(self.status),
        )


class NewEndpoint(EndpointChange):
    url: Url
