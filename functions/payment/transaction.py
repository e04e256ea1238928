"""GET /api/payment/transaction/{transactionId}: how a payment stands."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
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
