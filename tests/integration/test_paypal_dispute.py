"""A dispute at PayPal, from its signed event to the merchant's answer in PayPal's books, by the handlers' doors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from shared.adapters import fetching
from shared.adapters.credentials import SecretsManagerCredentials
from shared.bootstrap import core
from shared.domain.account import Connector, Role
from shared.domain.ids import MerchantId, PaymentId
from shared.domain.payment import Environment
from shared.usecases.merchant.connect import connect
from shared.usecases.payment.record_card_outcome import record_card_outcome
from tools.contract.routes import handler
from tools.local.deploy import STACK
from tools.ops.onboarding import DEMO_ID, office
from tools.testing.calling import request as sample_request
from tools.testing.far_sides.paypal.events import WEBHOOK, certificate, signed_event
from tools.testing.far_sides.paypal.server import PayPalAcquirer
from tools.testing.far_sides.switch import Damage, Fault
from tools.testing.resources import Context


@pytest.fixture
def acquirer() -> Iterator[PayPalAcquirer]:
    made = PayPalAcquirer()
    yield made
    made.close()


def asked(module: str, body: object = None, **more: Any) -> dict[str, Any]:
    event = sample_request(module, **more)
    if body is not None:
        event["body"] = json.dumps(body)
    reply = handler(module)(event, Context())
    assert reply["statusCode"] in (200, 202), reply["body"]
    return dict(json.loads(reply["body"]))


def connected(acquirer: PayPalAcquirer, stack: dict[str, str]) -> str:
    """The address at which PayPal rings for the demo shop, whose card gateway it is from now on."""
    settings = {
        "api_base": acquirer.origin,
        "client_id": acquirer.business.client_id,
        "client_secret": acquirer.business.secret,
        "webhook_id": WEBHOOK,
    }
    record = connect(
        MerchantId(DEMO_ID),
        Environment.TEST,
        Role.CARD_GATEWAY,
        Connector("paypal"),
        settings,
        office=office(boto3.client("dynamodb"), stack["MERCHANTS_TABLE"], "an operator"),
        credentials=SecretsManagerCredentials(
            lambda: boto3.client("secretsmanager"), STACK, lambda: datetime.now(UTC)
        ),
    )
    connector = record.account(Environment.TEST).card_gateway
    assert connector is not None
    return connector.id


def tells(acquirer: PayPalAcquirer, address: str, dispute_id: str) -> None:
    dispute = acquirer.business.disputes[dispute_id]
    now = datetime.now(UTC)
    about = {
        "dispute_id": dispute.id,
        "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
        "status": dispute.status,
        "dispute_amount": {"currency_code": "EUR", "value": "20.00"},
        "disputed_transactions": [{"seller_transaction_id": dispute.capture.id}],
        "seller_response_due_date": (now + timedelta(days=10)).isoformat(),
    }
    event = {"event_type": "CUSTOMER.DISPUTE.CREATED", "create_time": now.isoformat(), "resource": about}
    body = json.dumps(event)
    path = {"gateway": "paypal", "connectorId": address}
    sent = sample_request("webhook.psp", path=path) | {"body": body, "pathParameters": path}
    reply = handler("webhook.psp")(sent | {"headers": signed_event(body.encode())}, Context())
    assert (reply["statusCode"], json.loads(reply["body"])) == (200, {"received": True})


@pytest.mark.parametrize("accepts", [False, True], ids=["answered", "given up"])
def test_what_the_merchant_says_is_with_paypal_once_though_its_first_word_was_lost(
    stack: dict[str, str], acquirer: PayPalAcquirer, monkeypatch: pytest.MonkeyPatch, accepts: bool
) -> None:
    monkeypatch.setattr(fetching, "fetch", lambda url, headers: certificate())
    address = connected(acquirer, stack)
    made = asked("payment.init", {"amount": 20, "paymentMode": "SALE_DIRECT"})
    order = next(iter(acquirer.business.orders.values()))
    acquirer.business.agreed(order.id)
    record_card_outcome(PaymentId(made["id"]), world=core.world())
    theirs = acquirer.business.disputed(order)
    tells(acquirer, address, theirs.id)
    (seen,) = asked("dispute.list")["disputes"]
    path = {"disputeId": seen["disputeId"]}
    answer: dict[str, Any] = {"accept": True} if accepts else {"response": "Delivered on Monday"}

    said = asked("dispute.respond", answer, path=path)
    with acquirer.switch.at(Fault(Damage.LOST, acted=True)):
        handler("housekeeping.disputes")({}, Context())
    (waiting,) = asked("dispute.get", path=path)["responses"]
    later = datetime.now(UTC) + timedelta(minutes=2)
    monkeypatch.setattr("shared.bootstrap.runtime.now", lambda: later)
    world = core.world()
    monkeypatch.setattr(core, "world", lambda: replace(world, now=lambda: later))
    handler("housekeeping.disputes")({}, Context())

    (shown,) = asked("dispute.get", path=path)["responses"]
    assert (said["delivery"], waiting["delivery"], shown["delivery"]) == ("WAITING", "WAITING", "SENT")
    assert (len(theirs.evidences), theirs.accepted) == ((0, 1) if accepts else (1, 0))
    if not accepts:
        assert theirs.evidences[0][1].startswith("Delivered on Monday")
