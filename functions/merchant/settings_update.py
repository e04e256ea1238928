"""PATCH /api/merchant/settings: change what is the merchant's own to say."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.bootstrap import core, runtime
from shared.domain.errors import InvalidRequest
from shared.domain.merchant import Credential, MerchantRecord
from shared.domain.picture import MOST_BYTES, picture_of
from shared.edge.call import Call
from shared.edge.fields import NoCardNumber
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.services import by_the_merchant
from shared.families.payglobe.settings import settings_view
from shared.usecases.merchant.change_merchant import THE_OPERATORS, change_merchant
from shared.usecases.merchant.end_logos import end_unshown

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255), NoCardNumber]
Name = Annotated[str, StringConstraints(max_length=40), NoCardNumber]
_LONGEST = (MOST_BYTES + 2) // 3 * 4


class SettingsChange(BaseModel):
    """What is left out stays as it is."""

    version: Annotated[int, Field(strict=True)] = Field(
        description="The version that was read; when another was made since, nothing is changed: 409 settings_changed"
    )
    settings: dict[Name, Line | list[Line]] = Field(
        default_factory=dict,
        max_length=20,
        description="New values by the names that GET shows; an empty list lifts a restriction",
        examples=[{"origins": ["https://shop.example"], "accent": "#0b5d4b"}],
    )
    logo: Annotated[str, StringConstraints(max_length=_LONGEST)] | None = Field(
        default=None,
        description="A PNG or JPEG as base64, 50,000 bytes and 1,024 pixels a side at most; null takes the logo away",
    )


@endpoint(
    "PATCH",
    "/api/merchant/settings",
    caller=Caller.SECRET_KEY,
    summary="Change your settings: all that is named or nothing, in force with the next request",
    request=SettingsChange,
    problems=(409, 422),
)
def handler(call: Call) -> Reply:
    body, caller = call.body(SettingsChange), call.credential
    logo = _with_logo(body, caller)
    try:
        record = _changed(call, body, logo)
    finally:
        if logo is not None:  # where nothing was changed, nothing shows what was sent
            both = {caller.merchant.brand.logo, logo}
            end_unshown(caller.merchant.id, both, merchants=core.merchants(), logos=core.logos(), now=runtime.now)
    return Reply(settings_view(record, caller))


def _changed(call: Call, body: SettingsChange, logo: str | None) -> MerchantRecord:
    caller = call.credential
    return change_merchant(
        caller.merchant.id,
        {name: value if isinstance(value, str) else ",".join(value) for name, value in own(body.settings).items()},
        office=by_the_merchant(call),
        environment=caller.environment,
        able=core.able,
        version=body.version,
        logo=logo,
    )


def own(settings: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
    """The same settings. Raises InvalidRequest for one that the operator alone changes."""
    for name in settings:
        if name in THE_OPERATORS:
            raise InvalidRequest(f"{name} is changed by the operator alone", code="operator_only", param=name)
    return settings


def _with_logo(body: SettingsChange, caller: Credential) -> str | None:
    """The name of the logo that is sent, kept; empty to take it away, None to leave it."""
    if "logo" not in body.model_fields_set:
        return None
    if body.logo is None:
        return ""
    try:
        content = base64.b64decode(body.logo, validate=True)
    except binascii.Error:
        raise InvalidRequest("logo: must be base64", param="logo") from None
    return core.logos().keep(caller.merchant.id, picture_of(content, "logo"))
