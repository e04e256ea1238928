"""An operator's word on an operation that its gateway answers no question about: ``make settle`` calls this."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.bootstrap import core
from shared.domain.errors import GatewayError
from shared.domain.ids import PaymentId
from shared.domain.operation import Answer, State
from shared.edge.observe import logger
from shared.usecases.payment.settle import settle


class Word(BaseModel):
    """``who`` and ``why`` stand in the journal. ``reference`` is the gateway's number of the call, if any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    payment: str = Field(max_length=64)
    key: str = Field(max_length=128)
    state: State
    who: str = Field(min_length=1, max_length=256)
    why: str = Field(min_length=1, max_length=500)
    reference: str = Field(default="", max_length=128)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """``{ok, payment, status, attention}``, or ``{ok: false, code, message}`` when nothing was closed."""
    word = Word.model_validate(event)
    if word.state not in (State.SUCCEEDED, State.REFUSED):
        return {"ok": False, "code": "invalid_state", "message": "STATE is SUCCEEDED or REFUSED"}
    answer = Answer(word.state, "settled", f"{word.who}: {word.why}", reference=word.reference or None)
    try:
        payment = settle(PaymentId(word.payment), word.key, answer, world=core.world())
    except GatewayError as error:
        return {"ok": False, "code": error.error_code, "message": str(error)}
    logger().info("settled by hand", paymentId=payment.id, key=word.key, state=word.state, who=word.who)
    return {"ok": True, "payment": payment.id, "status": payment.status, "attention": payment.attention}
