"""A merchant's overview: each payment, refund and decline is in it once, soon after it happened."""

from __future__ import annotations

from typing import Any

from tests.client import PUBLISHABLE_KEY, Client, until, voucher

CURRENCY = "CHF"  # nothing else of the tests is paid in it
DECLINED = "4000000000000002"


def today(client: Client) -> dict[str, Any]:
    found = client.get("/api/merchant/overview")["currencies"]
    return next((dict(each["today"]) for each in found if each["currency"] == CURRENCY), {})


def test_what_is_paid_refunded_and_declined_is_summed_up(client: Client) -> None:
    before = {"paid": 0, "gross": 0, "vouchers": 0, "refunds": 0, "refunded": 0} | today(client)
    paid = client.paid(voucher(5000), amount=150, currency=CURRENCY)["transactionId"]
    client.paid(amount=20, currency=CURRENCY)
    client.call("POST", f"/api/payment/refund/{paid}", {"amount": 30})

    seen = until(lambda: today(client), lambda seen: seen.get("refunds") == before["refunds"] + 1)
    seen = until(lambda: today(client), lambda seen: seen["paid"] == before["paid"] + 2)

    grown = {name: seen[name] - before[name] for name in ("paid", "gross", "vouchers", "refunds", "refunded")}
    assert grown == {"paid": 2, "gross": 170.0, "vouchers": 50.0, "refunds": 1, "refunded": 30.0}


def test_there_are_thirty_days_and_today_is_the_last_of_them(client: Client) -> None:
    client.paid(amount=5, currency=CURRENCY)
    until(lambda: today(client).get("paid", 0), bool)

    found = client.get("/api/merchant/overview")
    shown = next(each for each in found["currencies"] if each["currency"] == CURRENCY)

    assert len(shown["days"]) == 30
    assert shown["days"][-1] == {"day": shown["days"][-1]["day"], **shown["today"]}
    assert shown["month"]["gross"] == sum(day["gross"] for day in shown["days"])


def test_a_publishable_key_sees_no_overview(client: Client) -> None:
    assert client.using(PUBLISHABLE_KEY).call("GET", "/api/merchant/overview").status_code == 403
