"""Bells: of a card nobody heard of, of captures and charges whose answers were lost, of a payment nobody knows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final

import boto3
import pytest

from shared.adapters.credentials import SecretsManagerCredentials
from shared.adapters.notifiers.sandbox import signature
from shared.domain.account import Connector, Role
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.usecases.merchant.connect import connect
from tests.integration.ways.payments import ANSWER_LOST, card, held, opened, paid_unheard
from tests.integration.ways.watching import Watch, after
from tools.local.deploy import STACK
from tools.ops.onboarding import DEMO_ID, office
from tools.testing.calling import request as sample_request

SECRET: Final = "a-secret-of-the-sandbox"
CUSTOMER: Final = {"customerId": "cust_bell"}


def bells_in_every_way(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    with watch.aside():
        address = _rings_from_now_on()
    unheard, page = opened(watch)
    paid_unheard(watch, page["paymentID"])
    _rings(watch, address, unheard["transactionId"])
    lost = held(watch, ANSWER_LOST)
    watch.ask("payment.voucher_choice", lost, {"choice": "CARD_ONLY"})
    watch.steps(lost, "capture_card")
    charged = _charged(watch)
    with after(monkeypatch, minutes=2):
        _rings(watch, address, lost["transactionId"])
        _rings(watch, address, charged)
    _rings(watch, address, "TXN_UNKNOWN")


def _rings_from_now_on() -> str:
    credentials = SecretsManagerCredentials(lambda: boto3.client("secretsmanager"), STACK, lambda: datetime.now(UTC))
    record = connect(
        MerchantId(DEMO_ID),
        Environment.TEST,
        Role.CARD_GATEWAY,
        Connector("sandbox"),
        {"notify_secret": SECRET},
        office=office(boto3.client("dynamodb"), "MerchantsTable", "an operator"),
        credentials=credentials,
    )
    (address,) = record.addressed()
    return address


def _charged(watch: Watch) -> str:
    """The charge of a saved card whose answer was lost."""
    payment = watch.ask("payment.init", None, {"amount": 10, "paymentMode": "SALE_WITH_TOKENIZATION"})
    watch.ask("sandbox.card_page_submit", {"paymentID": payment["igfs"]["paymentId"]}, card(ANSWER_LOST))
    watch.ask("token_payment.save_card", None, {"transactionId": payment["id"], **CUSTOMER})
    (saved,) = watch.ask("token_payment.list", query=CUSTOMER)["cards"]
    made = watch.ask("token_payment.pay", None, {"cardId": saved["id"], "amount": 50.00, **CUSTOMER})
    return str(made["transactionId"])


def _rings(watch: Watch, address: str, payment: str) -> None:
    body = json.dumps({"transactionId": payment})
    event = sample_request("webhook.psp", path={"gateway": "sandbox", "connectorId": address})
    event |= {"body": body, "headers": {"X-Sandbox-Signature": signature(SECRET, body.encode()).decode()}}
    assert watch.run("webhook.psp", event)["statusCode"] in (200, 202)
