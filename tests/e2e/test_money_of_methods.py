"""Money of a method that comes in parts, twice, or after the end, over real HTTP: what each side is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from shared.adapters.dynamodb.books import DynamoBooks
from shared.adapters.method_providers.sandbox_counter import SandboxCounter
from shared.domain.ids import PaymentId
from tests.client import Client, until
from tests.e2e.test_paygol import about, client, deliveries, merchant, service, shop
from tests.paygol_service import JOHN, Service
from tests.receiver import Receiver
from tools.ops.target import target

DECLINED = "4000000000000002"
SLIP = {**JOHN, "pg_currency": "MXN", "pg_country": "MX", "pg_method": "oxxo", "pg_personalid": "VECJ880326XXX"}
BANK = {**JOHN, "pg_country": "NL", "pg_method": "ideal"}
__all__ = ["client", "merchant", "service", "shop"]  # its fixtures


@pytest.fixture(scope="module")
def counter(gateway_url: str) -> SandboxCounter:
    """Where customers hand in money, whenever and how much they like."""
    port = urlsplit(gateway_url).port
    assert port is not None
    database = target(port, None).client("dynamodb")
    (table,) = [name for name in database.list_tables()["TableNames"] if "SandboxTable" in name]
    return SandboxCounter(DynamoBooks(database, table), lambda: datetime.now(UTC))


class Transaction:
    """One of them, seen from everywhere."""

    def __init__(self, service: Service, client: Client, counter: SandboxCounter, number: str) -> None:
        self.service, self.client, self.counter, self.number = service, client, counter, number

    def page(self, verb: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        path = f"/api/pay-direct/{self.number}/{verb}"
        reply = self.client.using(None).call("GET" if body is None else "POST", path, body)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def comes(self, minor: int) -> dict[str, Any]:
        """Money comes, and the provider is asked once more."""
        assert self.counter.receive(PaymentId(self.number), minor)
        return self.service.acts(self.number, "pay") if self.is_whole else self.seen()

    @property
    def is_whole(self) -> bool:
        book = self.book
        return bool(book["paid"] >= book["amount"])

    def seen(self) -> dict[str, Any]:
        return self.page("checkout")

    @property
    def book(self) -> dict[str, Any]:
        """The provider's own."""
        return self.client.get(f"/api/sandbox/methods/{self.number}")

    @property
    def ours(self) -> dict[str, Any]:
        return self.client.get(f"/api/payment/transaction/{self.number}")

    @property
    def row(self) -> dict[str, Any]:
        """As the dashboard's list has it."""
        found = self.client.get(f"/api/merchant/transactions?q={self.number}")["transactions"]
        (row,) = [each for each in found if each["transactionId"] == self.number]
        return dict(row)

    def told(self, shop: Receiver) -> list[str]:
        """Every status that the shop was told of it, in order; one without a word is of the older kind: paid."""
        heard = [request for request in shop.received if about(self.number)(request)]
        return [request.json["status"] if request.body else "paid" for request in heard]


@dataclass
class Shopping:
    """A shop that begins transactions by the signed API or by a form, and what it is told of them in its own way."""

    by_form: bool
    service: Service
    client: Client
    counter: SandboxCounter

    def makes(self, **given: Any) -> Transaction:
        make = self.service.by_form if self.by_form else self.service.creates
        return Transaction(self.service, self.client, self.counter, make(**given))

    def begins(self, **given: Any) -> Transaction:
        """At the provider, too."""
        transaction = self.makes(**given)
        assert transaction.page("start", {})["status"] == "pending"
        return transaction

    @property
    def paid(self) -> list[str]:
        return ["paid"] if self.by_form else ["completed"]

    @property
    def left(self) -> list[str]:
        """Of the older kind any notification is taken for paid, so that none is sent."""
        return [] if self.by_form else ["cancelled"]


@pytest.fixture(params=[False, True], ids=["api", "form"])
def shopping(request: pytest.FixtureRequest, service: Service, client: Client, counter: SandboxCounter) -> Shopping:
    return Shopping(request.param, service, client, counter)


def test_parts_pay_when_they_add_up_and_the_shop_is_told_once(shopping: Shopping, shop: Receiver) -> None:
    slip = shopping.begins(**SLIP)

    assert slip.comes(4_00)["status"] == "pending"
    assert slip.ours["status"] == "PROCESSING"
    assert slip.comes(7_00)["status"] == "completed"

    shop.wait_for(about(slip.number))
    assert (slip.service.status(slip.number)["status"], slip.book["paid"]) == ("completed", 11.0)
    assert (slip.ours["status"], slip.ours["capturedAmount"], slip.row["status"]) == ("SUCCESS", 11.0, "SUCCESS")
    assert slip.told(shop) == shopping.paid


def test_money_that_comes_twice_goes_back_once_and_the_shop_hears_nothing_of_it(
    shopping: Shopping, shop: Receiver
) -> None:
    bank = shopping.begins(**BANK)
    bank.comes(11_00)
    shop.wait_for(about(bank.number))

    bank.comes(11_00)

    book = until(lambda: bank.book, lambda seen: seen["refunded"] > 0)
    assert (book["paid"], book["refunded"]) == (22.0, 11.0)
    seen = bank.ours
    assert (seen["status"], seen["capturedAmount"], seen["refundableAmount"]) == ("SUCCESS", 11.0, 11.0)
    assert (bank.service.status(bank.number)["status"], bank.row["status"]) == ("completed", "SUCCESS")
    assert bank.told(shop) == shopping.paid


def test_cash_that_comes_after_the_customer_left_needs_a_person_and_pays_nothing(
    shopping: Shopping, shop: Receiver, client: Client
) -> None:
    slip = shopping.begins(**SLIP)
    assert slip.page("cancel", {})["status"] == "cancelled"

    slip.comes(11_00)

    seen = until(lambda: slip.ours, lambda seen: seen.get("attention"))
    assert (seen["status"], seen["attention"]) == ("FAILED", "PAID_LATE")
    assert (slip.service.status(slip.number)["status"], slip.row["attention"]) == ("cancelled", "PAID_LATE")
    until(lambda: slip.told(shop), lambda heard: heard == shopping.left)
    until(lambda: deliveries(client, shop), lambda sent: all(each["status"] == "DELIVERED" for each in sent))
    assert slip.told(shop) == shopping.left


def test_after_a_refused_card_another_method_pays_and_one_word_of_it_is_told(
    shopping: Shopping, shop: Receiver, client: Client, service: Service
) -> None:
    transaction = shopping.makes(pg_method="creditcard")
    page = parse_qs(urlsplit(str(transaction.page("start", {})["nextUrl"])).query)["paymentID"][0]
    assert client.submit({"igfs": {"paymentId": page}}, DECLINED).json()["declineCode"] == "card_declined"
    assert service.status(transaction.number)["status"] == "created"

    transaction.page("method", {**JOHN, "pg_country": "DE", "pg_method": "bitcoin"})
    assert service.acts(transaction.number, "pay")["status"] == "completed"

    shop.wait_for(about(transaction.number))
    seen = transaction.ours
    assert (seen["status"], seen["capturedAmount"]) == ("SUCCESS", 11.0)
    assert seen["breakdown"]["paymentMethod"] == "OTHER"
    assert (seen["paygol"]["method"], transaction.row["status"]) == ("bitcoin", "SUCCESS")
    assert transaction.told(shop) == shopping.paid


def test_the_way_back_is_of_a_browser_that_is_led(service: Service, client: Client, counter: SandboxCounter) -> None:
    """Who pays in parts and comes back in between is led to the page, with the whole to the shop."""
    number = service.creates(**SLIP, pg_return_url="https://shop.example/thanks?order=7")
    slip = Transaction(service, client, counter, number)
    slip.page("start", {})
    slip.comes(4_00)

    def led() -> str:
        address = f"{service.base_url}/api/pay-direct/{number}/return"
        return requests.get(address, allow_redirects=False, timeout=60).headers["Location"]

    assert f"/pay/method/?id={number}" in led()
    slip.comes(7_00)
    assert led().startswith(f"https://shop.example/thanks?order=7&PGID={number}&status=completed")
