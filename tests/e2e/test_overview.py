"""A merchant's overview: each payment and refund is in it once, soon after it happened."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from tests.client import PUBLISHABLE_KEY, Client, until, voucher
from tests.merchants import onboarded

CURRENCY = "CHF"
DISPUTED = "4000000000000259"


@pytest.fixture
def shop(client: Client) -> Client:
    """The server of a shop at which nothing else is paid."""
    return client.using(onboarded(client.base_url).secret)


def today(client: Client) -> dict[str, Any]:
    found = client.get("/api/merchant/overview")["currencies"]
    return next((dict(each["today"]) for each in found if each["currency"] == CURRENCY), {})


def test_what_is_paid_and_refunded_is_summed_up(shop: Client) -> None:
    paid = shop.paid(voucher(5000), amount=150, currency=CURRENCY)["transactionId"]
    shop.paid(amount=20, currency=CURRENCY)
    shop.call("POST", f"/api/payment/refund/{paid}", {"amount": 30})
    summed_up = {"paid": 2, "gross": 170.0, "vouchers": 50.0, "refunds": 1, "refunded": 30.0}

    until(lambda: {name: today(shop).get(name) for name in summed_up}, lambda seen: seen == summed_up)


def test_there_are_thirty_days_and_today_is_the_last_of_them(shop: Client) -> None:
    shop.paid(amount=5, currency=CURRENCY)
    until(lambda: today(shop).get("paid", 0), bool)

    found = shop.get("/api/merchant/overview")
    shown = next(each for each in found["currencies"] if each["currency"] == CURRENCY)

    assert len(shown["days"]) == 30
    assert shown["days"][-1] == {"day": shown["days"][-1]["day"], **shown["today"]}
    assert shown["month"]["gross"] == sum(day["gross"] for day in shown["days"])


def test_a_publishable_key_sees_no_overview(client: Client) -> None:
    assert client.using(PUBLISHABLE_KEY).call("GET", "/api/merchant/overview").status_code == 403


def test_what_a_bank_takes_in_a_dispute_is_lost_in_overview_and_statement(shop: Client) -> None:
    paid = shop.paid(amount=40, currency=CURRENCY, card=DISPUTED)
    (dispute,) = until(lambda: shop.transaction(paid)["disputes"], bool)

    said = shop.call("POST", f"/api/sandbox/disputes/{dispute}/advance", {"to": "LOST"})
    assert said.status_code == 200, said.text

    until(lambda: today(shop).get("lost"), lambda lost: lost == 40.0)
    assert shop.get(f"/api/merchant/disputes/stats?currency={CURRENCY}")["totalLost"] == 40
    sheet = csv.DictReader(shop.call("GET", "/api/merchant/statement").text.splitlines())
    of_month = [
        row for row in sheet if len(row["day"]) == 7 and (row["currency"], row["tender"]) == (CURRENCY, "card")
    ]
    assert [float(row["lost"]) for row in of_month] == [40]
