"""The simulated Nexi: orders are paid once, operations are done once under a key, and refused where they must be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
import requests

from tools.testing.far_sides.nexi.api import BASE, PAGE
from tools.testing.far_sides.nexi.books import APPROVED, DECLINES
from tools.testing.far_sides.nexi.server import NexiAcquirer


class Shop:
    def __init__(self, acquirer: NexiAcquirer) -> None:
        self.acquirer = acquirer

    def asks(self, method: str, path: str, body: object = None, own: str = "", **headers: str) -> tuple[int, Any]:
        sent = {"X-API-KEY": self.acquirer.terminal.key, "Correlation-Id": str(uuid4()), **headers}
        sent |= {"Idempotency-Key": own} if own else {}
        reply = requests.request(method, f"{self.acquirer.origin}{BASE}{path}", json=body, headers=sent, timeout=30)
        return reply.status_code, reply.json() if reply.content else None

    def opens(self, name: str, capture: str = "EXPLICIT", **session: Any) -> tuple[int, Any]:
        order = {"orderId": name, "amount": "15000", "currency": "EUR"}
        about = {"actionType": "PAY", "amount": "15000", "captureType": capture, "language": "ita", **session}
        urls = {"resultUrl": "https://shop/back", "cancelUrl": "https://shop/left"}
        return self.asks("POST", "/orders/hpp", {"order": order, "paymentSession": {**about, **urls}})

    def types(self, name: str, card: str = APPROVED) -> str:
        form = {"order": name, "number": card}
        reply = requests.post(f"{self.acquirer.origin}{PAGE}", form, timeout=30, allow_redirects=False)
        return reply.headers["Location"]

    def held(self, name: str) -> str:
        assert self.opens(name)[0] == 200
        self.types(name)
        return str(self.operations(name)[0]["operationId"])

    def operations(self, name: str) -> list[dict[str, Any]]:
        return list(self.asks("GET", f"/orders/{name}")[1]["operations"])


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = NexiAcquirer()
    yield Shop(made)
    with suppress(OSError):
        made.close()


def some(amount: int) -> dict[str, str]:
    return {"amount": str(amount), "currency": "EUR"}


def test_a_card_is_typed_once_on_the_page_of_an_order_that_is_opened_once(shop: Shop) -> None:
    status, made = shop.opens("O1")

    assert (status, len(made["securityToken"])) == (200, 32)
    assert "Pay" in requests.get(made["hostedPage"], timeout=30).text
    assert shop.opens("O1")[1]["errors"][0]["code"] == "GW0002"
    assert shop.types("O1", next(iter(DECLINES))) == "https://shop/back"
    shop.types("O1")

    assert [one["operationResult"] for one in shop.operations("O1")] == ["DECLINED"]
    assert "ended" in requests.get(made["hostedPage"], timeout=30).text


@pytest.mark.parametrize(
    "wrong", [{"amount": "14999"}, {"amount": 15000}, {"language": "it"}, {"captureType": "LATER"}]
)
def test_a_page_that_is_not_asked_for_as_described_is_not_opened(shop: Shop, wrong: dict[str, Any]) -> None:
    assert shop.opens("O1", **wrong)[0] == 400
    assert shop.opens("O" * 28)[0] == 400


def test_nobody_is_let_in_without_a_key_or_heard_without_a_number(shop: Shop) -> None:
    assert shop.asks("GET", "/payment_methods")[0] == 200
    assert shop.asks("GET", "/payment_methods", **{"X-API-KEY": "another"})[0] == 401
    assert shop.asks("GET", "/payment_methods", **{"Correlation-Id": "1"})[0] == 400


def test_a_part_is_captured_once_under_a_key_and_refunded_no_further(shop: Shop) -> None:
    held = shop.held("O1")
    order = shop.acquirer.terminal.orders["O1"]

    said = [shop.asks("POST", f"/operations/{held}/captures", some(10000), "k1") for _ in range(2)]

    assert said[0] == said[1]
    assert (order.held, order.taken) == (0, 10000)
    assert shop.asks("POST", f"/operations/{held}/captures", some(5000), "k2")[0] == 400
    assert shop.asks("POST", f"/operations/{held}/cancels", {}, "k3")[0] == 400
    path = f"/operations/{said[0][1]['operationId']}/refunds"
    for amount, own, status in ((6000, "r1", 200), (6000, "r1", 200), (4001, "r2", 400), (4000, "r3", 200)):
        assert shop.asks("POST", path, some(amount), own)[0] == status
    assert order.refunded == 10000
    assert [one["operationType"] for one in shop.operations("O1")] == ["AUTHORIZATION", "CAPTURE", "REFUND", "REFUND"]


def test_a_terminal_may_keep_the_rest_of_a_capture_until_it_is_cancelled(shop: Shop) -> None:
    held = shop.held("O1")
    order = shop.acquirer.terminal.orders["O1"]
    order.keeps_rest = True

    shop.asks("POST", f"/operations/{held}/captures", some(10000))
    assert order.held == 5000
    assert shop.asks("POST", f"/operations/{held}/cancels", {})[0] == 200

    assert (order.held, order.taken) == (0, 10000)


def test_a_sale_is_captured_at_once_and_a_kept_card_is_charged_until_its_contract_ends(shop: Shop) -> None:
    recurrence = {"action": "CONTRACT_CREATION", "contractId": "C1", "contractType": "MIT_UNSCHEDULED"}
    shop.opens("O1", "IMPLICIT", recurrence=recurrence)
    shop.types("O1")
    assert [one["operationType"] for one in shop.operations("O1")] == ["AUTHORIZATION", "CAPTURE"]
    charge = {"order": {"orderId": "O2", **some(700)}, "contractId": "C1", "captureType": "IMPLICIT"}

    status, made = shop.asks("POST", "/orders/mit", charge)

    assert (status, made["operation"]["operationResult"]) == (200, "EXECUTED")
    assert shop.acquirer.terminal.orders["O2"].taken == 700
    assert shop.asks("POST", "/contracts/C1/deactivation", {})[0] == 200
    assert shop.asks("POST", "/contracts/C1/deactivation", {})[0] == 404
    assert shop.asks("POST", "/orders/mit", {**charge, "order": {"orderId": "O3", **some(700)}})[0] == 400
