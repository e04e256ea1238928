"""A card number, a CVV, a key and gateway tokens go through every path; then everything kept is searched for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.client import SECRET_KEY, Client, voucher
from tests.e2e.connected import Connected
from tools.local.stack import Gateway, start_gateway
from tools.testing.far_sides.stripe.server import StripeAcquirer
from tools.testing.far_sides.switch import Damage, Fault

NUMBER, CVV = "5555555555554444", "8391"
TOKEN = "sbxtok_"  # how every token of the sandbox gateway begins
CARDS = "/api/token-payment"
ANSWERS: list[str] = []


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    gateway = start_gateway()
    try:
        _use(Client(gateway.base_url))
        _bring_it_to_an_acquirer(gateway.base_url, tmp_path_factory.mktemp("settings"))
        yield gateway
    finally:
        gateway.stop()


def _use(client: Client) -> None:
    """Good and bad cards, a challenge, vouchers, a refund, a wrong body: all with the canary in it."""
    card = {"number": NUMBER, "holderName": "Ada Rossi", "expiryMonth": 12, "expiryYear": 2030, "cvv": CVV}
    for body in (card, card | {"expiryMonth": 13}, card | {"number": NUMBER + "7"}, card | {"extra": NUMBER}):
        payment = client.init(email="ada@example.com")
        client.using(None).call("POST", f"/sandbox/card-page/{payment['igfs']['paymentId']}", body)
    payment = client.paid(voucher(5000), card=NUMBER)
    client.call("POST", f"/api/payment/refund/{payment['id']}", {"amount": 120.00}, Idempotency_Key="canary")
    client.call("POST", f"/api/payment/init/{SECRET_KEY}", {})
    _type_it_where_it_does_not_belong(client)
    _bring_it_along(client)
    _type_it_into_forms(client)
    for number in (NUMBER, "4000000000000341", "4000000000000119"):
        _save_and_charge(client, number)


def _type_it_into_forms(client: Client) -> None:
    """Into each field of a form, of a signed call and of a transaction's page."""
    form = {"pg_serviceid": "123", "pg_price": "1", "pg_currency": "EUR", "pg_country": "BR", "pg_method": "boleto"}
    names = ("custom", "name", "first_name", "last_name", "email", "phone", "personalid", "return_url", "cancel_url")
    for name in (*names, "sub_merchant_id", "sub_merchant_url", "ip", "language", "bic", "mode", "serviceid"):
        for value in (NUMBER, f"https://shop.example/{NUMBER}", f"{NUMBER}@example.com"):
            client.session.post(f"{client.base_url}/pay", data={**form, f"pg_{name}": value}, allow_redirects=False)
            client.session.get(f"{client.base_url}/pay", params={**form, f"pg_{name}": value}, allow_redirects=False)
    reply = client.session.post(f"{client.base_url}/pay", data={**form, "pg_mode": "api"})
    begun = client.session.post(f"{client.base_url}/pay", data=form, allow_redirects=False)
    ANSWERS.append(reply.text)
    number = begun.headers["Location"].partition("id=")[2]
    for name in ("pg_first_name", "pg_email", "pg_personalid", "pg_phone", "pg_bic", "pg_country", "pg_method"):
        client.using(None).call("POST", f"/api/pay-direct/{number}/method", {name: NUMBER})


def _type_it_where_it_does_not_belong(client: Client) -> None:
    """As a name, a description, an id, a reason, a voucher, an address, a key: by itself and in groups."""
    for text in (NUMBER, "5555 5555 5555 4444", f"Ada {NUMBER}"):
        payment = client.init(description=text, language=text)
        client.call("POST", "/api/payment/init", {"amount": 1, "customerId": text}, Idempotency_Key=text)
        for field, value in (("email", f"{NUMBER}@example.com"), ("returnUrl", f"https://shop.example/{NUMBER}")):
            client.call("POST", "/api/payment/init", {"amount": 1, field: value})
        card = {"number": NUMBER, "holderName": text, "expiryMonth": 12, "expiryYear": 2030, "cvv": CVV}
        client.using(None).call("POST", f"/sandbox/card-page/{payment['igfs']['paymentId']}", card)
        client.choose(payment, text)
        link = {"amount": 1, "description": text, "customerName": text}
        client.call("POST", "/api/payment-links/create", link)
        client.call("POST", "/api/merchant/webhooks", {"url": f"https://shop.example/hook?{NUMBER}"})
        client.call("GET", f"/api/payment/transaction/{text}")
        client.call("GET", f"/api/token-payment/cards?customerId={text}")
        client.using(text).call("GET", "/api/merchant/transactions")
    paid = client.paid()
    client.call("POST", f"/api/payment/refund/{paid['id']}", {"amount": 1, "reason": f"to {NUMBER}"})


def _bring_it_along(client: Client) -> None:
    """A merchant's server hands the card over: right, wrong, charged, left, and where no card belongs."""
    order = {"customer_id": "cust_E602dMzgjpDC", "currency": "USD", "amount": 1000}
    card = {"number": NUMBER, "holder_name": "Ada", "expiry_month": "12", "expiry_year": "2030", "cvv": CVV}
    for changes in ({}, {"cvv": f"{CVV}1"}, {"number": f"{NUMBER}7"}, {"expiry_month": NUMBER}, {"extra": NUMBER}):
        made = client.call("POST", "/api/v1/orders", order).json()
        body = {"order_id": made["id"], "method": "card", "card": card | changes}
        begun = client.call("POST", "/api/v1/payments", body | {"callback_url": "https://shop.example/back"})
        ANSWERS.append(begun.text)
        if begun.status_code == 201:
            page = parse_qs(urlsplit(begun.json()["next_steps"][0]["payload"]["url"]).query)
            path = f"/api/v1/authentication/{begun.json()['payment_id']}"
            holder = client.using(page["authToken"][0])
            ANSWERS.extend(holder.call(method, path, body).text for method, body in (("GET", None), ("POST", {})))
    for field in ("order_id", "method", "callback_url", "request_id", "notes"):
        client.call("POST", "/api/v1/payment", {"card": card, field: NUMBER})
    client.call("POST", "/api/v1/orders", order | {"invoice_number": NUMBER, "request_id": NUMBER})
    client.call("POST", "/api/v1/customer", {"name": NUMBER, "phone": NUMBER, "pincode": NUMBER})
    client.call("GET", f"/api/v1/payments/payt_{NUMBER}")
    client.call("GET", f"/api/v1/orders?request_id={NUMBER}")


def _bring_it_to_an_acquirer(base_url: str, folder: Path) -> None:
    """A merchant at Stripe hands the card over there: right, with a digit that Stripe quotes, charged and lost."""
    acquirer = StripeAcquirer()
    settings = {"api_base": acquirer.origin, "secret_key": acquirer.account.key, "raw_cards": True}
    shop = Connected(base_url, folder, "stripe", settings, acquirer.account.id)
    card = {"number": NUMBER, "holder_name": "Ada", "expiry_month": "12", "expiry_year": "2030", "cvv": CVV[:3]}
    for number in (NUMBER, f"{NUMBER[:-1]}5", NUMBER):
        order = {"customer_id": shop.customer(), "currency": "EUR", "amount": 1000}
        body = {"order_id": shop.client.call("POST", "/api/v1/orders", order).json()["id"], "method": "card"}
        body |= {"card": card | {"number": number}, "callback_url": "https://shop.example/back"}
        begun = shop.client.call("POST", "/api/v1/payments", body)
        ANSWERS.append(begun.text)
        if begun.status_code == 201:
            page = parse_qs(urlsplit(begun.json()["next_steps"][0]["payload"]["url"]).query)
            path = f"/api/v1/authentication/{begun.json()['payment_id']}"
            with acquirer.switch.at(Fault(Damage.LOST, acted=True)):
                ANSWERS.append(shop.client.using(page["authToken"][0]).call("POST", path, {}).text)
    acquirer.close()


def _save_and_charge(client: Client, number: str) -> None:
    """A card saved, listed, charged, refused or lost, and deleted, with every answer kept for the search."""
    payment = client.init(20.00, paymentMode="SALE_WITH_TOKENIZATION")
    client.card(payment, number)
    mine = {"transactionId": payment["id"], "customerId": "canary"}
    saved = client.call("POST", f"{CARDS}/save-card", mine, Idempotency_Key=payment["id"])
    order = {"cardId": saved.json()["cardId"], "amount": 5, "customerId": "canary"}
    paid = client.call("POST", f"{CARDS}/pay", order, Idempotency_Key=f"pay {payment['id']}")
    transaction = client.call("GET", f"/api/payment/transaction/{paid.json()['transactionId']}")
    shown = client.call("GET", f"{CARDS}/cards?customerId=canary")
    first = client.call("GET", f"/api/payment/transaction/{payment['id']}")
    book = client.call("GET", f"/api/sandbox/payments/{payment['igfs']['paymentId']}")
    deleted = client.call("DELETE", f"{CARDS}/cards/{order['cardId']}")
    ANSWERS.extend(reply.text for reply in (saved, paid, transaction, shown, first, book, deleted))
    client.card(client.init(20.00, paymentMode="SALE_WITH_TOKENIZATION"), number)  # its token stays at the gateway


def _tables(gateway: Gateway) -> Iterator[tuple[str, str]]:
    database = gateway.stack.client("dynamodb")
    for name in database.list_tables()["TableNames"]:
        yield name, json.dumps(database.scan(TableName=name)["Items"], default=str)


def _logs(gateway: Gateway) -> Iterator[tuple[str, str]]:
    logs = gateway.stack.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        events = logs.filter_log_events(logGroupName=name).get("events", [])
        yield name, "\n".join(event["message"] for event in events)
    yield "the emulator's own log", gateway.stack.cloud.log.read_text()


def _executions(gateway: Gateway) -> Iterator[tuple[str, str]]:
    flow = gateway.stack.client("stepfunctions")
    machine = gateway.stack.outputs["PaymentFlowArn"]
    for execution in flow.list_executions(stateMachineArn=machine)["executions"]:
        arn = execution["executionArn"]
        history: list[Any] = flow.get_execution_history(executionArn=arn, maxResults=1000)["events"]
        yield arn, json.dumps(history, default=str)


@pytest.mark.parametrize("keep", [_tables, _logs, _executions], ids=["tables", "logs", "executions"])
def test_no_card_number_cvv_or_key_is_kept_anywhere(busy: Gateway, keep: Any) -> None:
    kept = list(keep(busy))

    assert kept
    for name, text in kept:
        for secret in (NUMBER, f"{NUMBER[:-1]}5", "5555 5555 5555 4444", f'"{CVV}"', f" {CVV} ", SECRET_KEY):
            assert secret not in text, f"{secret} was kept in {name}"


@pytest.mark.parametrize("keep", [_tables, _logs, _executions], ids=["tables", "logs", "executions"])
def test_a_gateways_token_is_readable_nowhere_but_at_the_gateway(busy: Gateway, keep: Any) -> None:
    kept = dict(keep(busy))
    at_the_gateway = [name for name in kept if "SandboxTable" in name]

    for name, text in kept.items():
        assert (TOKEN in text) == (name in at_the_gateway), name
    assert ANSWERS
    assert not [answer for answer in ANSWERS if TOKEN in answer or NUMBER in answer]
