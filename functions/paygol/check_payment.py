"""GET and POST /api/check-payment: the status of a transaction, for whoever knows its number and its service."""

from __future__ import annotations

from shared.domain.errors import InvalidRequest, NotFound
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol import legacy
from shared.families.paygol.doors import browser_door
from shared.families.paygol.forms import check_text, form_of
from shared.families.paygol.problems import missing
from shared.families.paygol.statuses import status_of
from shared.families.paygol.transactions import find_transaction


@browser_door(
    "GET",
    "/api/check-payment",
    other_methods=("POST",),
    summary="Check a transaction: never anything of its payer",
    query={"service": "The service's number", "id": "The transaction's", "format": "json (default), xml or txt"},
    success=(200,),
)
def handler(call: Call) -> Reply:
    given = form_of(call.request)
    wanted = legacy.format_asked(given.get("format"))
    try:
        check_text(given)
        if absent := [name for name in ("service", "id") if name not in given]:
            raise missing(absent)
        payment = find_transaction(given["id"].strip())
        if payment.family_data.get("service_id") != given["service"].strip():
            raise NotFound("there is no such transaction")
    except (InvalidRequest, NotFound) as error:
        return legacy.refused(error, wanted)
    call.about = payment
    data = {
        "service_id": given["service"].strip(),
        "transaction_id": payment.id,
        "status": status_of(payment).value,
        "payment_method": payment.method,
        "amount": str(payment.amount.major),
        "currency": payment.amount.currency,
        "custom": payment.reference,
    }
    return legacy.told(data, wanted, legacy.CHECKED)
