"""POST /api/operator/merchants/{merchantId}/{action}: suspend it, resume it, or mail it a link to its keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.domain import forms
from shared.domain.errors import NotFound
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.operators import invited, named_merchant, suspended


class MerchantAct(BaseModel):
    """For invite alone."""

    language: Annotated[str, StringConstraints(pattern=forms.LANGUAGE)] = Field(
        default="en", description="Of the mail, such as it"
    )
    replaceKeys: bool = Field(
        default=False,
        description="For a merchant that has keys: all of them stop working when the link is opened",
    )


@endpoint(
    "POST",
    "/api/operator/merchants/{merchantId}/{action}",
    caller=Caller.OPERATOR,
    summary="suspend: nothing new begins, what is open ends, refunds go on; resume; invite: mail a link to its keys",
    request=MerchantAct,
)
def handler(call: Call) -> Reply:
    action, body = call.path("action"), call.body(MerchantAct)
    if action == "invite":
        return Reply(invited(call, named_merchant(call), body.language, replace_keys=body.replaceKeys))
    if action not in ("suspend", "resume"):
        raise NotFound("a merchant is told to suspend, resume or invite")
    return suspended(call, resume=action == "resume")
