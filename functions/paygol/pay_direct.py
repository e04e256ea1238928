"""GET /api/pay-direct/{id}: to where a transaction is paid."""

from __future__ import annotations

from shared.domain.payment import Mode
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol.doors import browser_door, goes_to
from shared.families.paygol.returning import method_page
from shared.families.paygol.statuses import PaygolStatus, status_of
from shared.families.paygol.transactions import find_transaction


@browser_door("GET", "/api/pay-direct/{id}", summary="Go to where a transaction is paid", problems=(404,))
def handler(call: Call) -> Reply:
    call.about = payment = find_transaction(call.path("id"))
    by_card = payment.mode is not Mode.ALTERNATIVE and status_of(payment) is PaygolStatus.CREATED
    return goes_to(payment.redirect_url if by_card else method_page(payment))
