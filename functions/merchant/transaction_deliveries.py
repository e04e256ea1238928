"""GET /api/merchant/transactions/{transactionId}/deliveries: what was told of a payment, to whom, how that went."""

from __future__ import annotations

from shared.bootstrap import core, webhooks
from shared.domain.delivery import NOTIFY
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.payments import owned_payment
from shared.families.payglobe.webhooks import shown_delivery


@endpoint(
    "GET",
    "/api/merchant/transactions/{transactionId}/deliveries",
    caller=Caller.SECRET_KEY,
    summary="Deliveries of a payment's events to your endpoints and its notifyUrl, newest first",
)
def handler(call: Call) -> Reply:
    payment = owned_payment(call)
    known = core.merchants().endpoints(payment.merchant_id, payment.environment)
    to = [*(each.id for each in known if each.id != NOTIFY), NOTIFY]
    found = webhooks.deliveries().of_events(payment.merchant_id, payment.environment, to, payment.told)
    return Reply({"success": True, "deliveries": [shown_delivery(each) for each in found]})
