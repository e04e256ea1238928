"""Request and reply bodies of the webhook endpoints that more than one of them uses."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, SecretStr, StringConstraints

from shared.domain.errors import InvalidRequest
from shared.domain.merchant import EndpointStatus, SignatureEncoding
from shared.edge.fields import NoCardNumber
from shared.families.payglobe.fields import Url
from shared.usecases.webhook.manage_endpoints import EndpointSettings

EventName = Annotated[str, StringConstraints(min_length=1, max_length=64), NoCardNumber]


def _printable(secret: SecretStr) -> SecretStr:
    if not all("!" <= character <= "~" for character in secret.get_secret_value()):
        raise ValueError("has printable ASCII characters alone")
    return secret


# The formats that an endpoint may ask for, as ``shared/families/registry.py`` names them.
class PayloadFormat(StrEnum):
    UNION = "union"
    EVENT = "event"
    FLAT = "flat"
    GLOMOPAY = "glomopay"


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
    secret: Annotated[SecretStr, Field(min_length=16, max_length=128), AfterValidator(_printable)] | None = Field(
        default=None, description="Brought along, for payloadFormat glomopay alone; else one is made and shown"
    )

    def wanted(self) -> EndpointSettings:
        if self.secret is None:
            return EndpointChange.wanted(self)
        if self.payloadFormat is not PayloadFormat.GLOMOPAY:
            raise InvalidRequest("secret can be brought along for payloadFormat glomopay alone", param="secret")
        return replace(EndpointChange.wanted(self), secret=self.secret.get_secret_value())
