"""POST /api/pay-direct/{id}/method: country, method and what it asks of the payer."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, StrictStr

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol.checkout import chosen, shown
from shared.families.paygol.doors import page_door
from shared.families.paygol.transactions import find_transaction
from shared.families.paygol.views import pay_url
from shared.usecases.method.choose_card import leave_card
from shared.usecases.method.choose_method import choose_method


class MethodRequest(BaseModel):
    """What is left out stays as it is known."""

    model_config = ConfigDict(extra="ignore")

    pg_country: StrictStr = ""
    pg_method: StrictStr = ""
    pg_first_name: StrictStr = ""
    pg_last_name: StrictStr = ""
    pg_email: StrictStr = ""
    pg_phone: StrictStr = ""
    pg_personalid: StrictStr = ""
    pg_bic: StrictStr = ""


@page_door(
    "POST",
    "/api/pay-direct/{id}/method",
    summary="Choose how a transaction is paid",
    request=MethodRequest,
    problems=(400, 409),
)
def handler(call: Call) -> Reply:
    call.about = payment = find_transaction(call.path("id"))
    given = {name: value.strip() for name, value in call.body(MethodRequest).model_dump().items()}
    method, wanted = chosen(payment, given)
    if method is None or method.kind is not None:
        payment = leave_card(payment, pay_url(payment), world=core.world())
    return Reply(shown(choose_method(payment, wanted, world=core.world())))
