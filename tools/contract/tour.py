"""The tour of the Postman collection: requests that follow from one another, each with what it has to be answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tools.contract.routes import endpoints


@dataclass(frozen=True, slots=True)
class Step:
    """``path`` and ``body`` may name what steps before have kept, as ``{{variable}}``.

    ``keeps`` is where a variable is in the answer; ``says`` what has to stand there. ``until`` asks again, for a
    while, as long as something else stands there.
    """

    name: str
    module: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: Any = None
    status: int = 200
    keeps: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, object] = field(default_factory=dict)
    until: Mapping[str, object] = field(default_factory=dict)


_CARD: Final = {
    "number": "4242424242424242",
    "holderName": "Ada Rossi",
    "expiryMonth": 12,
    "expiryYear": 2030,
    "cvv": "123",
}
_PAYMENT: Final = {"transactionId": "{{transactionId}}"}
_PAGE: Final = {"paymentID": "{{paymentId}}"}
_BEGUN: Final = {"transactionId": "transactionId", "paymentId": "igfs.paymentId"}
_LINK: Final = {"id": "{{linkId}}"}
_HOOK: Final = {"id": "{{webhookId}}"}
_SAVED: Final = {"cardId": "{{cardId}}"}
_BY: Final = "customerId={{customerId}}"
_BOTH: Final = {"capturedAmount": 100, "voucherAmount": 50}
_PART: Final = {"amount": 30.00}
_READY: Final = {"status": "SUCCESS"}


def _begin(what: str, **more: object) -> Step:
    return Step(
        f"Begin {what}", "payment.init", body={"amount": 150.00, "description": "Order 12345", **more}, keeps=_BEGUN
    )


def _pay(what: str) -> Step:
    return Step(f"The customer's card: {what}", "sandbox.card_page_submit", _PAGE, body=_CARD)


STEPS: Final = (
    _begin("a payment"),
    Step("What the card page shows", "sandbox.card_page", _PAGE),
    _pay("the whole amount is held"),
    Step(
        "The customer chooses a voucher",
        "payment.voucher_choice",
        _PAYMENT,
        body={"choice": "VOUCHERS", "vouchers": [{"otp": "{{voucher}}"}]},
        status=202,
    ),
    Step("The payment", "payment.transaction", _PAYMENT, until=_READY, says=_BOTH),
    Step("The sandbox's book of the card", "sandbox.payment_book", _PAGE),
    Step("The sandbox's book of the voucher", "sandbox.voucher_book", {"otp": "{{voucher}}"}),
    Step("What a refund would do", "payment.refund", _PAYMENT, "preview=true", _PART, says={"preview": True}),
    Step("Give 30.00 back", "payment.refund", _PAYMENT, body={"amount": 30.00}, says={"remainingAmount": 120}),
    Step("Every refund", "payment.refunds", _PAYMENT),
    _begin("a payment to capture by hand"),
    _pay("held for a capture"),
    Step("Capture a part", "payment.capture", _PAYMENT, body={"amount": 100.00}, says={"capturedAmount": 100}),
    _begin("a payment to release"),
    _pay("held for a release"),
    Step("Release the hold", "payment.void", _PAYMENT, body={"reason": "Out of stock"}, says={"status": "VOIDED"}),
    _begin("a payment that is given up"),
    Step("The customer gives up", "payment.cancel", _PAYMENT, status=202),
    Step("Payments of the merchant", "merchant.transactions", query="limit=5"),
    Step(
        "Create a payment link",
        "payment_link.create",
        body={"amount": 20.00, "description": "Lunch", "linkType": "MAIL", "customerEmail": "ada@example.com"},
        keeps={"linkId": "transactionId"},
    ),
    Step("The link", "payment_link.get", _LINK, says={"status": "PENDING"}),
    Step("Send it again", "payment_link.resend", _LINK),
    Step("What its customer sees", "payment_link.public", _LINK),
    Step("Its QR code", "payment_link.qrcode", _LINK),
    Step("Whether it was paid", "payment_link.verify", _LINK),
    Step("Links of the merchant", "payment_link.list"),
    Step("Cancel the link", "payment_link.cancel", _LINK, says={"status": "CANCELLED"}),
    Step("Mails that were sent in test", "sandbox.messages"),
    _begin("a payment whose card is saved", paymentMode="SALE_WITH_TOKENIZATION", customerId="{{customerId}}"),
    _pay("charged at once"),
    Step("It is paid", "payment.transaction", _PAYMENT, until=_READY),
    Step(
        "Save the card",
        "token_payment.save_card",
        body={**_PAYMENT, "customerId": "{{customerId}}"},
        keeps={"cardId": "cardId"},
    ),
    Step("Cards of the customer", "token_payment.list", query=_BY, says={"count": 1}),
    Step("Make it the default", "token_payment.set_default", _SAVED, _BY, says={"isDefault": True}),
    Step("Charge it", "token_payment.pay", body={**_SAVED, "customerId": "{{customerId}}", "amount": 9.90}),
    Step("Delete it", "token_payment.delete", _SAVED, _BY),
    Step("Register a webhook", "merchant.webhooks_create", body={"url": "{{receiver}}"}, keeps={"webhookId": "id"}),
    Step("Webhooks of the merchant", "merchant.webhooks_list"),
    Step("One webhook", "merchant.webhooks_get", _HOOK, says={"status": "ENABLED"}),
    Step("Pause it", "merchant.webhooks_update", _HOOK, body={"status": "PAUSED"}, says={"status": "PAUSED"}),
    Step("Send it an event", "merchant.webhooks_test", _HOOK, status=202),
    Step("Its deliveries", "merchant.webhooks_deliveries", _HOOK),
    Step("A new secret", "merchant.webhooks_rotate_secret", _HOOK),
    Step("Delete the webhook", "merchant.webhooks_delete", _HOOK, says={"deleted": True}),
    Step("Everything that happened", "merchant.events", query="limit=5"),
    Step("Settings", "merchant.settings"),
    Step("What was changed", "merchant.changes"),
    Step("Disputes", "dispute.list"),
    Step("Disputes in figures", "dispute.stats"),
    Step(
        "Glomopay: a customer",
        "glomopay.customer_create",
        body={"name": "Ada Rossi", "customer_type": "individual", "email": "{{customerId}}@example.com",
              "address": "Via Roma 1", "city": "Genova", "state": "Liguria", "country": "ITA"},
        status=201,
        keeps={"glomopayCustomer": "id"},
    ),
    Step("Glomopay: that customer", "glomopay.customer_get", {"id": "{{glomopayCustomer}}"}),
    Step("Glomopay: customers", "glomopay.customer_list"),
    Step("Glomopay: orders", "glomopay.order_list"),
    Step("Glomopay: payments", "glomopay.payment_list"),
    Step("Paygol: the service", "merchant.paygol_get"),
)  # fmt: skip


def tour_item(step: Step) -> dict[str, Any]:
    """A step as Postman has it, with the script that judges its answer and keeps what the next ones need."""
    endpoint = endpoints()[step.module]
    path = endpoint.path
    for name, value in step.path.items():
        path = path.replace(f"{{{name}}}", value)
    request: dict[str, Any] = {
        "method": endpoint.method,
        "header": [],
        "url": f"{{{{baseUrl}}}}{path}{'?' + step.query if step.query else ''}",
    }
    if step.body is not None:
        text = json.dumps(step.body, indent=2).replace('"{{cardId}}"', "{{cardId}}")
        request["header"] = [{"key": "Content-Type", "value": "application/json"}]
        request["body"] = {"mode": "raw", "raw": text}
    events = [{"listen": "test", "script": {"type": "text/javascript", "exec": _judging(step)}}]
    if step is STEPS[0]:
        events.insert(0, {"listen": "prerequest", "script": {"type": "text/javascript", "exec": _FRESH}})
    return {"name": step.name, "event": events, "request": request}


# Each run has a voucher and a customer of its own.
_FRESH: Final = [
    "const run = Date.now().toString(16);",
    'pm.collectionVariables.set("voucher", `V5000-R${run}`);',
    'pm.collectionVariables.set("customerId", `run-${run}`);',
]
MOST_TRIES: Final = 120


def _judging(step: Step) -> list[str]:
    lines = [f'pm.test("is answered with {step.status}", () => pm.response.to.have.status({step.status}));']
    if not (step.keeps or step.says or step.until):
        return lines
    lines.append("const said = pm.response.json();")
    if step.until:
        arrived = " && ".join(f"said.{name} === {json.dumps(value)}" for name, value in step.until.items())
        lines += [
            'const tries = Number(pm.collectionVariables.get("tries") || 0) + 1;',
            f"if (!({arrived}) && tries < {MOST_TRIES}) {{",
            '  pm.collectionVariables.set("tries", tries);',
            f"  pm.execution.setNextRequest({json.dumps(step.name)});",
            "  return;",
            "}",
            'pm.collectionVariables.unset("tries");',
        ]
    for name, value in {**step.until, **step.says}.items():
        wanted = json.dumps(value)
        lines.append(f"pm.test({json.dumps(f'{name} is {wanted}')}, () => pm.expect(said.{name}).to.eql({wanted}));")
    lines += [f"pm.collectionVariables.set({json.dumps(name)}, said.{where});" for name, where in step.keeps.items()]
    return lines
