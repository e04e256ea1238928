"""What an operator sets for a merchant is in force with the next request, for the keys that anybody can see."""

from __future__ import annotations

import pytest

from tests.client import Client
from tests.merchants import Onboarded, onboarded

DECLINED = "4000000000000002"


@pytest.fixture
def shop(gateway_url: str) -> Onboarded:
    return onboarded(gateway_url)


def test_payments_of_a_publishable_key_are_bounded_as_the_operator_says(client: Client, shop: Onboarded) -> None:
    page, server = client.using(shop.publishable), client.using(shop.secret)
    page.init(1)
    shop.set("payments-a-minute=1")
    replies = [page.call("POST", "/api/payment/init", {"amount": 1}) for _ in range(4)]

    refused = [reply for reply in replies if reply.status_code == 429]
    assert len(refused) >= 2, "at most one in each of two minutes"
    assert refused[0].json()["code"] == "rate_limited"
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
    server.init(1)
    shop.set("payments-a-minute=6000")
    page.init(1)


def test_declined_cards_are_bounded_over_all_payments_of_a_key(client: Client, shop: Onboarded) -> None:
    shop.set("declines-a-minute=2")
    page = client.using(shop.publishable)
    card = {"number": DECLINED, "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}
    statuses = []
    for _ in range(7):
        address = f"/sandbox/card-page/{page.init(1)['igfs']['paymentId']}"
        statuses.append(client.using(None).call("POST", address, card).status_code)

    assert 2 <= statuses.count(200) <= 4, "two in each minute that this took"
    assert statuses.count(429) == 7 - statuses.count(200)


def test_hosts_and_modes_are_enforced_once_they_are_set(client: Client, shop: Onboarded) -> None:
    page, elsewhere = client.using(shop.publishable), {"amount": 1, "callbackUrl": "https://elsewhere.example/"}
    assert page.call("POST", "/api/payment/init", elsewhere).status_code == 200
    shop.set("callback-hosts=shop.example notify-hosts=shop.example allowed-modes=PREAUTH_VOUCHER_CAPTURE")

    refused = page.call("POST", "/api/payment/init", elsewhere)
    assert (refused.status_code, refused.json()["code"]) == (400, "host_not_allowed")
    page.init(1, callbackUrl="https://shop.example/paid", notifyUrl="https://shop.example/hook")
    client.using(shop.secret).init(1, callbackUrl="https://elsewhere.example/")
    sale = {"amount": 1, "paymentMode": "SALE_DIRECT"}
    assert client.using(shop.secret).call("POST", "/api/payment/init", sale).status_code == 400


def test_settings_reach_every_key_of_the_merchant_and_nobody_elses(client: Client, shop: Onboarded) -> None:
    shop.set("origins=https://shop.example")

    for key in (shop.publishable, shop.secret):
        mine = client.using(key).init(1)
        shown = client.using(key).transaction(mine)
        assert shown["frameOrigins"] == ["https://shop.example"]
    assert client.transaction(client.init(1))["frameOrigins"] == []
