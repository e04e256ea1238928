"""GET /api/payment/transaction/{transactionId}: how a payment stands."""

from __future__ import annotations

from shared.edge.auth import Caller
from shared.edge.call import Call, Reply
from shared.edge.http import endpoint
from shared.families.payglobe.payments import is_secret_key, owned_payment, shown


@endpoint(
    "GET",
    "/api/payment/transaction/{transactionId}",
    caller=Caller.KEY_OR_CLIENT_SECRET,
    summary="Read a payment; a publishable key or client secret sees it redacted",
    cors=True,
)
def handler(call: Call) -> Reply:
    return Reply(shown(owned_payment(call), full=is_secret_key(call)))
