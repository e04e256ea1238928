"""Bells: of a card nobody heard of, of captures and charges whose answers were lost, of a payment nobody knows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import boto3
import pytest

from shared.adapters.credentials import SecretsManagerCredentials
from shared.adapters.notifiers.sandbox import signature
from shared.bootstrap import core
from shared.domain.account import Connector, Role
from shared.domain.card import PAYER, CardPage
from shared.domain.ids import MerchantId, PaymentId
from shared.domain.payment import Environment
from shared.domain.visitor import Visitor
from shared.ports.payments import Change
from shared.usecases.merchant.connect import connect
from tests.integration.ways.payments import ANSWER_LOST, card, held, opened, paid_unheard
from tests.integration.ways.watching import Watch, after
from tools.local.deploy import STACK
from tools.ops.onboarding import DEMO_ID, office
from tools.testing.calling import request as sample_request
from tools.testing.far_sides.stripe.server import signed

SECRET: Final = "a-secret-of-the-sandbox"
EVENTS_SECRET: Final = "whsec_of_the_demo_merchant"


def bells_in_every_way(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    with watch.aside():
        disputes = _rings_from_now_on("stripe", {"webhook_secret": EVENTS_SECRET})
        address = _rings_from_now_on("sandbox", {"notify_secret": SECRET})
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
    for about in (unheard["transactionId"], "TXN_UNKNOWN"):
        _disputes(watch, disputes, about)
    doors_in_every_way(watch, monkeypatch)


def doors_in_every_way(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Browsers: led to a card page, back from one whose news nobody brought, waiting for what was lost."""
    unheard, page = opened(watch)
    watch.ask("checkout.card", unheard)
    watch.ask("checkout.resume", unheard)
    paid_unheard(watch, page["paymentID"])
    watch.ask("checkout.card", unheard)
    back, page = opened(watch)
    paid_unheard(watch, page["paymentID"])
    _comes_back(watch, back)
    handed, page = opened(watch)
    paid_unheard(watch, page["paymentID"])
    _hands_over(watch, handed, page["paymentID"])
    for mode in ("PREAUTH_VOUCHER_CAPTURE", "SALE_DIRECT"):
        left = watch.ask("payment.init", None, {"amount": 10, "paymentMode": mode})
        _comes_back(watch, {"transactionId": left["transactionId"]}, left="1")
    lost = held(watch, ANSWER_LOST)
    watch.ask("payment.voucher_choice", lost, {"choice": "CARD_ONLY"})
    watch.steps(lost, "capture_card")
    charged = _charged(watch, "cust_door")
    unasked, page = opened(watch)
    paid_unheard(watch, page["paymentID"])
    with after(monkeypatch, minutes=2):
        for path in (lost, {"transactionId": charged}, unasked):
            watch.ask("checkout.ask", path)


def _comes_back(watch: Watch, payment: dict[str, str], **query: str) -> None:
    visitor = Visitor("6d0f1a2b3c4d5e6f708192a3b4c5d6e7")
    with watch.aside():
        known = core.payments().get(PaymentId(payment["transactionId"]))
        marks = (*known.client_secrets, visitor.mark(known.id))
        assert core.payments().save(Change(replace(known, client_secrets=marks))) is None
    watch.ask("checkout.returned", {**payment, "token": visitor.token}, query=query or None)


def _hands_over(watch: Watch, payment: dict[str, str], page_id: str) -> None:
    """Again, on a page of ours that has this browser's token already: what came of it is asked."""
    visitor = Visitor(f"visit_{'5a' * 32}")
    with watch.aside():
        known = core.payments().get(PaymentId(payment["transactionId"]))
        page = CardPage(1, known.page_id, known.created_at, handle={PAYER: visitor.mark(known.id)})
        assert core.payments().save(Change(replace(known, card_page=page))) is None
    body = {"paymentID": page_id, "token": "tok_0123456789abcdef"}
    watch.ask("checkout.agree", payment, body, key=visitor.token)


def _rings_from_now_on(name: str, secrets: dict[str, str]) -> str:
    """The address of a connector of the demo merchant's, whose new payments go there from now on."""
    credentials = SecretsManagerCredentials(lambda: boto3.client("secretsmanager"), STACK, lambda: datetime.now(UTC))
    record = connect(
        MerchantId(DEMO_ID),
        Environment.TEST,
        Role.CARD_GATEWAY,
        Connector(name),
        secrets,
        office=office(boto3.client("dynamodb"), "MerchantsTable", "an operator"),
        credentials=credentials,
    )
    return next(address for address, own in record.addressed().items() if own.name == name)


def _charged(watch: Watch, customer: str = "cust_bell") -> str:
    """The charge of a saved card whose answer was lost."""
    own = {"customerId": customer}
    payment = watch.ask("payment.init", None, {"amount": 10, "paymentMode": "SALE_WITH_TOKENIZATION"})
    watch.ask("sandbox.card_page_submit", {"paymentID": payment["igfs"]["paymentId"]}, card(ANSWER_LOST))
    watch.ask("token_payment.save_card", None, {"transactionId": payment["id"], **own})
    (saved,) = watch.ask("token_payment.list", query=own)["cards"]
    made = watch.ask("token_payment.pay", None, {"cardId": saved["id"], "amount": 50.00, **own})
    return str(made["transactionId"])


def _disputes(watch: Watch, address: str, payment: str) -> None:
    """Stripe's word about a dispute comes where its other events do."""
    now = datetime.now(UTC)
    dispute = {"id": f"dp_{payment}", "amount": 500, "currency": "eur", "status": "needs_response"}
    dispute |= {"reason": "general", "metadata": {"transactionId": payment}}
    about = {"type": "charge.dispute.created", "created": int(now.timestamp()), "data": {"object": dispute}}
    body = json.dumps(about)
    event = sample_request("webhook.psp", path={"gateway": "stripe", "connectorId": address})
    event |= {"body": body, "headers": {"Stripe-Signature": signed(EVENTS_SECRET, body.encode(), now)}}
    assert watch.run("webhook.psp", event)["statusCode"] in (200, 202)


def _rings(watch: Watch, address: str, payment: str) -> None:
    body = json.dumps({"transactionId": payment})
    event = sample_request("webhook.psp", path={"gateway": "sandbox", "connectorId": address})
    event |= {"body": body, "headers": {"X-Sandbox-Signature": signature(SECRET, body.encode()).decode()}}
    assert watch.run("webhook.psp", event)["statusCode"] in (200, 202)
