"""POST and GET /api/v2/auth/token: a token for a day, for a service that signs."""

from __future__ import annotations

from shared.bootstrap import runtime
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol.auth import Caller, new_token
from shared.families.paygol.bodies import TokenRequest
from shared.families.paygol.endpoint import endpoint


@endpoint("/api/v2/auth/token", caller=Caller.SIGNED, summary="Get a token", request=TokenRequest)
def handler(call: Call) -> Reply:
    service_id = call.body(TokenRequest).service_id
    return Reply({"result": 0, "token": new_token(service_id, call.identity.signing_key, runtime.now())})
