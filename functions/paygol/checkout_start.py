"""POST /api/pay-direct/{id}/start: begin what was chosen."""

from __future__ import annotations

from shared.bootstrap import core
from shared.domain.errors import IllegalTransition
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol.checkout import method_of, shown, still_missing
from shared.families.paygol.doors import WrongFields, page_door
from shared.families.paygol.reasons import Reason, Why
from shared.families.paygol.transactions import find_transaction
from shared.usecases.method.begin_method import begin_method
from shared.usecases.method.choose_card import choose_card


@page_door("POST", "/api/pay-direct/{id}/start", summary="Begin the method of a transaction", problems=(400, 409))
def handler(call: Call) -> Reply:
    """For a card ``nextUrl`` is its page; for everything else the reply says what to pay with."""
    call.about = payment = find_transaction(call.path("id"))
    method = method_of(payment)
    if method is None:
        raise IllegalTransition("no method was chosen", code="no_method")
    if lacks := still_missing(payment):
        raise WrongFields(dict.fromkeys(lacks, Reason(Why.MISSING)))
    if method.kind is not None:
        return Reply(shown(begin_method(payment, world=core.world())))
    payment = choose_card(payment, method.code, world=core.world())
    return Reply(shown(payment) | {"nextUrl": payment.redirect_url})
