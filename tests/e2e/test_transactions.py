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
