"""POST /api/merchant/paygol/rotate-secret: a new secret of the service; the old one passes for a day more."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.services import by_the_merchant, own_service
from shared.usecases.webhook.service_endpoint import rotate_service


@endpoint(
    "POST",
    "/api/merchant/paygol/rotate-secret",
    caller=Caller.SECRET_KEY,
    summary="Replace the Paygol service's secret; it is shown this once",
    problems=(404,),
)
def handler(call: Call) -> Reply:
    service = own_service(call, "paygol")
    rotated = rotate_service(call.credential.merchant.id, service, office=by_the_merchant(call))
    return Reply({"success": True, "secret_key": rotated.secrets[0].value})
