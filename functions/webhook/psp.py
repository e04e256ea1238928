"""POST and GET /webhook/psp/{gateway}/{connectorId}: an acquirer, issuer or provider says that something happened."""

from __future__ import annotations

from shared.bootstrap import connectors, core
from shared.domain.errors import NotFound, SenderNotAsked, Unavailable
from shared.edge.call import Call
from shared.edge.observe import logger
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.ports.inbound import Inbound
from shared.usecases.payment.hear_bell import hear_bell


@endpoint(
    "POST",
    "/webhook/psp/{gateway}/{connectorId}",
    aliases=("/webhook/psp/{gateway}/{connectorId}/{paymentId}",),
    other_methods=("GET",),
    caller=Caller.KNOWS_ADDRESS,
    summary="For acquirers, issuers and providers only: something happened to a payment. They are asked what",
    success=(200, 202),
    problems=(401, 424),
)
def handler(call: Call) -> Reply:
    own = core.merchants().connector(call.path("connectorId"))
    if own.name != call.path("gateway"):
        raise NotFound("there is no such connector")
    call.about = own
    request = call.request
    inbound = Inbound(
        request.headers, request.body, core.world().now(), request.method, request.queries, call.path("paymentId")
    )
    try:
        told = connectors.notifier(own).read(inbound)
    except Unavailable as error:  # what it is checked with cannot be read: the sender sends it again
        raise SenderNotAsked("whose message this is cannot be said now; send it again") from error
    if told.notice is not None:
        from shared.usecases.dispute.take_notice import take_notice

        dispute = take_notice(told.notice, world=core.world(), disputes=core.disputes())
        return Reply({"received": True}, 200 if dispute else 202)
    payment = hear_bell(told, own, world=core.world(), bells=core.bells())
    if payment is None:
        logger().info("bell of an unknown payment", gateway=own.name)
    return Reply({"received": True}, 200 if payment else 202)
