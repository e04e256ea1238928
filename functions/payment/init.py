"""POST /api/payment/init and /initiate: create a payment and say where the customer pays it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from shared.bootstrap import core, runtime
from shared.domain import ids
from shared.domain.ids import PaymentId
from shared.domain.merchant import Credential, KeyKind
from shared.domain.mistakes import Mistakes
from shared.domain.money import Money
from shared.domain.target_url import check_browser_url, check_host, check_webhook_url
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import Amount, CardMode, CurrencyCode, CustomerId, Email, Text, Url, VoucherPart
from shared.families.payglobe.payments import checkout_url
from shared.usecases.payment.start_payment import NewPayment, Started, start_payment


class InitRequest(BaseModel):
    amount: Amount
    currency: CurrencyCode = "EUR"
    maxVoucherAmount: VoucherPart = None
    email: Email | None = Field(default=None, description="Where the receipt goes")
    description: Text = ""
    notifyUrl: Url | None = Field(default=None, description="Webhook address of this payment alone")
    errorUrl: Url | None = None
    returnUrl: Url | None = Field(default=None, description="Where the link on the receipt leads")
    callbackUrl: Url | None = Field(default=None, description="{transactionId} in it is replaced")
    paymentMode: CardMode | None = None
    customerId: CustomerId | None = None
    language: Text = ""


def _with_client_secret(call: Call, answer: dict[str, Any]) -> None:
    if call.credential.kind is KeyKind.SECRET:
        answer["clientSecret"] = ids.client_secret(PaymentId(answer["transactionId"]), call.private_seed[32:])


@endpoint(
    "POST",
    "/api/payment/init",
    aliases=("/api/payment/initiate",),
    caller=Caller.ANY_KEY,
    summary="Create a payment",
    request=InitRequest,
    idempotent=True,
    shown_once=frozenset({"clientSecret"}),
    recall=_with_client_secret,
    problems=(403,),
    cors=True,
)
def handler(call: Call) -> Reply:
    body, mistakes = call.body_so_far(InitRequest)
    amount, most_by_voucher = _checked(body, call.credential, mistakes)
    order = NewPayment(
        amount=amount,
        most_by_voucher=most_by_voucher,
        pages_origin=call.request.pages_origin,
        mode=body.paymentMode,
        description=body.description,
        email=body.email,
        language=body.language,
        customer_id=body.customerId,
        callback_url=body.callbackUrl,
        error_url=body.errorUrl,
        return_url=body.returnUrl,
        notify_url=body.notifyUrl,
    )
    if allowance := call.credential.payments:
        core.allowances().take(allowance, runtime.now())
    started = start_payment(
        order,
        call.credential,
        world=core.world(),
        seed=call.private_seed,
        repeated=call.once.repeated,
        answer=lambda started: call.once.keep(_created(started)),
    )
    return _created(started)


def _checked(body: InitRequest, credential: Credential, mistakes: Mistakes) -> tuple[Money, Money | None]:
    """The amount and what of it vouchers may pay, if they and every address are in order.

    Raises InvalidRequest for all that is not, beside what was wrong with their fields. A publishable key is
    anybody's, so that it names no host that the merchant does not know.
    """
    account, anybodys = credential.account, credential.kind is KeyKind.PUBLISHABLE
    with mistakes:
        amount = Money.parse(body.amount, body.currency)
        most_by_voucher = Money.part(body.maxVoucherAmount, amount, "maxVoucherAmount")
    for name in ("callbackUrl", "errorUrl", "returnUrl"):
        with mistakes:
            if url := getattr(body, name):
                check_browser_url(url.replace("{transactionId}", "id"), credential.environment, name)
                check_host(url, account.callback_hosts if anybodys else (), name)
    with mistakes:
        if url := body.notifyUrl:
            private = runtime.allow_private_targets()
            check_webhook_url(url.replace("{transactionId}", "id"), "notifyUrl", allow_private=private)
            check_host(url, account.notify_hosts if anybodys else (), "notifyUrl")
    mistakes.tell()
    return amount, most_by_voucher


def _created(started: Started) -> Reply:
    payment = started.payment
    reply: dict[str, object] = {
        "success": True,
        "transactionId": payment.id,
        "id": payment.id,
        "status": payment.status.value,
        "totalAmount": payment.amount.major,
        "currency": payment.amount.currency,
        "redirectUrl": payment.redirect_url,
        "checkoutUrl": checkout_url(payment),
        "igfs": {"paymentId": payment.page_id, "status": payment.status.value},
        "paymentMode": payment.mode.value,
    }
    if started.client_secret is not None:
        reply["clientSecret"] = started.client_secret
    return Reply(reply)
