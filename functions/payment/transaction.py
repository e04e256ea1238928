"""GET /api/payment/transaction/{transactionId}: how a payment stands."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.about import about
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
    payment, full = owned_payment(call), is_secret_key(call)
    return Reply(shown(payment, full=full) | about(payment, full=full))
