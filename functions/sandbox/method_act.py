"""POST /sandbox/methods/{id}: what the provider of a test payment does next."""

from __future__ import annotations

from pydantic import BaseModel, Field

from shared.bootstrap import core, sandbox
from shared.domain.account import SANDBOX
from shared.domain.errors import IllegalTransition, NotFound
from shared.domain.method import Action
from shared.domain.method_course import is_begun
from shared.domain.payment import Mode
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol.doors import page_door
from shared.families.paygol.returning import return_door
from shared.families.paygol.statuses import FINAL, status_of
from shared.families.paygol.transactions import find_transaction
from shared.usecases.method.begin_method import begin_method
from shared.usecases.method.record_method_outcome import record_method_outcome


class ActRequest(BaseModel):
    action: Action = Field(examples=["pay"])


@page_door(
    "POST",
    "/sandbox/methods/{id}",
    summary="Have the sandbox's method provider pay, reject, fail or expire",
    request=ActRequest,
    problems=(400, 409),
)
def handler(call: Call) -> Reply:
    """From ``created`` it begins by itself. The action that ended it may be repeated; another one is a conflict."""
    call.about = payment = find_transaction(call.path("id"))
    action = call.body(ActRequest).action
    if payment.provider != SANDBOX:
        raise NotFound("the sandbox has no part in this transaction")
    if payment.mode is not Mode.ALTERNATIVE or payment.method_choice is None:
        raise IllegalTransition("the transaction has no method that a provider takes money for", code="no_method")
    if payment.is_final and not is_begun(payment):
        raise IllegalTransition("the transaction was over before its provider was asked to begin")
    if not payment.is_final:
        payment = begin_method(payment, world=core.world())
    sandbox.sandbox_counter().act(payment.id, action)
    payment = record_method_outcome(payment.id, world=core.world())
    status = status_of(payment)
    return Reply({"status": status.value, "nextUrl": return_door(payment) if status in FINAL else None})
