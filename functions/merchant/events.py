"""GET /api/merchant/events?after=: everything that happened, oldest first, for catching up without webhooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from shared.bootstrap import core, runtime
from shared.domain.errors import InvalidRequest
from shared.domain.event import Event
from shared.domain.merchant import Credential
from shared.edge.call import Call
from shared.edge.paging import page_size
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.notices import PUBLISHED, flat
from shared.families.payglobe.webhooks import stamp

# Younger events are held back, so that a cursor never passes one that is still being written.
HELD_BACK: Final = timedelta(seconds=3)


@endpoint(
    "GET",
    "/api/merchant/events",
    caller=Caller.SECRET_KEY,
    summary="Events after a given one, oldest first; those of the last three seconds are not shown yet",
    query={"after": "An event id; its successors are listed", "limit": "1 to 100, 20 unless given"},
)
def handler(call: Call) -> Reply:
    caller, limit, after = call.credential, page_size(call), call.query("after") or None
    if after is not None and not after.startswith("evt_"):
        raise InvalidRequest("after must be an event id", param="after")
    found = _published(caller, after, limit + 1)
    shown = [
        {
            "id": event.id,
            "type": PUBLISHED[event.type][0],
            "subject": event.subject,
            "sequence": event.sequence,
            "createdAt": stamp(event.created_at),
            "data": flat(event),
        }
        for event in found[:limit]
    ]
    return Reply({"success": True, "events": shown, "hasMore": len(found) > limit})


def _published(caller: Credential, after: str | None, wanted: int) -> list[Event]:
    """So many events that this API has words for; what only others speak of is passed over."""
    found: list[Event] = []
    until = runtime.now() - HELD_BACK
    while len(found) < wanted:
        page = core.events().after(caller.merchant.id, caller.environment, after, until=until, limit=wanted)
        found += [event for event in page if event.type in PUBLISHED]
        if len(page) < wanted:
            break
        after = page[-1].id
    return found[:wanted]
