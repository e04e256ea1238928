"""Glomopay: customers, and orders that are tried, paid, given up and forgotten."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from shared.bootstrap import core, runtime
from shared.domain.event import Facts
from shared.domain.ids import OrderId, PaymentId, plain_id
from shared.domain.operation import Kind
from shared.domain.payment import Payment, Status
from shared.ports.orders import OrderChange
from shared.ports.payments import Change
from shared.usecases.payment.facts import payment_facts
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
        core.orders().save(OrderChange(order.tried_by(payment), attempt=payment))
        paid = replace(payment, version=1, status=Status.SUCCESS, completed_at=runtime.now())
        facts = Facts(payment_facts(paid, Kind.SALE, runtime.now()))
        told = an_event(merchant_id=order.merchant_id, subject=payment.id, facts=facts)
        core.payments().save(Change(paid, [told]))
    return payment.id


def _body(name: str, **changes: object) -> dict[str, object]:
    return {**json.loads(example_event(f"glomopay.{name}")["body"]), **changes}
