"""GET /api/pay-direct/{id}/return: back to the shop, or to the page while nothing is decided."""

from __future__ import annotations

from shared.bootstrap import core, runtime
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol.doors import browser_door, goes_to
from shared.families.paygol.returning import back_to_shop, method_page, signed
from shared.families.paygol.transactions import find_transaction


@browser_door("GET", "/api/pay-direct/{id}/return", summary="Go back to the shop", problems=(404,))
def handler(call: Call) -> Reply:
    call.about = payment = find_transaction(call.path("id"))
    url = back_to_shop(payment)
    if url is None:
        return goes_to(method_page(payment))
    service = core.merchants().service(payment.family_data["service_id"]).service
    return goes_to(signed(url, payment, service.signing(runtime.now())[0]))
