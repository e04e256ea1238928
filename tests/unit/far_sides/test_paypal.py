"""The simulated PayPal: it moves money when a shop says so and a buyer has agreed, and refuses where PayPal would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests

from tools.testing.far_sides.paypal.server import DECLINED, PAGE, PayPalAcquirer


@pytest.fixture
def acquirer() -> Iterator[PayPalAcquirer]:
    made = PayPalAcquirer()
    yield made
    with suppress(OSError):
        made.close()


class Shop:
    def __init__(self, acquirer: PayPalAcquirer) -> None:
        self.acquirer = acquirer
        business = acquirer.business
        reply = requests.post(
            f"{acquirer.origin}/v1/oauth2/token",
            {"grant_type": "client_credentials"},
            auth=(business.client_id, business.secret),
            timeout=30,
        )
        self.token = reply.json()["access_token"]

    def asks(self, method: str, path: str, body: object = None, own: str = "", whole: bool = True) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} | ({"PayPal-Request-Id": own} if own else {})
        headers |= {"Prefer": "return=representation"} if whole else {}
        reply = requests.request(method, f"{self.acquirer.origin}/v2/{path}", json=body, headers=headers, timeout=30)
        return reply.status_code, reply.json() if reply.content else None

    def order(self, intent: str = "AUTHORIZE", **changes: Any) -> dict[str, Any]:
        unit = {"custom_id": "TXN_1", "amount": {"currency_code": "EUR", "value": "150.00"}, **changes}
        context = {"return_url": "https://shop/back?x=1", "cancel_url": "https://shop/left"}
        source = {"paypal": {"experience_context": context}}
        body = {"intent": intent, "purchase_units": [unit], "payment_source": source}
        status, made = self.asks("POST", "checkout/orders", body)
        assert status == 201, made
        return dict(made)

    def held(self) -> str:
        order = self.order()
        self.acquirer.business.agreed(order["id"])
        _, made = self.asks("POST", f"checkout/orders/{order['id']}/authorize", {})
        return str(made["purchase_units"][0]["payments"]["authorizations"][0]["id"])

    def captures(self, authorization: str, value: str, own: str = "") -> tuple[int, Any]:
        body = {"amount": {"currency_code": "EUR", "value": value}, "final_capture": True, "invoice_id": own}
        return self.asks("POST", f"payments/authorizations/{authorization}/capture", body, own)


@pytest.fixture
def shop(acquirer: PayPalAcquirer) -> Shop:
    return Shop(acquirer)


def issue(said: tuple[int, Any]) -> str:
    assert said[0] == 422, said
    return str(said[1]["details"][0]["issue"])


def test_nothing_is_held_before_the_buyer_agrees_and_the_shop_says_so(shop: Shop) -> None:
    order = shop.order()
    assert (order["status"], order["links"][0]["rel"]) == ("PAYER_ACTION_REQUIRED", "payer-action")
    assert issue(shop.asks("POST", f"checkout/orders/{order['id']}/authorize", {})) == "ORDER_NOT_APPROVED"
    assert "Agree" in requests.get(order["links"][0]["href"], timeout=30).text

    form = {"token": order["id"]}
    back = requests.post(f"{shop.acquirer.origin}{PAGE}", form, timeout=30, allow_redirects=False)

    assert back.headers["Location"] == f"https://shop/back?x=1&token={order['id']}&PayerID=BUYER1"
    assert shop.acquirer.business.orders[order["id"]].held == 0
    assert shop.asks("POST", f"checkout/orders/{order['id']}/authorize", {})[0] == 201
    assert shop.acquirer.business.orders[order["id"]].held == 15000
    assert issue(shop.asks("POST", f"checkout/orders/{order['id']}/authorize", {})) == "ORDER_ALREADY_AUTHORIZED"


def test_a_part_is_captured_for_the_last_time_and_refunded_no_further(shop: Shop) -> None:
    held = shop.held()

    status, capture = shop.captures(held, "100.00")

    (order,) = shop.acquirer.business.orders.values()
    assert (status, order.held, order.taken) == (201, 0, 10000)
    assert issue(shop.captures(held, "50.00")) == "AUTHORIZATION_ALREADY_CAPTURED"
    path = f"payments/captures/{capture['id']}/refund"
    for value, own, said in (("60.00", "r1", 201), ("60.00", "r1", 200), ("40.00", "r2", 201)):
        assert shop.asks("POST", path, {"amount": {"currency_code": "EUR", "value": value}}, own)[0] == said
    assert order.refunded == 10000
    assert issue(shop.asks("POST", path, {"amount": {"currency_code": "EUR", "value": "0.01"}})) == (
        "CAPTURE_FULLY_REFUNDED"
    )


def test_a_voided_hold_is_gone_and_a_captured_one_is_not_voided(shop: Shop) -> None:
    voided, taken = shop.held(), shop.held()
    shop.captures(taken, "150.00")

    status, shown = shop.asks("POST", f"payments/authorizations/{voided}/void")
    assert (status, shown["id"], shown["status"]) == (200, voided, "VOIDED")
    assert issue(shop.asks("POST", f"payments/authorizations/{voided}/void")) == "PREVIOUSLY_VOIDED"
    assert issue(shop.captures(voided, "1.00")) == "AUTHORIZATION_VOIDED"
    assert issue(shop.asks("POST", f"payments/authorizations/{taken}/void", {})) == "PREVIOUSLY_CAPTURED"


def test_a_hold_that_expired_or_was_denied_is_not_captured_and_says_which(shop: Shop) -> None:
    expired, denied = shop.held(), shop.held()
    first, second = shop.acquirer.business.orders.values()
    shop.acquirer.business.let_go(first)
    assert second.authorization is not None
    second.authorization.status = "DENIED"

    assert issue(shop.captures(expired, "1.00")) == "AUTHORIZATION_EXPIRED"
    assert issue(shop.captures(denied, "1.00")) == "AUTHORIZATION_DENIED"
    assert issue(shop.asks("POST", f"payments/authorizations/{expired}/void")) == "PREVIOUSLY_VOIDED"
    _, shown = shop.asks("GET", f"checkout/orders/{first.id}")
    assert shown["purchase_units"][0]["payments"]["authorizations"][0]["status"] == "VOIDED"


def test_whoever_does_not_ask_for_the_whole_is_told_little(shop: Shop) -> None:
    order = shop.order()
    shop.acquirer.business.agreed(order["id"])

    _, made = shop.asks("POST", f"checkout/orders/{order['id']}/authorize", {}, whole=False)
    _, shown = shop.asks("GET", f"checkout/orders/{order['id']}", whole=False)

    assert set(made) <= {"id", "status", "links"}
    held = shown["purchase_units"][0]["payments"]["authorizations"][0]["id"]
    assert shop.asks("POST", f"payments/authorizations/{held}/void", whole=False) == (204, None)


def test_another_currency_than_the_hold_s_is_not_captured(shop: Shop) -> None:
    body = {"amount": {"currency_code": "GBP", "value": "1.00"}}

    said = shop.asks("POST", f"payments/authorizations/{shop.held()}/capture", body)

    assert issue(said) == "AUTH_CAPTURE_CURRENCY_MISMATCH"


@pytest.mark.parametrize("custom_id", ["a:b", "x" * 128])
def test_a_refund_s_own_number_has_a_pattern(shop: Shop, custom_id: str) -> None:
    _, capture = shop.captures(shop.held(), "100.00", own="op1")
    body = {"amount": {"currency_code": "EUR", "value": "1.00"}, "custom_id": custom_id}

    assert shop.asks("POST", f"payments/captures/{capture['id']}/refund", body)[0] == 400


def test_more_than_a_little_above_the_hold_is_not_captured(shop: Shop) -> None:
    held = shop.held()

    assert issue(shop.captures(held, "172.51")) == "MAX_CAPTURE_AMOUNT_EXCEEDED"
    assert shop.captures(held, "172.50")[0] == 201  # as PayPal does: up to 115 of a hundred


def test_a_buyer_whose_way_of_paying_is_declined_or_who_leaves_pays_nothing(shop: Shop) -> None:
    declined, left = shop.order("CAPTURE"), shop.order("CAPTURE")
    shop.acquirer.business.agreed(declined["id"], DECLINED)
    form = {"token": left["id"], "cancel": "1"}
    back = requests.post(f"{shop.acquirer.origin}{PAGE}", form, timeout=30, allow_redirects=False)

    assert back.headers["Location"] == "https://shop/left"
    assert issue(shop.asks("POST", f"checkout/orders/{declined['id']}/capture", {})) == DECLINED
    assert issue(shop.asks("POST", f"checkout/orders/{left['id']}/capture", {})) == "ORDER_NOT_APPROVED"


def test_the_order_tells_everything_that_became_of_it(shop: Shop) -> None:
    shop.captures(shop.held(), "100.00", own="op1")
    (order,) = shop.acquirer.business.orders.values()

    _, shown = shop.asks("GET", f"checkout/orders/{order.id}")

    payments = shown["purchase_units"][0]["payments"]
    assert [one["status"] for one in payments["authorizations"]] == ["CAPTURED"]
    assert [(one["invoice_id"], one["amount"]["value"]) for one in payments["captures"]] == [("op1", "100.00")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": {"currency_code": "EURO", "value": "1.00"}},
        {"amount": {"currency_code": "EUR", "value": "1,00"}},
        {"amount": {"currency_code": "EUR", "value": 1}},
        {"amount": {"currency_code": "EUR", "value": "1" * 16}},
        {"custom_id": "x" * 128},
        {"description": "x" * 128},
        {"description": "è" * 64},
        {"description": ""},
    ],
    ids=str,
)
def test_what_is_malformed_is_refused(shop: Shop, wrong: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="INVALID_REQUEST"):
        shop.order(**wrong)


def test_nobody_else_is_let_in(shop: Shop) -> None:
    shop.token = "A21AAforged"

    assert shop.asks("GET", "checkout/orders/X")[0] == 401
