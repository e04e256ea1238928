"""PATCH /api/v1/payin/{id}: how long a payment link lasts, and how often its customer is reminded."""

from __future__ import annotations

from pydantic import BaseModel

from shared.bootstrap import core, runtime
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.bodies import end_of
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.fields import Moment, Reminder
from shared.families.glomopay.payins import LASTS_MONTHS, own_payin, shown_payin
from shared.usecases.link.change_link_terms import change_link_terms


class UpdatePayinRequest(BaseModel):
    expires_at: Moment | None = None
    reminder_frequency: Reminder | None = None


@endpoint(
    "PATCH",
    "/api/v1/payin/{id}",
    caller=Caller.SECRET_KEY,
    summary="Change the end and the reminders of an active payment link",
    request=UpdatePayinRequest,
)
def handler(call: Call) -> Reply:
    link = own_payin(call)
    body, now = call.body(UpdatePayinRequest), runtime.now()
    changed = change_link_terms(
        link,
        expires_at=end_of(body.expires_at, now, LASTS_MONTHS) if body.expires_at else None,
        remind_every=body.reminder_frequency,
        world=core.world(),
        links=core.links(),
    )
    return Reply(shown_payin(changed))
