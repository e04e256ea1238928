"""GET /api/v1/refunds: refunds of the payments of this API, newest first."""

from __future__ import annotations

from shared.bootstrap import records
from shared.domain.errors import InvalidRequest
from shared.domain.ids import PaymentId
from shared.domain.refund import Refund, RefundStatus
from shared.edge.call import Call
from shared.edge.paging import NUMBERED, numbered_page, page_meta
from shared.edge.request import Reply
from shared.families.glomopay import ids
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.refunds import refund_of
from shared.families.glomopay.statuses import REFUNDS
from shared.families.glomopay.views import FAMILY, shown_refund
from shared.ports.numbered import Listed, NumberedPage
from shared.ports.payments import WantedRefunds


@endpoint(
    "GET",
    "/api/v1/refunds",
    caller=Caller.SECRET_KEY,
    summary="Refunds, newest first",
    query={
        "payment_id": "Only those of this payment",
        "status": ", ".join(REFUNDS.values()),
        "request_id": "The one with this number of yours",
        **NUMBERED,
    },
)
def handler(call: Call) -> Reply:
    page = numbered_page(call)
    found = _found(call, page)
    return Reply(
        {"data": [shown_refund(refund) for refund in found.items], "page_meta": page_meta(page, found.count)}
    )


def _found(call: Call, page: NumberedPage) -> Listed[Refund]:
    caller, payments, reference = call.credential, records.payments(), call.query("request_id")
    of = ids.asked_for(call, "payment_id", ids.PAYMENT)
    wanted = WantedRefunds(FAMILY, None if of is None else PaymentId(of), _status(call))
    if reference is None:
        return payments.refunds_of_family(caller.merchant.id, caller.environment, wanted, page)
    named = payments.refund_by_reference(caller.merchant.id, caller.environment, reference)
    found = [] if named is None else [refund_of(named, caller)]
    return page.of([refund for refund in found if wanted.fits(refund)])


def _status(call: Call) -> RefundStatus | None:
    text = call.query("status")
    words = {word: status for status, word in REFUNDS.items()}
    if text is not None and text not in words:
        raise InvalidRequest(f"status is one of {', '.join(words)}")
    return words[text] if text else None
