"""POST /api/v1/api-keys/rotate: a new key in the place of the caller's own, or of the publishable one."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.bootstrap import core, runtime
from shared.domain import ids
from shared.domain.merchant import Key, KeyKind, MerchantRecord
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.fields import Integer
from shared.families.glomopay.keys import KINDS
from shared.families.glomopay.times import iso
from shared.usecases.merchant.changing import Office
from shared.usecases.merchant.key_ring import sealed_by
from shared.usecases.merchant.rotate_key import replace_key

LONGEST = 604_800


class RotateKeyRequest(BaseModel):
    expire_after_in_seconds: Annotated[int, Integer, Field(ge=0, le=LONGEST)] | None = Field(
        default=None, description="How long the old key still works; at once it does not, unless given"
    )
    type: Literal["secret", "publishable"] | None = Field(default=None, description="secret, unless given")


@endpoint(
    "POST",
    "/api/v1/api-keys/rotate",
    caller=Caller.SECRET_KEY,
    summary="Replace a key; the new one is shown this once",
    request=RotateKeyRequest,
    success=(201,),
    problems=(404,),
)
def handler(call: Call) -> Reply:
    body, caller = call.body(RotateKeyRequest), call.credential
    kind = KINDS[body.type or "secret"]
    overlap = timedelta(seconds=body.expire_after_in_seconds or 0)
    office = Office(core.merchants(), caller.called, runtime.now, runtime.entropy, runtime.pause)
    now = runtime.now()
    new = replace_key(
        caller.merchant.id,
        lambda record: _replaced(record, call, kind),
        office=office,
        overlap=overlap,
        keep=sealed_by(core.vault(), runtime.now),
    )
    return Reply(
        {
            "type": body.type or "secret",
            "environment": new.environment.value,
            "key": new.value,
            "previous_key_expires_at": iso(now + overlap),
        },
        201,
    )


def _replaced(record: MerchantRecord, call: Call, kind: KeyKind) -> Key | None:
    """The secret key that calls; the publishable one, and a person's, is that which nothing has replaced yet."""
    if kind is KeyKind.SECRET and call.credential.person is None:
        own = ids.fingerprint(call.identity.token)
        return next((key for key in record.keys if key.fingerprint == own), None)
    environment = call.credential.environment
    of_kind = [key for key in record.keys if (key.kind, key.environment) == (kind, environment)]
    return next((key for key in of_kind if key.expires_at is None), None)
