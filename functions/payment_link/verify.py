"""POST /api/payment-links/{id}/verify: ask the gateway, and mend our records."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.links import own_link, shown_link
from shared.usecases.link.verify_link import verify_link


@endpoint(
    "POST",
    "/api/payment-links/{id}/verify",
    caller=Caller.SECRET_KEY,
    summary="Ask the gateway how the link's payment stands",
)
def handler(call: Call) -> Reply:
    return Reply(shown_link(*verify_link(own_link(call), world=core.world(), links=core.links())))
