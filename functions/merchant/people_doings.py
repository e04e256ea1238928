"""GET /api/merchant/people/doings: what people asked for, and keys of webhooks, with who it was."""

from __future__ import annotations

from typing import Final

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.people import shown_doing
from shared.usecases.people.keep_people import reach

MOST: Final = 100


@endpoint(
    "GET",
    "/api/merchant/people/doings",
    caller=Caller.SECRET_KEY,
    summary="What people changed, and keys of webhooks, newest first; written down before it was done",
)
def handler(call: Call) -> Reply:
    caller = call.credential
    done = core.doings().last(caller.merchant.id, MOST)
    shown = [shown_doing(one) for one in done if one.environment in reach(caller)]
    return Reply({"success": True, "doings": shown, "count": len(shown)})
