"""POST /api/v1/refunds: give a payment back, in full or in part."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.bootstrap import core, runtime
from shared.domain import ids
from shared.domain.errors import Conflict, IllegalTransition, InProgress, InvalidAmount, Refused
from shared.domain.merchant import Credential
from shared.domain.money import Money
from shared.domain.payment import Payment
from shared.domain.refund import MoreThanLeft, Refund, RefundStatus, reference_taken
from shared.edge.asking import asked_after
from shared.edge.call import Call
from shared.edge.fields import NoCardNumber
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.fields import Amount, DocumentRef, PaymentRef, RequestId, Said
from shared.families.glomopay.payments import payment_of
from shared.families.glomopay.views import shown_refund
from shared.usecases.refund.refund_payment import refund_payment

LONGEST_AGO = timedelta(days=180)
STATUS = {RefundStatus.SUCCESS: 201, RefundStatus.PENDING: 202, RefundStatus.FAILED: 422}
Address = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2048), NoCardNumber]


class CreateRefundRequest(BaseModel):
    payment_id: PaymentRef = Field(examples=["payt_abcdefghijklmnop"])
    amount: Amount | None = Field(default=None, description="In minor units; all that is left, when absent")
    reason: Said | None = None
    request_id: RequestId | None = None
    document_id: DocumentRef | None = Field(default=None, description="Taken and not looked up")
    document_url: Address | None = Field(default=None, description="Taken and not looked up")
    file_name: Said | None = Field(default=None, description="Taken and not looked up")


@endpoint(
    "POST",
    "/api/v1/refunds",
    beside=("GET",),
    caller=Caller.SECRET_KEY,
    summary="Refund a payment, in full or in part; 422 with the refund itself when the card's bank refuses",
    request=CreateRefundRequest,
    success=(201, 202, 422),
    problems=(403, 404),
)
def handler(call: Call) -> Reply:
    body, mistakes = call.body_so_far(CreateRefundRequest)
    if not hasattr(body, "payment_id"):
        mistakes.tell()
    payment = payment_of(body.payment_id, call.credential)
    mistakes.tell()  # whose payment it is comes before what is wrong with the rest
    if payment.completed_at and runtime.now() - payment.completed_at > LONGEST_AGO:
        raise IllegalTransition("A payment can be refunded for 180 days", code="too_old")
    refund = _refunded(payment, body, call)
    return Reply(shown_refund(refund), STATUS[refund.status])


def _refunded(payment: Payment, body: CreateRefundRequest, call: Call) -> Refund:
    seed = call.once.seed
    amount = None if body.amount is None else Money(body.amount, payment.amount.currency)
    try:
        return asked_after(
            lambda: refund_payment(
                payment.id,
                amount,
                body.reason or "",
                world=core.world(),
                seed=seed,
                reference=body.request_id or "",
                alone=True,
                by=call.credential.called,
            )
        )[1]
    except Refused:
        return core.payments().refund(payment.id, ids.refund_id_of(payment.id, seed))
    except (Conflict, InvalidAmount) as error:
        if not isinstance(error, InProgress):
            _check_new(body, call.credential)
        if isinstance(error, MoreThanLeft):
            raise InvalidAmount(
                f"at most {error.left.minor} can still be refunded", code="amount_too_large"
            ) from error
        raise


def _check_new(body: CreateRefundRequest, caller: Credential) -> None:
    """Raises Conflict for a number that names a refund: that one may be why nothing, or less, is left."""
    if body.request_id and core.payments().refund_by_reference(
        caller.merchant.id, caller.environment, body.request_id
    ):
        raise reference_taken()
