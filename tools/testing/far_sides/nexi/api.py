"""What the acquirer answers to each call of a shop: what was answered before, then what its books say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from tools.testing.far_sides.door import Request
from tools.testing.far_sides.nexi.books import Operation, Order, Refused, Terminal, malformed

Body = Mapping[str, Any]
BASE: Final = "/api/phoenix-0.0/psp/api/v1"
PAGE: Final = "/phoenix-0.0/hpp"
AT: Final = "2026-03-02T12:00:00.000Z"
_ORDER_ID: Final = re.compile(r"[A-Za-z0-9#*+.:;=?\[\]_{|}-]{1,27}")
_AMOUNT: Final = re.compile(r"[0-9]{1,9}")
_LANGUAGES: Final = frozenset({"ita", "eng", "fra", "deu", "spa", "por"})
_CONTRACT_ID: Final = re.compile(r"[A-Za-z0-9]{1,18}")


class Api:
    """The calls of one terminal."""

    def __init__(self, terminal: Terminal, origin: str) -> None:
        self.terminal, self.origin = terminal, origin

    def answer(self, request: Request) -> tuple[int, Any]:
        """Each bears a Correlation-Id; under one Idempotency-Key a call is done once, and answered the same."""
        try:
            UUID(request.headers.get("correlation-id", ""))
        except ValueError:
            raise malformed("Correlation-Id") from None
        own = request.headers.get("idempotency-key", "")
        with self.terminal.lock:
            if own and (request.path, own) in self.terminal.answered:
                return self.terminal.answered[request.path, own]
            said = self._done(request)
            if own:
                self.terminal.answered[request.path, own] = said
            return said

    def _done(self, request: Request) -> tuple[int, Any]:
        try:
            body = json.loads(request.body or b"{}")
        except ValueError:
            raise malformed("JSON") from None
        for method, pattern, call in _CALLS:
            found = re.fullmatch(BASE + pattern, request.path)
            if found and method == request.method:
                return 200, call(self, body, *found.groups())
        raise Refused(404, "GW0404", "Not found")

    def open_page(self, body: Body) -> Any:
        session, order = body.get("paymentSession") or {}, self._order(body)
        if session.get("actionType") != "PAY" or _amount(session) != order.amount:
            raise malformed("paymentSession")
        if session.get("language") not in _LANGUAGES or not session.get("resultUrl") or not session.get("cancelUrl"):
            raise malformed("paymentSession")
        order.sale = _implicit(session)
        order.result_url, order.cancel_url = session["resultUrl"], session["cancelUrl"]
        recurrence = session.get("recurrence") or {"action": "NO_RECURRING"}
        if recurrence["action"] == "CONTRACT_CREATION":
            if recurrence.get("contractType") not in ("MIT_UNSCHEDULED", "MIT_SCHEDULED", "CIT"):
                raise malformed("contractType")
            if not _CONTRACT_ID.fullmatch(recurrence.get("contractId", "")):
                raise malformed("contractId")
            order.contract = recurrence["contractId"]
        order.token = f"{int(self.terminal.number()):032x}"
        self.terminal.orders[order.id] = order
        page = f"{self.origin}{PAGE}?order={order.id}"
        return {"hostedPage": page, "securityToken": order.token, "warnings": []}

    def show_order(self, _: Body, name: str) -> Any:
        order = self.terminal.order(name)
        status: dict[str, Any] = {"order": _given(order), "capturedAmount": str(order.taken)}
        status["authorizedAmount"] = str(order.authorisation.amount if order.authorisation else 0)
        if order.operations:
            status |= {"lastOperationType": order.operations[-1].kind, "lastOperationTime": AT}
        return {"orderStatus": status, "operations": [_shown(order, one) for one in order.operations]}

    def show_operation(self, _: Body, name: str) -> Any:
        return _shown(*self.terminal.about(name))

    def charge(self, body: Body) -> Any:
        order = self._order(body)
        order.sale = _implicit(body)
        made = self.terminal.charge(order, body.get("contractId", ""))
        return {"operation": _shown(order, made)}

    def capture(self, body: Body, name: str) -> Any:
        return _done(self.terminal.capture(name, _amount(body, self._currency(name))))

    def cancel(self, body: Body, name: str) -> Any:
        return _done(self.terminal.cancel(name))

    def refund(self, body: Body, name: str) -> Any:
        return _done(self.terminal.refund(name, _amount(body, self._currency(name))))

    def end_contract(self, _: Body, name: str) -> Any:
        if self.terminal.contracts.pop(name, None) is None:
            raise Refused(404, "GW0404", "Contract not found")
        return {}

    def show_methods(self, _: Body) -> Any:
        return {"paymentMethods": [{"circuit": "VISA", "paymentMethodType": "CARD"}]}

    def _currency(self, operation: str) -> str:
        return self.terminal.about(operation)[0].currency

    def _order(self, body: Body) -> Order:
        order = body.get("order") or {}
        name, currency = order.get("orderId", ""), order.get("currency", "")
        if not _ORDER_ID.fullmatch(name) or not re.fullmatch("[A-Z]{3}", currency):
            raise malformed("order")
        if name in self.terminal.orders:
            raise Refused(400, "GW0002", "The order exists")
        return Order(name, _amount(order), currency, sale=False, custom_field=order.get("customField", ""))


def _implicit(body: Body) -> bool:
    if body.get("captureType") not in ("IMPLICIT", "EXPLICIT"):
        raise malformed("captureType")
    return bool(body["captureType"] == "IMPLICIT")


def _amount(body: Body, currency: str = "") -> int:
    amount = body.get("amount", "")
    if (
        not isinstance(amount, str)
        or not _AMOUNT.fullmatch(amount)
        or (currency and body.get("currency") != currency)
    ):
        raise malformed("amount")
    return int(amount)


def _given(order: Order) -> dict[str, str]:
    given = {"orderId": order.id, "amount": str(order.amount), "currency": order.currency}
    return {**given, "customField": order.custom_field} if order.custom_field else given


def _shown(order: Order, one: Operation) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "orderId": order.id,
        "operationId": one.id,
        "channel": "ECOMMERCE",
        "operationType": one.kind,
        "operationResult": one.result,
        "operationTime": AT,
        "operationAmount": str(one.amount),
        "operationCurrency": order.currency,
    }
    if one.card:
        masked = f"{one.card[:6]}******{one.card[-4:]}"
        shown |= {"paymentMethod": "CARD", "paymentCircuit": "VISA", "paymentInstrumentInfo": masked}
        shown["additionalData"] = {"maskedPan": masked, "cardExpiryDate": "203012", "authorizationCode": "647189"}
        shown["additionalData"] |= (
            {"schemaTID": f"MCS{one.id[-6:]}", "threeDS": order.three_ds} if order.three_ds else {}
        )
    return shown


def _done(made: Operation) -> dict[str, str]:
    return {"operationId": made.id, "operationTime": AT}


def _calls() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    yield "POST", "/orders/hpp", Api.open_page
    yield "POST", "/orders/mit", Api.charge
    yield "GET", r"/orders/([^/]+)", Api.show_order
    yield "GET", r"/operations/(\d+)", Api.show_operation
    yield "POST", r"/operations/(\d+)/captures", Api.capture
    yield "POST", r"/operations/(\d+)/cancels", Api.cancel
    yield "POST", r"/operations/(\d+)/refunds", Api.refund
    yield "POST", r"/contracts/(\w+)/deactivation", Api.end_contract
    yield "GET", "/payment_methods", Api.show_methods


_CALLS: Final = tuple(_calls())
