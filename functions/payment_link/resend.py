"""POST /api/payment-links/{id}/resend: send the e-mail or text message once more."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.links import own_link, shown_link
from shared.usecases.link.send_link import resend_link


@endpoint(
    "POST",
    "/api/payment-links/{id}/resend",
    caller=Caller.SECRET_KEY,
    summary="Send a link of type MAIL or SMS again; five times in all",
    idempotent=True,
)
def handler(call: Call) -> Reply:
    return Reply(shown_link(resend_link(own_link(call), world=core.world(), links=core.links())))
