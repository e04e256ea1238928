"""Paygol over real HTTP: what a shop is told of a transaction, when, how often, and in which bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests

from shared.families.paygol.signing import signature
from tests.client import Client, until
from tests.e2e.test_disputes import opened, says
from tests.merchants import Onboarded, onboarded
from tests.paygol_service import BITCOIN, Service
from tests.receiver import Received, Receiver
from tools.local.deploy import ROOT

SETTINGS = "/api/merchant/paygol"
OWN = "/ipn?wc-api=Paygol&bb_gateway_id=7"


@pytest.fixture
def merchant(gateway_url: str) -> Onboarded:
    """One of this test's own: what others are told of may still be on its way."""
    return onboarded(gateway_url)


@pytest.fixture
def client(gateway_url: str, merchant: Onboarded) -> Client:
    return Client(gateway_url, merchant.secret)


@pytest.fixture
def service(gateway_url: str, merchant: Onboarded) -> Service:
    return Service(gateway_url, merchant.service, merchant.service_secret)


@pytest.fixture
def shop(client: Client) -> Iterator[Receiver]:
    """The shop's own server, at the service's address for notifications."""
    with Receiver() as receiver:
        settings(client, ipn_url=receiver.url(OWN))
        yield receiver


def settings(client: Client, **changes: Any) -> dict[str, Any]:
    reply = client.call("PATCH", SETTINGS, changes)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def about(number: str, status: str = "") -> Any:
    """Whether a request is a notification of that transaction, and of that status."""

    def is_it(request: Received) -> bool:
        by_query = dict(parse_qsl(urlsplit(request.path).query))
        told = request.json if request.body else by_query
        return told.get("transaction_id") == number and status in ("", told.get("status"))

    return is_it


def deliveries(client: Client, shop: Receiver) -> list[dict[str, Any]]:
    """What was, or is to be, told to this test's own server, as the merchant sees it."""
    endpoint = client.get(SETTINGS)["endpointId"]
    listed = client.get(f"/api/merchant/webhooks/{endpoint}/deliveries?limit=100")["deliveries"]
    return [each for each in listed if each["url"] == shop.url(OWN)]


def once_delivered(client: Client, shop: Receiver) -> dict[str, Any]:
    """The only delivery, once it was taken."""

    def is_over(seen: list[dict[str, Any]]) -> bool:
        return bool(seen) and all(each["status"] == "DELIVERED" for each in seen)

    [delivery] = until(lambda: deliveries(client, shop), is_over)
    return dict(delivery)


def test_a_signed_call_is_told_by_a_signed_body_after_the_status_can_be_read(
    service: Service, shop: Receiver, client: Client
) -> None:
    """The shop asks back while it is being notified, as its plugins do."""
    read: list[str] = []

    def asks_back(request: Received, before: int) -> int:
        check = {"service": service.number, "id": request.json["transaction_id"]}
        reply = requests.get(f"{service.base_url}/api/check-payment", params=check, timeout=60)
        read.extend([reply.json()["data"]["status"], service.status(check["id"])["status"]])
        return 200

    shop.answer = asks_back
    number = service.creates(pg_custom="a/b é 😀", pg_price=9.9900000000000002)
    service.acts(number, "pay")

    told = shop.wait_for(about(number))
    assert (told.method, told.path) == ("GET", OWN)
    assert told.body == (
        b'{"country":"DE","currency":"EUR","custom":"a\\/b \\u00e9 \\ud83d\\ude00","method":"bitcoin","price":"9.99",'
        b'"service_id":"'
        + service.number.encode()
        + b'","status":"completed","transaction_id":"'
        + number.encode()
        + b'"}'
    )
    assert told.headers["X-Pg-Sig"] == signature(service.secret.encode(), told.body)
    until(lambda: read, lambda seen: len(seen) == 2)
    assert read == ["completed", "completed"]
    assert len(once_delivered(client, shop)["attempts"]) == 1


def test_a_form_is_told_by_a_query_behind_the_shops_own_and_no_record_has_the_secret(
    service: Service, shop: Receiver, client: Client
) -> None:
    number = service.by_form(pg_custom="order 7|x", pg_price="12.5")
    service.acts(number, "pay")

    told = shop.wait_for(about(number))
    assert (told.method, told.body, told.header("X-Pg-Sig")) == ("GET", b"", "")
    assert told.path.startswith(f"{OWN}&transaction_id=")
    assert {name: values[-1] for name, values in parse_qs(urlsplit(told.path).query).items()} == {
        "wc-api": "Paygol", "bb_gateway_id": "7", "transaction_id": number, "service_id": service.number,
        "country": "DE", "custom": "order 7|x", "key": service.secret, "price": "12.50", "currency": "EUR",
        "frmprice": "12.50", "frmcurrency": "EUR", "method": "bitcoin",
    }  # fmt: skip
    assert service.secret not in json.dumps(once_delivered(client, shop))


@pytest.mark.parametrize("begins", ["api", "form"])
def test_a_notification_that_is_refused_comes_again_in_the_same_bytes_until_it_is_taken(
    service: Service, shop: Receiver, client: Client, begins: str
) -> None:
    shop.answer = lambda request, before: 500 if before < 2 else 200
    number = service.creates() if begins == "api" else service.by_form()
    service.acts(number, "pay")

    delivery = once_delivered(client, shop)
    told = [request for request in shop.received if about(number)(request)]
    assert [attempt["statusCode"] for attempt in delivery["attempts"]] == [500, 500, 200]
    assert len(told) == 3
    assert len({(each.method, each.path, each.body, each.header("X-Pg-Sig")) for each in told}) == 1


@pytest.mark.parametrize(("action", "status"), [("reject", "rejected"), ("expire", "expired")])
def test_an_unpaid_end_is_told_to_signed_callers_and_to_no_form(
    service: Service, shop: Receiver, client: Client, action: str, status: str
) -> None:
    by_form, by_api = service.by_form(), service.creates()
    service.acts(by_form, action)
    service.acts(by_api, action)

    assert shop.wait_for(about(by_api)).json["status"] == status
    later = service.by_form()  # what is told after them shows that nothing is on its way
    service.acts(later, "pay")
    shop.wait_for(about(later))
    assert not [request for request in shop.received if about(by_form)(request)]
    assert [each["eventType"] for each in deliveries(client, shop)] == ["completed", status]


def test_a_lost_dispute_of_a_card_is_told_as_a_chargeback(service: Service, shop: Receiver, client: Client) -> None:
    number = service.creates(pg_method="creditcard")
    there = requests.get(f"{service.base_url}/api/pay-direct/{number}", allow_redirects=False, timeout=60)
    page = parse_qs(urlsplit(there.headers["Location"]).query)["paymentID"][0]
    client.card({"igfs": {"paymentId": page}})
    shop.wait_for(about(number, "completed"))

    dispute = opened(client, {"transactionId": number}, amount=11.00)
    assert says(client, {**dispute, "status": "LOST"}).status_code == 200

    told = shop.wait_for(about(number, "chargeback"))
    assert told.headers["X-Pg-Sig"] == signature(service.secret.encode(), told.body)
    assert service.status(number)["status"] == "chargeback"


def test_the_form_that_the_guide_prints_leads_to_the_page_of_a_transaction(gateway_url: str) -> None:
    service = Service(gateway_url)  # the guide's is the demo merchant's
    printed = (ROOT / "docs" / "guides" / "paygol.md").read_text()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', printed))
    assert "pg_country" not in fields

    reply = requests.post(f"{service.base_url}/pay", data=fields, allow_redirects=False, timeout=60)

    assert (reply.status_code, "/pay/method/?id=" in reply.headers["Location"]) == (303, True)
    number = reply.headers["Location"].partition("?id=")[2]
    assert (service.status(number)["amount"], service.status(number)["custom"]) == ("12.50", "order 7")


def test_settings_hold_for_the_next_attempt(service: Service, shop: Receiver, client: Client) -> None:
    settings(client, ipn_version="2", ipn_method="POST")
    number = service.by_form()
    service.acts(number, "reject")

    told = shop.wait_for(about(number))
    assert (told.method, told.json["status"], told.path) == ("POST", "rejected", OWN)


def test_a_refund_is_told_once_when_all_has_gone_back(service: Service, shop: Receiver, client: Client) -> None:
    given = {**BITCOIN, "pg_country": "NL", "pg_method": "ideal"}
    number = service.creates(**given)
    service.acts(number, "pay")
    for part in (4.00, 7.00):
        assert client.call("POST", f"/api/payment/refund/{number}", {"amount": part}).status_code == 200

    shop.wait_for(about(number, "refunded"))
    told = [request.json["status"] for request in shop.received if about(number)(request)]
    assert sorted(told) == ["completed", "refunded"]
