"""Glomopay's API over real HTTP: a paid order is told in canonical bytes, and of many tries at once one begins."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.client import SECRET_KEY, Client, until
from tests.receiver import Received, Receiver

SECRET = "a-secret-that-was-brought-along"
ORDER = {"customer_id": "cust_E602dMzgjpDC", "currency": "USD", "amount": 1000}
CARD = {"holder_name": "John Doe", "number": "4111111111111111", "expiry_month": "09", "expiry_year": "2030"}


@pytest.fixture
def hook(client: Client) -> Iterator[Receiver]:
    """An endpoint of the demo merchant, with a secret of its own."""
    with Receiver() as receiver:
        body = {"url": receiver.url("/glomopay"), "payloadFormat": "glomopay", "secret": SECRET}
        made = client.call("POST", "/api/merchant/webhooks", body)
        assert made.status_code == 200, made.text
        yield receiver
        client.call("DELETE", f"/api/merchant/webhooks/{made.json()['id']}")


def told_of(hook: Receiver, *numbers: str) -> list[Received]:
    """What was told of these; of what other tests have done, something may still be on its way."""
    return [request for request in list(hook.received) if request.json["data"]["id"] in numbers]


def ordered(client: Client, **more: object) -> str:
    made = client.call("POST", "/api/v1/orders", {**ORDER, **more})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def pay(client: Client, order: str, number: str = CARD["number"], **more: object) -> Any:
    card = {**CARD, "number": number, "cvv": "123"}
    body = {"order_id": order, "method": "card", "card": card, "callback_url": "https://shop.example/back?cart=7"}
    return client.call("POST", "/api/v1/payments", {**body, **more})


def agree(client: Client, begun: dict[str, Any], code: str | None = "123456") -> dict[str, Any]:
    """The customer on the page that the reply leads to."""
    token = parse_qs(urlsplit(begun["next_steps"][0]["payload"]["url"]).query)["authToken"][0]
    body = {} if code is None else {"otp": code}
    answer = client.using(token).call("POST", f"/api/v1/authentication/{begun['payment_id']}", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_paid_order_is_told_in_canonical_bytes_with_a_signature(client: Client, hook: Receiver) -> None:
    order = ordered(client, notes={"key": "caffè"})
    begun = pay(client, order).json()
    agree(client, begun)

    received = until(lambda: told_of(hook, begun["payment_id"], order), lambda all_: len(all_) >= 2)

    told = {f"{one.json['entity_type']}.{one.json['event_type']}": one for one in received}
    assert set(told) == {"payment.success", "orders.paid"}
    for one in received:
        signed = hmac.new(SECRET.encode(), one.body, hashlib.sha256).hexdigest()
        assert one.header("X-Glomopay-Signature") == signed
        assert json.dumps(one.json, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() == one.body
    assert told["payment.success"].json["data"] == client.get(f"/api/v1/payments/{begun['payment_id']}")
    assert told["orders.paid"].json["data"] == client.get(f"/api/v1/orders/{order}")


def test_of_eight_payments_at_once_for_one_order_one_begins(client: Client) -> None:
    order = ordered(client)

    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: pay(client, order), range(8)))

    (begun,) = [answer.json() for answer in answers if answer.status_code == 201]
    refused = [answer.json() for answer in answers if answer.status_code != 201]
    assert {answer.status_code for answer in answers} == {201, 400}
    assert {one["message"] for one in refused} == {"The order has an existing in progress payment"}
    assert {one["payment_id"] for one in refused} == {begun["payment_id"]}
    assert agree(client, begun)["status"] == "success"
    assert client.get(f"/api/v1/orders/{order}")["status"] == "paid"


def test_of_eight_orders_at_once_with_one_number_one_is_made(client: Client) -> None:
    number = f"shop-{secrets.token_hex(8)}"

    with ThreadPoolExecutor(8) as many:
        body = {**ORDER, "request_id": number}
        answers = list(many.map(lambda _: client.call("POST", "/api/v1/orders", body), range(8)))

    assert sorted(answer.status_code for answer in answers) == [201, *[400] * 7]
    found = client.get(f"/api/v1/orders?request_id={number}")
    assert [one["id"] for one in found["data"]] == [a.json()["id"] for a in answers if a.status_code == 201]


def test_the_browser_comes_back_with_a_word_that_the_shop_can_check(client: Client) -> None:
    back = agree(client, pay(client, ordered(client)).json())["redirect_url"]

    said = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    signed = f"{said['order_id']}|{said['payment_id']}|{said['status']}"
    assert back.startswith("https://shop.example/back?cart=7&order_id=")
    assert hmac.new(SECRET_KEY.encode(), signed.encode(), hashlib.sha256).hexdigest() == said["signature"]


def test_an_order_comes_in_pieces_with_every_optional_field_null(client: Client) -> None:
    """As .NET's client posts it: it knows no length beforehand, and leaves nothing out."""
    optional = ("invoice_number", "invoice_description", "payment_methods", "notes")
    text = json.dumps({**ORDER, **dict.fromkeys(optional)}).encode()
    headers = {"Authorization": f"Bearer {SECRET_KEY}", "Content-Type": "application/json; charset=utf-8"}

    made = client.session.post(
        f"{client.base_url}/api/v1/orders", data=iter((text[:30], text[30:])), headers=headers, timeout=30
    )

    assert made.request.headers["Transfer-Encoding"] == "chunked"
    assert made.status_code == 201, made.text
    answer = made.json()
    assert {name: answer[name] for name in ORDER} == ORDER
    assert datetime.fromisoformat(answer["created_at"]) == datetime.fromisoformat(answer["updated_at"])
    assert client.get(f"/api/v1/orders/{answer['id']}") == answer
