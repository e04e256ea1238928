"""A merchant's overview: each payment, refund and decline is in it once, soon after it happened."""

from __future__ import annotations

import csv
from typing import Any

from tests.client import PUBLISHABLE_KEY, Client, until, voucher

CURRENCY = "CHF"  # nothing else of the tests is paid in it
DECLINED = "4000000000000002"
DISPUTED = "4000000000000259"


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


def test_what_a_bank_takes_in_a_dispute_is_lost_in_overview_and_statement(client: Client) -> None:
    before = today(client).get("lost", 0)
    paid = client.paid(amount=40, currency=CURRENCY, card=DISPUTED)
    (dispute,) = until(lambda: client.transaction(paid)["disputes"], bool)

    said = client.call("POST", f"/api/sandbox/disputes/{dispute}/advance", {"to": "LOST"})
    assert said.status_code == 200, said.text

    until(lambda: today(client)["lost"] - before, lambda lost: lost == 40.0)
    assert client.get(f"/api/merchant/disputes/stats?currency={CURRENCY}")["totalLost"] == before + 40
    sheet = csv.DictReader(client.call("GET", "/api/merchant/statement").text.splitlines())
    of_month = [
        row for row in sheet if len(row["day"]) == 7 and (row["currency"], row["tender"]) == (CURRENCY, "card")
    ]
    assert [float(row["lost"]) for row in of_month] == [before + 40]
