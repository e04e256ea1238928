"""A merchant's list of payments: newest first, page by page, nobody else's."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.client import PUBLISHABLE_KEY, Client, until

LIST = "/api/merchant/transactions"


def rows(client: Client, size: int, most: int = 100) -> list[dict[str, Any]]:
    """The newest payments, read in pages of ``size``."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None and len(found) < most:
        page = client.get(f"{LIST}?limit={size}" + (f"&cursor={quote(cursor)}" if cursor else ""))
        assert page["count"] == len(page["transactions"]) <= size
        found += page["transactions"]
        cursor = page["nextCursor"]
    return found


def test_my_payments_are_listed_newest_first_page_by_page(client: Client) -> None:
    made = [client.init(amount)["transactionId"] for amount in (10, 20, 30)]

    def listed() -> list[str]:
        return [row["transactionId"] for row in rows(client, 2) if row["transactionId"] in made]

    assert until(listed, lambda seen: len(seen) == len(made)) == made[::-1]


def test_a_row_says_what_one_looks_for(client: Client) -> None:
    payment = client.init(12.5, description="Order 77", customerId="cust_ada")

    def listed() -> list[dict[str, Any]]:
        return [row for row in rows(client, 100) if row["transactionId"] == payment["transactionId"]]

    (row,) = until(listed, bool)
    assert (row["status"], row["totalAmount"], row["currency"]) == ("PENDING", 12.5, "EUR")
    assert (row["description"], row["customerId"], row["completedAt"]) == ("Order 77", "cust_ada", None)


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=yesterday"])
def test_a_list_that_is_asked_for_wrongly_says_why(client: Client, query: str) -> None:
    reply = client.call("GET", f"{LIST}?{query}")

    assert reply.status_code == 400
    assert reply.json()["code"] == "invalid_request"


def test_a_publishable_key_sees_no_list(client: Client) -> None:
    assert client.using(PUBLISHABLE_KEY).call("GET", LIST).status_code == 403


def found(client: Client, query: str) -> list[str]:
    return [str(row["transactionId"]) for row in client.get(f"{LIST}?limit=100&{query}")["transactions"]]


def test_a_payment_is_found_by_what_it_is_and_by_what_it_is_called(client: Client) -> None:
    dinner = client.paid(amount=77.5, description="Cena per otto, ordine 88123", customerId="cust_find")
    paid = dinner["transactionId"]
    other = client.init(77.5, description="Another order 88999", customerId="cust_find")["transactionId"]
    refund = client.call("POST", f"/api/payment/refund/{paid}", {"amount": 10}).json()["refundId"]

    def finds(query: str, *payments: str) -> None:
        until(lambda: sorted(found(client, query)), lambda seen: seen == sorted(payments))

    finds("q=88123", paid)
    finds("q=PER%20OTTO&status=PARTIALLY_REFUNDED,SUCCESS", paid)
    finds("q=cust_find", paid, other)
    finds(f"q={refund}", paid)
    finds(f"q={paid}", paid)
    finds("q=cust_find&status=PENDING&minAmount=77.50&maxAmount=77.50", other)
    finds("q=cust_find&minAmount=77.51")
    finds("q=cust_find&to=2020-01-01")
    finds("q=cust_find&family=paygol")
    finds("q=cust_find&from=2020-01-01&family=payglobe&gateway=sandbox", paid, other)


def test_the_last_four_digits_of_a_card_find_what_it_paid(client: Client) -> None:
    paid = client.paid(amount=31.5, description="By its card")["transactionId"]

    assert paid in until(lambda: found(client, "q=4242&minAmount=31.5&maxAmount=31.5"), bool)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("status=PAID&from=soon", "from is a day"),
        ("state=PAID", "state is no parameter of this list"),
        ("status=PAID", "status is one or several of"),
        ("from=yesterday", "from is a day"),
        ("to=2026-13-01", "to is a day"),
        ("from=2026-11-22&to=2026-11-21", "to is before from"),
        ("minAmount=10&maxAmount=9.99", "maxAmount is less than minAmount"),
        ("minAmount=1e9", "minAmount is an amount"),
        ("maxAmount=-3", "maxAmount is an amount"),
        ("family=stripey", "family is one of"),
        ("q=x", "q has 2 to 100 characters"),
        ("q=4242424242424242", "never by the whole number"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused_and_said(client: Client, query: str, says: str) -> None:
    reply = client.call("GET", f"{LIST}?{query}")

    assert reply.status_code == 400
    assert says in reply.json()["message"]
    assert "4242424242424242" not in reply.text


def test_a_search_is_exported_as_csv_with_its_filters(client: Client) -> None:
    paid = client.paid(amount=43.5, description="Exported =1+1 91234")["transactionId"]
    client.init(9, description="Not exported")
    until(lambda: found(client, "q=91234&status=SUCCESS"), bool)

    reply = client.call("GET", "/api/merchant/export?q=91234&status=SUCCESS")

    assert reply.headers["Content-Type"].startswith("text/csv")
    head, row = reply.text.splitlines()
    assert head.startswith("transactionId,createdAt,completedAt,status,currency,amount,card,voucher,")
    assert row.startswith(f"{paid},")
    assert ",SUCCESS,EUR,43.50,43.50,0.00,0.00,0.00," in row
    assert "X-Next-Cursor" not in reply.headers
    assert client.call("GET", "/api/merchant/export?limit=3").status_code == 400
