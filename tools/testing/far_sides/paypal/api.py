"""What the acquirer answers to each call: judged as its description says, then done in its books."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tools.testing.far_sides.door import Request
from tools.testing.far_sides.paypal.books import (
    Authorization,
    Business,
    Capture,
    Dispute,
    Order,
    Refund,
    Refused,
    missing,
)

Body = Mapping[str, Any]
_VALUE: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{2})?")
_REFUND_ID: Final = re.compile(r"[A-Za-z0-9\-_.,]{1,127}")
_LONGEST: Final = 127
_LONGEST_NOTE: Final = 2000
_INVOICE: Final = re.compile(r"[A-Za-z0-9:\-|]{1,127}")
_FILE_TYPES: Final = ("application/pdf", "image/jpeg", "image/png", "image/gif")
_LARGEST_FILE: Final = 10_000_000
_PROTECTED: Final = {
    "status": "ELIGIBLE",
    "dispute_categories": ["ITEM_NOT_RECEIVED", "UNAUTHORIZED_TRANSACTION"],
}
_LITTLE: Final = ("id", "status", "links")
_WHOLE: Final = frozenset({"HUF", "JPY", "TWD"})
_LONGEST_REQUEST_ID: Final = 108


class Api:
    """The calls of one business."""

    def __init__(self, business: Business, origin: str) -> None:
        self.business, self.origin = business, origin

    def answer(self, request: Request) -> tuple[int, Any]:
        own = request.headers.get("paypal-request-id", "")
        if len(own) > _LONGEST_REQUEST_ID:
            raise _malformed()
        with self.business.lock:
            key = (request.path, own)
            if own and key in self.business.answered:
                status, body = self.business.answered[key]
                return (200 if status == 201 else status), body
            said = _as_preferred(request, self._done(request))
            if own:
                self.business.answered[key] = said
            return said

    def _done(self, request: Request) -> tuple[int, Any]:
        try:
            body = {"sent": request.sent} if request.sent else json.loads(request.body or b"{}")
        except ValueError:
            raise _malformed() from None
        for method, pattern, call in _CALLS:
            found = re.fullmatch(pattern, request.path)
            if found and method == request.method:
                return call(self, body, *found.groups())
        raise Refused(404, "RESOURCE_NOT_FOUND")

    def open_order(self, body: Body) -> tuple[int, Any]:
        units, source = body.get("purchase_units") or [], body.get("payment_source", {}).get("paypal", {})
        context, vault = source.get("experience_context", {}), source.get("attributes", {}).get("vault")
        if body.get("intent") not in ("AUTHORIZE", "CAPTURE") or len(units) != 1:
            raise _malformed()
        if source and not context.get("return_url"):
            raise _malformed()
        if vault is not None and (vault.get("store_in_vault"), vault.get("usage_type")) != ("ON_SUCCESS", "MERCHANT"):
            raise _malformed()
        amount, currency = _amount(units[0])
        if self.business.refuses_orders:
            raise Refused(422, "UNPROCESSABLE_ENTITY", self.business.refuses_orders)
        custom_id = units[0].get("custom_id", "")
        if not _fits(custom_id) or not _fits(units[0].get("description", "-")):
            raise _malformed()
        urls = context.get("return_url", ""), context.get("cancel_url", "")
        order = Order(self.business.number(), body["intent"], amount, currency, custom_id, *urls)
        order.saves = vault is not None
        order.status = order.status if source else "CREATED"  # whoever pays, and how, is said later
        self.business.orders[order.id] = order
        return 201, self.shown(order)

    def show_order(self, _: Body, name: str) -> tuple[int, Any]:
        return 200, self.shown(self.business.order(name))

    def authorise(self, _: Body, name: str) -> tuple[int, Any]:
        order = self.business.order(name)
        self.business.authorise(order)
        return 201, self.shown(order)

    def take(self, body: Body, name: str) -> tuple[int, Any]:
        order, paypal = self.business.order(name), body.get("payment_source", {}).get("paypal", {})
        if not paypal:
            self.business.take(order)
            return 201, self.shown(order)
        stored = paypal.get("stored_credential", {})
        if stored.get("payment_initiator") not in ("CUSTOMER", "MERCHANT"):
            raise _malformed()
        self.business.charge(order, paypal.get("vault_id", ""))
        return 201, self.shown(order)

    def show_capture(self, _: Body, name: str) -> tuple[int, Any]:
        order, capture = self.business.order_of(name)
        related = {"supplementary_data": {"related_ids": {"order_id": order.id}}}
        return 200, {**_capture(capture, order.currency), **related}

    def forget(self, _: Body, name: str) -> tuple[int, Any]:
        self.business.forget(name)
        return 204, None

    def show_saved(self, _: Body, name: str) -> tuple[int, Any]:
        if name not in self.business.vault:
            raise missing()
        return 200, {"id": name, "payment_source": {"paypal": {"account_id": self.business.vault[name].payer}}}

    def capture(self, body: Body, name: str) -> tuple[int, Any]:
        amount, currency = _amount(body)
        final = body.get("final_capture") is True
        if len(body.get("invoice_id", "")) > _LONGEST:
            raise _malformed()
        made = self.business.capture(name, amount, currency, body.get("invoice_id", ""), final=final)
        return 201, _capture(made, currency)

    def void(self, _: Body, name: str) -> tuple[int, Any]:
        return 200, _authorization(*self.business.void(name))

    def refund(self, body: Body, name: str) -> tuple[int, Any]:
        amount, currency = _amount(body)
        if not _REFUND_ID.fullmatch(body.get("custom_id", "-")):
            raise _malformed()
        made = self.business.refund(name, amount, currency, body.get("custom_id", ""))
        return 201, _refund(made, currency)

    def show_dispute(self, _: Body, name: str) -> tuple[int, Any]:
        return 200, _dispute(self.business.dispute(name))

    def provide_evidence(self, body: Body, name: str) -> tuple[int, Any]:
        sent = body.get("sent") or []
        files = [one for one in sent if one.field == "evidence-file"]
        given = [json.loads(one.content) for one in sent if one.field == "input"]
        listed = given[0].get("evidences", []) if len(given) == 1 else []
        for file in files:
            if file.content_type not in _FILE_TYPES or not 0 < len(file.content) < _LARGEST_FILE:
                raise _malformed()
        for each in listed:
            if each.keys() - {"evidence_type", "notes"} or not 1 <= len(each.get("notes", "")) <= _LONGEST_NOTE:
                raise _malformed()
        if not listed:
            raise _malformed()
        names = [file.name for file in files]
        said = [(each["evidence_type"], each["notes"], names) for each in listed]
        self.business.proves(self.business.dispute(name), said)
        return 200, _links(self.origin, name)

    def accept_claim(self, body: Body, name: str) -> tuple[int, Any]:
        fits = 1 <= len(body.get("note", "")) <= _LONGEST_NOTE and _INVOICE.fullmatch(body.get("invoice_id", "-"))
        if not fits or body.keys() - {"note", "invoice_id", "accept_claim_reason"}:
            raise _malformed()
        self.business.accepts(self.business.dispute(name))
        return 200, _links(self.origin, name)

    def shown(self, order: Order) -> dict[str, Any]:
        payments: dict[str, Any] = {}
        if order.authorization is not None:
            payments["authorizations"] = [_authorization(order.authorization, order)]
        if order.captures:
            payments["captures"] = [_capture(one, order.currency) for one in order.captures]
            payments["refunds"] = [_refund(r, order.currency) for one in order.captures for r in one.refunds]
        unit: dict[str, Any] = {"reference_id": "default", "custom_id": order.custom_id}
        unit |= {"amount": _money(order.amount, order.currency), "payments": payments}
        shown: dict[str, Any] = {
            "id": order.id,
            "intent": order.intent,
            "status": order.status,
            "purchase_units": [unit],
        }
        if order.saves and (order.authorization is not None or order.captures):
            shown["payment_source"] = {"paypal": self._saved(order)}
        if order.status == "PAYER_ACTION_REQUIRED":
            href = f"{self.origin}/checkoutnow?token={order.id}"
            shown["links"] = [{"rel": "payer-action", "href": href, "method": "GET"}]
        return shown

    def _saved(self, order: Order) -> dict[str, Any]:
        vault = {"status": "APPROVED"}
        if order.saved is not None and not self.business.vault_waits:
            vault = {"id": order.saved.id, "status": "VAULTED"}
        payer = {"account_id": order.payer, "email_address": f"{order.payer.lower()}@example.com"}
        return {**payer, "attributes": {"vault": vault}}


def _as_preferred(request: Request, said: tuple[int, Any]) -> tuple[int, Any]:
    """Whoever does not prefer the whole is told little of what a call did, and nothing of a void."""
    if (
        request.method == "GET"
        or request.path.startswith("/v1/")
        or request.headers.get("prefer") == "return=representation"
    ):
        return said
    status, body = said
    return (204, None) if request.path.endswith("/void") else (status, {n: body[n] for n in _LITTLE if n in body})


def _fits(text: str) -> bool:
    """Letters beyond the plain ones count for more; here by their bytes."""
    return 1 <= len(text.encode()) <= _LONGEST


def _authorization(one: Authorization, order: Order) -> dict[str, Any]:
    shown = {"id": one.id, "status": one.status, "amount": _money(one.amount, order.currency)}
    return {**shown, "seller_protection": _PROTECTED}


def _capture(one: Capture, currency: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": one.id, "status": one.status, "amount": _money(one.amount, currency)}
    if one.invoice_id:
        shown["invoice_id"] = one.invoice_id
    return {**shown, "final_capture": True, "seller_protection": _PROTECTED}


def _refund(one: Refund, currency: str) -> dict[str, Any]:
    shown = {"id": one.id, "status": one.status, "custom_id": one.custom_id}
    return {**shown, "amount": _money(one.amount, currency)}


def _dispute(one: Dispute) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "dispute_id": one.id,
        "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
        "status": one.status,
        "dispute_amount": _money(one.capture.amount, one.order.currency),
        "disputed_transactions": [{"seller_transaction_id": one.capture.id, "custom": one.order.custom_id}],
    }
    if one.evidences:
        shown["evidences"] = [
            {
                "evidence_type": kind,
                "notes": notes,
                "source": "SUBMITTED_BY_SELLER",
                "documents": [{"name": name} for name in names],
            }
            for kind, notes, names in one.evidences
        ]
    return shown | ({"dispute_outcome": {"outcome_code": one.outcome}} if one.outcome else {})


def _links(origin: str, name: str) -> dict[str, Any]:
    return {"links": [{"rel": "self", "method": "GET", "href": f"{origin}/v1/customer/disputes/{name}"}]}


def _money(amount: int, currency: str) -> dict[str, str]:
    value = str(amount // 100) if currency in _WHOLE else f"{amount // 100}.{amount % 100:02d}"
    return {"currency_code": currency, "value": value}


def _amount(body: Body) -> tuple[int, str]:
    amount = body.get("amount") or {}
    value, currency = amount.get("value", ""), amount.get("currency_code", "")
    if not isinstance(value, str) or not _VALUE.fullmatch(value) or not re.fullmatch("[A-Z]{3}", currency):
        raise _malformed()
    if currency in _WHOLE and "." in value:
        raise Refused(422, "UNPROCESSABLE_ENTITY", "DECIMALS_NOT_SUPPORTED")
    whole, _, part = value.partition(".")
    return int(whole) * 100 + int(part or "0"), currency


def _malformed() -> Refused:
    return Refused(400, "INVALID_REQUEST", "INVALID_PARAMETER_SYNTAX")


def _calls() -> Iterator[tuple[str, str, Callable[..., tuple[int, Any]]]]:
    orders, name = "/v2/checkout/orders", r"(\w+)"
    yield "POST", orders, Api.open_order
    yield "GET", f"{orders}/{name}", Api.show_order
    yield "POST", f"{orders}/{name}/authorize", Api.authorise
    yield "POST", f"{orders}/{name}/capture", Api.take
    yield "POST", f"/v2/payments/authorizations/{name}/capture", Api.capture
    yield "POST", f"/v2/payments/authorizations/{name}/void", Api.void
    yield "POST", f"/v2/payments/captures/{name}/refund", Api.refund
    yield "GET", f"/v2/payments/captures/{name}", Api.show_capture
    yield "DELETE", f"/v3/vault/payment-tokens/{name}", Api.forget
    yield "GET", f"/v3/vault/payment-tokens/{name}", Api.show_saved
    disputes, number = "/v1/customer/disputes", r"([A-Za-z0-9-]+)"
    yield "GET", f"{disputes}/{number}", Api.show_dispute
    yield "POST", f"{disputes}/{number}/provide-evidence", Api.provide_evidence
    yield "POST", f"{disputes}/{number}/accept-claim", Api.accept_claim


_CALLS: Final = tuple(_calls())
