"""Glomopay: customers, orders that are paid unheard and forgotten, and payments of them."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.bootstrap import core, runtime
from shared.domain.event import Facts
from shared.domain.ids import OrderId, PaymentId, plain_id
from shared.domain.operation import Kind
from shared.domain.payment import Payment, Status
from shared.ports.orders import OrderChange
from shared.ports.payments import Change
from shared.usecases.payment.facts import payment_facts
from tests.integration.ways.payments import VISA, card
from tests.integration.ways.watching import Watch, after
from tests.integration.ways.webhooks import stream
from tools.testing.builders import a_payment, an_event
from tools.testing.calling import example_event


def glomopay_in_every_way(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = {
        "id": watch.ask("glomopay.customer_create", None, _body("customer_create", email="w@example.com"))["id"]
    }
    watch.ask("glomopay.customer_get", customer)
    watch.ask("glomopay.customer_list")
    watch.ask("glomopay.customer_update", customer, {"email": "moved@example.com"})
    _orders(watch, monkeypatch)
    _payments(watch, monkeypatch)
    _payins(watch)
    watch.ask("glomopay.api_keys_list")
    for seconds in (600, 0):  # the demo shop's own goes on working, and the one in its place is gone at once
        watch.ask("glomopay.api_keys_rotate", None, {"type": "publishable", "expire_after_in_seconds": seconds})


def _orders(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    read, heard, forgotten = (ordered(watch, f"W-{n}") for n in range(3))
    watch.ask("glomopay.order_list", query={"status": "active"})
    watch.ask("glomopay.order_list", query={"request_id": "W-1"})
    _tried(watch, read)
    watch.ask("glomopay.order_public", read)
    watch.ask("glomopay.order_get", read)
    watch.run("payment.receipt", stream(_tried(watch, heard)))
    _tried(watch, forgotten)
    with after(monkeypatch, days=100):
        watch.run("housekeeping.orders", {})


def ordered(watch: Watch, number: str) -> dict[str, str]:
    """A new order with this number of the shop's: what its endpoints are asked about by."""
    return {"id": watch.ask("glomopay.order_create", None, _body("order_create", request_id=number))["id"]}


def _tried(watch: Watch, path: dict[str, str]) -> str:
    """A try of the order that paid it, and nobody has said so yet."""
    with watch.aside():
        order = core.orders().get(OrderId(path["id"]))
        payment: Payment = a_payment(
            id=PaymentId(plain_id("payt", runtime.entropy(10))),
            merchant_id=order.merchant_id,
            amount=order.amount,
            order_id=order.id,
        )
        core.orders().save(OrderChange(order.tried_by(payment), attempt=Change(payment)))
        paid = replace(payment, version=1, status=Status.SUCCESS, completed_at=runtime.now())
        facts = Facts(payment_facts(paid, Kind.SALE, runtime.now()))
        told = an_event(merchant_id=order.merchant_id, subject=payment.id, facts=facts)
        core.payments().save(Change(paid, [told]))
    return payment.id


def _body(name: str, **changes: object) -> dict[str, object]:
    return {**json.loads(example_event(f"glomopay.{name}")["body"]), **changes}


def _payments(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    paid = ordered(watch, "P-1")
    declined = begun(watch, paid, "4556891111111112", request_id="first")
    watch.ask("glomopay.authentication", declined, key=_token(declined))
    watch.ask("glomopay.authentication_submit", declined, {}, key=_token(declined))
    taken = begun(watch, paid)
    watch.ask("glomopay.authentication_submit", taken, {"otp": "123456"}, key=_token(taken))
    watch.ask("glomopay.payment_get", taken)
    refunds = [
        watch.ask("glomopay.refund_create", None, {"payment_id": taken["id"], "amount": 100, "request_id": f"R-{n}"})
        for n in range(2)
    ]
    watch.ask("glomopay.refund_get", {"id": refunds[0]["id"]})
    watch.ask("glomopay.refund_list")
    watch.ask("glomopay.refund_list", query={"request_id": "R-1"})
    watch.ask("glomopay.payment_list")
    watch.ask("glomopay.payment_list", query={"request_id": "first"})
    watch.ask("glomopay.payment_cancel", begun(watch, paid_later := ordered(watch, "P-2")))
    left = begun(watch, paid_later)
    watch.ask("glomopay.authentication_cancel", left, {}, key=_token(left))
    unheard = ordered(watch, "P-3")
    _tried(watch, unheard)
    watch.ask("glomopay.payment_create", None, _body("payment_create", order_id=unheard["id"]))
    forgotten = ordered(watch, "P-4")
    begun(watch, forgotten)
    with after(monkeypatch, hours=1):
        begun(watch, forgotten)


_TOKENS: dict[str, str] = {}


def begun(watch: Watch, order: dict[str, str], number: str = "4111111111111111", **more: object) -> dict[str, str]:
    """A payment of the order by this card: what its endpoints are asked about by."""
    body = _body("payment_create", order_id=order["id"], **more)
    body["card"] = {**body["card"], "number": number}  # type: ignore[dict-item]
    made = watch.ask("glomopay.payment_create", None, body)
    address = made["next_steps"][0]["payload"]["url"]
    _TOKENS[made["payment_id"]] = parse_qs(urlsplit(address).query)["authToken"][0]
    return {"id": made["payment_id"]}


def _token(payment: dict[str, str]) -> str:
    return _TOKENS[payment["id"]]


def _payins(watch: Watch) -> None:
    mine, paid, held = ({"id": watch.ask("glomopay.payin_create")["id"]} for _ in range(3))
    watch.ask("glomopay.payin_list", query={"status": "active"})
    watch.ask("payment_link.open", mine)
    watch.ask("glomopay.payin_update", mine, {"reminder_frequency": 1})
    for link in (paid, held):
        page = watch.ask("payment_link.open", link)["redirectUrl"].partition("paymentID=")[2]
        if link is paid:
            watch.ask("sandbox.card_page_submit", {"paymentID": page}, card(VISA))
    watch.ask("glomopay.payin_get", paid)
    watch.ask("glomopay.payin_cancel", held)
