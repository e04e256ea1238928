"""POST /api/v1/payments/{id}/cancel: the customer does not come back, and the order is to be paid otherwise."""

from __future__ import annotations

from shared.domain.errors import IllegalTransition
from shared.domain.payment import Ending
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.ending import ended
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.payments import own_payment, shown_payment


@endpoint(
    "POST",
    "/api/v1/payments/{id}/cancel",
    aliases=("/api/v1/payment/{id}/cancel",),
    caller=Caller.SECRET_KEY,
    summary="End a payment that nobody has completed; its order can be paid again at once",
)
def handler(call: Call) -> Reply:
    payment = own_payment(call)
    if payment.is_final:
        raise IllegalTransition("The payment is over already", code="payment_over")
    payment = ended(payment, Ending.CANCELLED, "cancelled", "The shop cancelled")
    if payment.ending is not Ending.CANCELLED:
        raise IllegalTransition("The payment is over already", code="payment_over")
    return Reply(shown_payment(payment))
