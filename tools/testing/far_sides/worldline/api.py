"""What the acquirer answers to each call of a shop: who signed it, what was answered before, what its books say."""

from __future__ import annotations

import hmac
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tools.testing.far_sides.door import Request
from tools.testing.far_sides.worldline.books import CODES, Checkout, Part, Payment, Refused, Shop, malformed

Body = Mapping[str, Any]
PAGE: Final = "/hostedcheckout"
_MODES: Final = frozenset({"PRE_AUTHORIZATION", "FINAL_AUTHORIZATION", "SALE"})
_TOKENS: Final = frozenset({"createWithConsent", "createAlways", "noTokenization"})


def signature(secret: str, method: str, headers: Mapping[str, str], target: str) -> str:
    """Of a request; header names in lower case."""
    own = sorted(name for name in headers if name.startswith("x-gcs"))
    lines = [method, headers.get("content-type", ""), headers.get("date", "")]
    lines += [f"{name}:{headers[name].strip()}" for name in own]
    text = "".join(f"{line}\n" for line in [*lines, target])
    return b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).decode()


def is_signed(shop: Shop, request: Request) -> bool:
    target = f"{request.path}?{request.query}" if request.query else request.path
    right = f"GCS v1HMAC:{shop.key_id}:{signature(shop.secret, request.method, request.headers, target)}"
    return "date" in request.headers and hmac.compare_digest(request.headers.get("authorization", ""), right)


class Api:
    """The calls of one shop."""

    def __init__(self, shop: Shop, origin: str) -> None:
        self.shop, self.origin = shop, origin

    def answer(self, request: Request) -> tuple[int, Any]:
        own = request.headers.get("x-gcs-idempotence-key", "")
        if len(own) > 40:
            raise malformed("X-GCS-Idempotence-Key")
        with self.shop.lock:
            if own and (request.path, own) in self.shop.answered:
                return self.shop.answered[request.path, own]
            try:
                said = self._done(request)
            except Refused as refusal:
                said = refusal.status, refusal.body
            if own:
                self.shop.answered[request.path, own] = said
            return said

    def _done(self, request: Request) -> tuple[int, Any]:
        try:
            body = json.loads(request.body or b"{}")
        except ValueError:
            raise malformed("JSON") from None
        for method, pattern, call in _CALLS:
            found = re.fullmatch(f"/v2/{self.shop.merchant_id}{pattern}", request.path)
            if found and method == request.method:
                return call(self, body, *found.groups())
        raise Refused(404, "50001130", "Unknown resource")

    def open_page(self, body: Body) -> tuple[int, Any]:
        order, page = body.get("order") or {}, body.get("hostedCheckoutSpecificInput") or {}
        card = body.get("cardPaymentMethodSpecificInput") or {}
        amount, currency = _amount(order.get("amountOfMoney"))
        attempts = page.get("allowedNumberOfPaymentAttempts", 10)
        if not page.get("returnUrl") or card.get("authorizationMode") not in _MODES or not 1 <= attempts <= 10:
            raise malformed("hostedCheckoutSpecificInput")
        tokenization = (page.get("cardPaymentMethodSpecificInput") or {}).get("tokenizationMode", "noTokenization")
        if tokenization not in _TOKENS or not 1 <= page.get("sessionTimeout", 180) <= 1440:
            raise malformed("hostedCheckoutSpecificInput")
        made = Checkout(
            self.shop.number(),
            amount,
            currency,
            _reference(order.get("references")),
            card["authorizationMode"] == "SALE",
            tokenization == "createAlways",
            attempts,
            page["returnUrl"],
        )
        self.shop.checkouts[made.id] = made
        shown = {"RETURNMAC": "far-mac", "hostedCheckoutId": made.id, "merchantReference": made.reference}
        return 201, {**shown, "redirectUrl": f"{self.origin}{PAGE}/{made.id}"}

    def show_page(self, _: Body, name: str) -> tuple[int, Any]:
        checkout = self.shop.checkout(name)
        shown: dict[str, Any] = {"status": checkout.status}
        if checkout.payment is not None:
            shown["createdPaymentOutput"] = {"payment": _payment(checkout.payment)}
        return 200, shown

    def show_payment(self, _: Body, name: str) -> tuple[int, Any]:
        return 200, _payment(self.shop.payment(name))

    def capture(self, body: Body, name: str) -> tuple[int, Any]:
        amount, reference = body.get("amount"), _reference(body.get("operationReferences"))
        if not isinstance(amount, int) or isinstance(amount, bool):
            raise malformed("amount")
        made = self.shop.capture(name, amount, reference, final=body.get("isFinal") is True)
        return 201, _part(made, self.shop.payment(name), "captureOutput")

    def show_captures(self, _: Body, name: str) -> tuple[int, Any]:
        payment = self.shop.payment(name)
        return 200, {"captures": [_part(one, payment, "captureOutput") for one in payment.captures]}

    def cancel(self, body: Body, name: str) -> tuple[int, Any]:
        return 200, {"payment": _payment(self.shop.cancel(name))}

    def refund(self, body: Body, name: str) -> tuple[int, Any]:
        amount, currency = _amount(body.get("amountOfMoney"))
        if currency != self.shop.payment(name).currency:
            raise malformed("currencyCode")
        made = self.shop.refund(name, amount, _reference(body.get("operationReferences")))
        return 201, _part(made, self.shop.payment(name), "refundOutput")

    def show_refunds(self, _: Body, name: str) -> tuple[int, Any]:
        payment = self.shop.payment(name)
        return 200, {"refunds": [_part(one, payment, "refundOutput") for one in payment.refunds]}

    def charge(self, body: Body) -> tuple[int, Any]:
        order, card = body.get("order") or {}, body.get("cardPaymentMethodSpecificInput") or {}
        amount, currency = _amount(order.get("amountOfMoney"))
        if card.get("authorizationMode") != "SALE" or not card.get("token"):
            raise malformed("cardPaymentMethodSpecificInput")
        made = self.shop.charge(amount, currency, _reference(order.get("references")), card["token"])
        if made.error:
            raise Refused(402, made.error, "Declined", {"paymentResult": {"payment": _payment(made)}})
        return 201, {"payment": _payment(made)}

    def forget(self, _: Body, token: str) -> tuple[int, Any]:
        if self.shop.tokens.pop(token, None) is None:
            raise Refused(404, "50001140", "Unknown token")
        return 204, None

    def test(self, _: Body) -> tuple[int, Any]:
        return 200, {"result": "OK"}


def _amount(given: object) -> tuple[int, str]:
    amount = given if isinstance(given, dict) else {}
    value, currency = amount.get("amount"), amount.get("currencyCode", "")
    if not isinstance(value, int) or isinstance(value, bool) or not re.fullmatch("[A-Z]{3}", currency):
        raise malformed("amountOfMoney")
    return value, currency


def _reference(given: object) -> str:
    reference = given.get("merchantReference", "") if isinstance(given, dict) else ""
    if len(reference) > 40:
        raise malformed("merchantReference")
    return str(reference)


def _payment(one: Payment) -> dict[str, Any]:
    card = {"cardNumber": "*" * 12 + one.card[-4:], "bin": one.card[:6], "expiryDate": "1230"}
    about: dict[str, Any] = {"paymentProductId": 1, "authorisationCode": "647189", "card": card}
    if one.token:
        about["token"] = one.token
    if not one.error:
        about["schemeReferenceData"] = f"MCC{one.id.partition('_')[0]}"
        about["threeDSecureResults"] = {
            "authenticationStatus": "Y",
            "eci": "2",
            "schemeEci": "05",
            "liability": "issuer",
        }
    output: dict[str, Any] = {"amountOfMoney": {"amount": one.amount, "currencyCode": one.currency}}
    output |= {"references": {"merchantReference": one.reference}, "paymentMethod": "card"}
    state: dict[str, Any] = {"statusCode": CODES[one.status], "isCancellable": one.status == "PENDING_CAPTURE"}
    if one.error:
        state["errors"] = [{"errorCode": one.error, "code": one.error[:4], "message": "Declined"}]
    output["cardPaymentMethodSpecificOutput"] = about
    return {"id": one.id, "status": one.status, "statusOutput": state, "paymentOutput": output}


def _part(one: Part, payment: Payment, name: str) -> dict[str, Any]:
    output: dict[str, Any] = {"amountOfMoney": {"amount": one.amount, "currencyCode": payment.currency}}
    output |= {"references": {"merchantReference": payment.reference}}
    output["operationReferences"] = {"merchantReference": one.reference}
    return {"id": one.id, "status": one.status, "statusOutput": {"statusCode": CODES[one.status]}, name: output}


def _calls() -> Iterator[tuple[str, str, Callable[..., tuple[int, Any]]]]:
    one = r"/payments/(\w+)"
    yield "POST", "/hostedcheckouts", Api.open_page
    yield "GET", r"/hostedcheckouts/(\d+)", Api.show_page
    yield "POST", "/payments", Api.charge
    yield "GET", one, Api.show_payment
    yield "POST", f"{one}/capture", Api.capture
    yield "GET", f"{one}/captures", Api.show_captures
    yield "POST", f"{one}/cancel", Api.cancel
    yield "POST", f"{one}/refund", Api.refund
    yield "GET", f"{one}/refunds", Api.show_refunds
    yield "DELETE", r"/tokens/(\w+)", Api.forget
    yield "GET", "/services/testconnection", Api.test


_CALLS: Final = tuple(_calls())
