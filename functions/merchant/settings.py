"""GET /api/merchant/settings: what the key's environment is set up with."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.settings import settings_view


@endpoint(
    "GET",
    "/api/merchant/settings",
    caller=Caller.SECRET_KEY,
    beside=("PATCH",),
    summary="Your settings, connectors and keys in this environment",
)
def handler(call: Call) -> Reply:
    caller = call.credential
    return Reply(settings_view(core.merchants().record(caller.merchant.id), caller))
