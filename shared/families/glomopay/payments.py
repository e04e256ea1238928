"""What the payment endpoints share: the caller's own payment, and how one is shown."""

from __future__ import annotations

from typing import Final

from shared.bootstrap import records
from shared.domain import ids as forms
from shared.domain.errors import NotFound
from shared.domain.ids import PaymentId
from shared.domain.merchant import Credential
from shared.domain.operation import Kind
from shared.domain.payment import Payment
from shared.edge.call import Call
from shared.edge.ownership import check_owner
from shared.families.glomopay import ids
from shared.families.glomopay.statuses import PaymentStatus, failure_fields, shown_status
from shared.families.glomopay.times import iso
from shared.families.glomopay.views import payment_view
from shared.usecases.payment.facts import payment_facts

_UNKNOWN: Final = "Payment not found"


def own_payment(call: Call) -> Payment:
    """The payment named in the path, if it is the caller's. Raises InvalidRequest, NotFound."""
    return payment_of(ids.named(call, ids.PAYMENT), call.credential)


def payment_of(payment_id: str, credential: Credential) -> Payment:
    """The caller's payment of this id. Raises NotFound."""
    try:
        if not forms.is_id(payment_id):
            raise NotFound(_UNKNOWN)
        payment = records.payments().get(PaymentId(payment_id))
        check_owner(payment, credential, "payment")
    except NotFound:
        raise NotFound(_UNKNOWN) from None
    return payment


def shown_payment(payment: Payment) -> dict[str, object]:
    """The reply of ``GET /payments/{id}``."""
    facts = payment_facts(payment, Kind.SALE, payment.completed_at or payment.created_at)
    given_back: dict[str, object] = {"amount_refunded": payment.refunded}
    if payment.refunded_at is not None:
        given_back["updated_at"] = iso(payment.refunded_at)
    return payment_view(facts, payment.merchant_id) | given_back


def redirect_url(payment: Payment) -> str | None:
    """Where the browser goes when the payment is over, always the same; None before."""
    if not payment.is_final:
        return None
    if shown_status(payment.status) is PaymentStatus.SUCCESS:
        return payment.callback_url
    from shared.families.glomopay.callbacks import added  # what is paid or polled goes nowhere

    why = failure_fields(payment.status, payment.failure)["customer_error_description"]
    return payment.error_url and added(payment.error_url, {"error": why or ""})
