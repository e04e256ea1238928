"""GET /api/operator/merchants/{merchantId}: one merchant, its keys by fingerprint, and who changed it."""

from __future__ import annotations

from typing import Final

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.operators import named_merchant, shown_merchant

MOST_CHANGES: Final = 50


@endpoint(
    "GET",
    "/api/operator/merchants/{merchantId}",
    caller=Caller.OPERATOR,
    summary="One merchant with its last changes: who made them, and which fields",
)
def handler(call: Call) -> Reply:
    merchants, merchant_id = core.merchants(), named_merchant(call)
    return Reply(shown_merchant(merchants.record(merchant_id), merchants.audit_trail(merchant_id, MOST_CHANGES)))
