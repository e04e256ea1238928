"""POST /api/operator/welcome: the link that a merchant was mailed is opened, and its keys are made and shown once."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from shared.bootstrap import core, runtime
from shared.domain.payment import Environment
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.usecases.merchant.changing import Office
from shared.usecases.merchant.key_ring import sealed_by
from shared.usecases.operator.inviting import accept


class WelcomeRequest(BaseModel):
    token: Annotated[SecretStr, Field(max_length=200)] = Field(description="What the link has behind its #")


@endpoint(
    "POST",
    "/api/operator/welcome",
    caller=Caller.ANYONE,
    summary="Open the mailed link: the keys are made with this call, and shown by it alone",
    request=WelcomeRequest,
    problems=(404,),
)
def handler(call: Call) -> Reply:
    token = call.body(WelcomeRequest).token.get_secret_value()
    record, keys = accept(
        token,
        office=Office(core.merchants(), "the mailed link", runtime.now, runtime.entropy, runtime.pause),
        keep=sealed_by(core.vault(), runtime.now),
    )
    secrets = {each.value: core.merchants().own_secret(record.merchant.id, each).value for each in Environment}
    services = [
        {
            "service_id": service.id,
            "environment": service.environment.value,
            "secret_key": service.secrets[0].value,
        }
        for service in record.services
    ]
    return Reply(
        {
            "success": True,
            "merchantId": record.merchant.id,
            "name": record.merchant.name,
            "keys": {f"{key.kind}_{key.environment}": key.value for key in keys},
            "webhookSecrets": secrets,
            "paygol": services,
        }
    )
