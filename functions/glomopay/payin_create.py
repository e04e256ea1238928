"""POST /api/v1/payin: a payment link, paid by card on our pages."""

from __future__ import annotations

from pydantic import Field

from shared.bootstrap import core, runtime
from shared.domain import ids
from shared.domain.ids import LinkId
from shared.domain.payment import Mode
from shared.domain.payment_link import Sending
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.bodies import OrderFor, ToBePaid
from shared.families.glomopay.customers import customer_of
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.fields import Reminder
from shared.families.glomopay.payins import LASTS_MONTHS, shown_payin
from shared.families.glomopay.views import FAMILY
from shared.usecases.link.create_link import NewLink, create_link


class CreatePayinRequest(ToBePaid, defer_build=False):
    """``expires_at`` is at most six months ahead, which is the default."""

    reminder_frequency: Reminder | None = Field(
        default=None, description="The customer is reminded by e-mail every so many days"
    )


@endpoint(
    "POST",
    "/api/v1/payin",
    beside=("GET",),
    caller=Caller.SECRET_KEY,
    summary="Create a payment link",
    request=CreatePayinRequest,
    success=(201,),
    problems=(403, 404, 422),
)
def handler(call: Call) -> Reply:
    customer = customer_of(call.body(OrderFor).customer_id, call.credential)
    body, now = call.body(CreatePayinRequest), runtime.now()
    asked = NewLink(
        amount=body.money,
        pages_origin=call.request.pages_origin,
        lasts=body.ends_at(now, LASTS_MONTHS) - now,
        description=(body.invoice_description or "").strip(),
        sending=Sending(email=customer.email),
        name=customer.name,
        remind_every=body.reminder_frequency or 0,
        mode=Mode.SALE_DIRECT,
        customer_id=customer.id,
        family=FAMILY,
        family_data=body.kept(customer),
        new_id=lambda seed: LinkId(ids.plain_id(ids.PLAIN_LINK, seed)),
    )
    link = create_link(asked, call.credential, world=core.world(), links=core.links(), seed=call.once.seed)
    return Reply(shown_payin(link), 201)
