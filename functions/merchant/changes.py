"""GET /api/merchant/changes: when which settings were changed."""

from __future__ import annotations

from typing import Final

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.settings import changes_view

MOST: Final = 100


@endpoint(
    "GET",
    "/api/merchant/changes",
    caller=Caller.SECRET_KEY,
    summary="The last changes of your settings, newest first: which fields, never the values",
)
def handler(call: Call) -> Reply:
    caller = call.credential
    return Reply(changes_view(core.merchants().audit_trail(caller.merchant.id, MOST), caller))
