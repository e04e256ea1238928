"""What several payment endpoints need: the caller's own payment, and how a payment is shown."""

from __future__ import annotations

import math
from decimal import Decimal

from shared.bootstrap import core, runtime
from shared.domain import ids
from shared.domain.difference import given_back
from shared.domain.errors import NotFound
from shared.domain.ids import PaymentId
from shared.domain.merchant import KeyKind
from shared.domain.money import Money
from shared.domain.operation import Kind, State
from shared.domain.payment import AWAITING_CARD, AWAITING_CHOICE, Environment, Mode, Payment
from shared.edge.brand import brand_of
from shared.edge.call import Call
from shared.edge.ownership import check_owner
from shared.families.payglobe import auth
from shared.families.payglobe.views import iso, payment_method

_NO_MONEY = (Kind.VOUCHER_VALIDATE, Kind.VOUCHER_NOTIFY)


def owned_payment(call: Call, name: str = "transactionId") -> Payment:
    """The payment named in the path, if it is the caller's. Raises NotFound or Unauthenticated."""
    payment_id = PaymentId(call.path(name))
    if call.identity.credential is None:
        # A client secret names its payment; for any other one it is just an unknown key.
        if ids.payment_of_client_secret(call.identity.token) != payment_id:
            raise NotFound("there is no such payment")
        payment = core.payments().get(payment_id)
        auth.check_client_secret(call.identity.token, payment)
        call.about = payment
        return payment
    payment = core.payments().get(payment_id)
    check_owner(payment, call.credential, "payment")
    return payment


def is_secret_key(call: Call) -> bool:
    credential = call.identity.credential
    return credential is not None and credential.kind is KeyKind.SECRET


def checkout_url(payment: Payment) -> str:
    """Where a browser resumes this payment, whatever step it is at. One that is at an acquirer is found by its id."""
    if payment.mode is Mode.ALTERNATIVE:
        return payment.redirect_url
    named = f"transactionId={payment.id}&" if payment.card_page is not None and payment.card_page.url else ""
    return f"{payment.pages_origin}/pay/checkout/?{named}paymentID={payment.page_id}"


def next_page(payment: Payment, secret: str) -> str:
    """The hosted page after the card: the choice while there is one, else the result. The secret is a fragment."""
    page = "choice" if payment.status in AWAITING_CHOICE else "result"
    return f"{payment.pages_origin}/pay/{page}/?transactionId={payment.id}#{secret}"


def can_be_paid(payment: Payment) -> bool:
    return payment.status in AWAITING_CARD | AWAITING_CHOICE and not payment.is_expired(runtime.now())


def seconds_left(payment: Payment) -> int:
    """How long it can still be paid by our clock, for browsers whose own may be wrong; 0 exactly when it is over."""
    return max(0, math.ceil((payment.expires_at - runtime.now()).total_seconds()))


def shown(payment: Payment, *, full: bool) -> dict[str, object]:
    """The reply of ``GET transaction/{id}``; ``full`` for a secret key, redacted for everybody else."""
    part = payment.to_capture
    view: dict[str, object] = {
        "success": True,
        "transactionId": payment.id,
        "id": payment.id,
        "status": payment.status.value,
        "beingChecked": payment.is_being_checked,
        "totalAmount": payment.amount.major,
        "currency": payment.amount.currency,
        "description": payment.description,
        "merchantName": payment.merchant_name,
        "brand": brand_of(payment),
        "paymentMode": payment.mode.value,
        "paymentId": payment.page_id,
        "voucherAmount": payment.spent.major,
        "maxVoucherAmount": None if payment.most_by_voucher is None else payment.most_by_voucher.major,
        "voucherAmountLeft": _for_vouchers(payment).major,
        "cardGateway": {
            "paymentId": payment.page_id,
            "preauthorizedAmount": payment.authorised.major,
            "status": _card_status(payment),
            "capturesWhole": payment.captures_whole,
        },
        "breakdown": {
            "cardAmount": part.major,
            "voucherAmount": payment.spent.major,
            "paymentMethod": payment_method(payment.mode, part, payment.spent),
        },
        "capturedAmount": payment.captured.major,
        "releasedAmount": released(payment),
        "vouchers": _vouchers(payment) if payment.vouchers else [],
        "lastError": None,
        "expiresAt": iso(payment.expires_at),
        "expiresIn": seconds_left(payment),
        "createdAt": iso(payment.created_at),
        "completedAt": iso(payment.completed_at),
        "frameOrigins": list(payment.frame_origins),
        "language": payment.language,
        "livemode": payment.environment is Environment.LIVE,
        "returnUrl": payment.return_url,
    }
    if payment.difference:
        back = given_back(payment)
        view["difference"] = {"amount": payment.difference.major, "givenBack": bool(back)}
    if payment.failure is not None:
        view["lastError"] = {"code": payment.failure.code, "message": payment.failure.message}
    if can_be_paid(payment) and payment.challenge is None:
        view |= {"redirectUrl": payment.redirect_url, "checkoutUrl": checkout_url(payment)}
    return view | (_details(payment) if full else {})


def _for_vouchers(payment: Payment) -> Money:
    """What vouchers may pay of it yet."""
    over = payment.is_final or not payment.mode.has_flow
    return payment.amount.zero() if over else payment.open_to_vouchers


def _vouchers(payment: Payment) -> list[dict[str, object]]:
    from shared.families.payglobe.voucher_views import shown_vouchers  # most that are read have none

    return shown_vouchers(payment)


def _card_status(payment: Payment) -> str:
    last = payment.last(Kind.PREAUTH, Kind.SALE)
    if last is None or last.is_open:
        return "PENDING"
    return "SUCCESS" if last.state is State.SUCCEEDED else "FAILED"


def released(payment: Payment) -> Decimal:
    """What of the hold went back to the customer, once that is settled."""
    if payment.last(Kind.VOID) is not None:
        return payment.voided.major
    # Where a difference was taken, and given back, nothing of the hold was let go.
    rest = payment.done(Kind.CAPTURE) and not payment.difference
    return (payment.authorised - payment.captured if rest else payment.amount.zero()).major


def _consent(payment: Payment) -> dict[str, object] | None:
    said = payment.consent
    if said is None:
        return None
    return {"given": said.given, "text": said.text, "language": said.language, "at": iso(said.at)}


def _authentication(payment: Payment) -> dict[str, object] | None:
    """What is known of the card that paid, or was to; None from a gateway that says nothing of it."""
    last = payment.last(Kind.PREAUTH, Kind.SALE)
    if last is None or last.proof is None:
        return None
    told, captured = last.proof.three_ds, payment.done(Kind.CAPTURE)
    # What was taken is what is protected, and may be so although the hold was not.
    taken = captured[-1].proof.protection if captured and captured[-1].proof else None
    covered = taken or last.proof.protection
    return {
        "networkReference": last.proof.network_reference or None,
        "sellerProtection": covered and {"status": covered.status, "disputes": list(covered.disputes)},
        "threeDSecure": told
        and {
            "enrolled": told.enrolled,
            "authenticated": told.authenticated,
            "liabilityShift": told.liability_shift,
            "eci": told.eci or None,
            "status": told.status or None,
        },
    }


def _details(payment: Payment) -> dict[str, object]:
    card = payment.card
    return {
        "customerEmail": payment.email,
        "customerId": payment.customer_id,
        "orderId": payment.order_id,
        "linkId": payment.link_id,
        "reference": payment.reference or None,
        "gateway": payment.called,
        "family": payment.family,
        "settledBy": payment.settled_by or None,
        "card": card and {"brand": card.brand, "last4": card.last4, "expiry": card.expiry},
        "cardConsent": _consent(payment),
        "cardAuthentication": _authentication(payment),
        "refundableAmount": payment.refundable.major,
        "disputedAmount": Money(payment.disputed, payment.amount.currency).major,
        "disputes": list(payment.disputes),
        "attention": payment.attention,
        "operations": [
            {
                "operation": op.kind.value,
                "key": op.key,
                "amount": None if op.kind in _NO_MONEY else op.amount.major,
                "state": op.state.value,
                "responseCode": op.code,
                "responseMessage": op.message,
                "reference": op.reference,
                "provisional": op.provisional,
                "startedAt": iso(op.started_at),
                "closedAt": iso(op.closed_at),
            }
            for op in payment.operations
        ],
    }
