"""GET /api/v1/api-keys: the merchant's keys of the caller's environment."""

from __future__ import annotations

from datetime import datetime

from shared.bootstrap import core, runtime
from shared.domain.merchant import Key, KeyKind, Merchant
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.keys import TYPES
from shared.families.glomopay.times import iso
from shared.usecases.merchant.key_ring import shown_key


@endpoint(
    "GET",
    "/api/v1/api-keys",
    caller=Caller.SECRET_KEY,
    summary="Your keys of this environment: the publishable one in full, a secret one masked",
)
def handler(call: Call) -> Reply:
    caller = call.credential
    record, now = core.merchants().record(caller.merchant.id), runtime.now()
    mine = [key for key in record.keys if key.environment is caller.environment and key.is_valid(now)]
    used = core.merchants().last_used(mine)
    return Reply(
        {"data": [_shown(key, caller.merchant, used.get(key.fingerprint)) for key in sorted(mine, key=_order)]}
    )


def _order(key: Key) -> tuple[bool, bool]:
    return key.kind is KeyKind.SECRET, key.expires_at is not None


def _shown(key: Key, merchant: Merchant, used: datetime | None) -> dict[str, object]:
    return {
        "type": TYPES[key.kind],
        "environment": key.environment.value,
        "key": shown_key(key, merchant.id, core.vault()),
        "created_at": iso(key.created_at) if key.created_at else None,
        "last_used_at": iso(used) if used else None,
        "expires_at": iso(key.expires_at) if key.expires_at else None,
    }
