"""GET /api/v1/payin: the merchant's payment links of this API, newest first."""

from __future__ import annotations

from shared.bootstrap import core, runtime
from shared.domain.errors import InvalidRequest
from shared.domain.statuses import LinkStatus
from shared.edge.call import Call
from shared.edge.paging import NUMBERED, numbered_page, page_meta
from shared.edge.request import Reply
from shared.families.glomopay import ids
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.payins import shown_payin
from shared.families.glomopay.statuses import LINKS
from shared.families.glomopay.views import FAMILY
from shared.ports.links import WantedLinks

STATUSES = {word.value: status for status, word in LINKS.items()}


@endpoint(
    "GET",
    "/api/v1/payin",
    caller=Caller.SECRET_KEY,
    summary="Your payment links, newest first",
    query={"customer_id": "Only those for this customer", "status": ", ".join(STATUSES), **NUMBERED},
)
def handler(call: Call) -> Reply:
    caller, page, now = call.credential, numbered_page(call), runtime.now()
    wanted = WantedLinks(FAMILY, now, ids.asked_for(call, "customer_id", ids.CUSTOMER), _status(call))
    found = core.links().of_family(caller.merchant.id, caller.environment, wanted, page)
    shown = [shown_payin(link, now=now) for link in found.items]
    return Reply({"data": shown, "page_meta": page_meta(page, found.count)})


def _status(call: Call) -> LinkStatus | None:
    text = call.query("status")
    if text is not None and text not in STATUSES:
        raise InvalidRequest(f"status is one of {', '.join(STATUSES)}")
    return STATUSES[text] if text else None
