"""GET /api/payment-links: the merchant's payment links, newest first."""

from __future__ import annotations

from shared.bootstrap import core, runtime
from shared.domain.errors import InvalidRequest
from shared.domain.payment_link import PaymentLink
from shared.domain.statuses import LinkStatus
from shared.edge.call import Call
from shared.edge.paging import PAGING, page_size
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.links import shown_link
from shared.usecases.link.settle_link import its_payment


@endpoint(
    "GET",
    "/api/payment-links",
    caller=Caller.SECRET_KEY,
    summary="Your payment links, newest first",
    query={"status": "PENDING, PAID, EXPIRED or CANCELLED", **PAGING},
)
def handler(call: Call) -> Reply:
    caller, status = call.credential, _status(call)
    found, cursor = core.links().of_merchant(
        caller.merchant.id, caller.environment, status=status, limit=page_size(call), cursor=call.query("cursor")
    )
    shown = [view for view in map(_shown, found) if status in (None, view["status"])]
    return Reply({"success": True, "links": shown, "count": len(shown), "nextCursor": cursor})


def _shown(link: PaymentLink) -> dict[str, object]:
    """A link whose time ran out a moment ago is recorded as pending still; what it is, its payment says."""
    over = link.status is LinkStatus.PENDING and link.is_over(runtime.now())
    payment = its_payment(link, payments=core.payments()) if over else None
    paid = link.paid_by(payment) if payment else None
    return shown_link(paid or link, payment)


def _status(call: Call) -> LinkStatus | None:
    text = call.query("status")
    if text is None:
        return None
    try:
        return LinkStatus(text.upper())
    except ValueError:
        raise InvalidRequest(f"status is one of {', '.join(LinkStatus)}", param="status") from None
