"""The door at which gateways and providers ring, from its address to the record of the payment."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from shared.adapters import aws
from shared.adapters.credentials import SecretsManagerCredentials
from shared.adapters.notifiers.sandbox import signature
from shared.bootstrap import core, sandbox
from shared.domain.account import Connector, Role
from shared.domain.card_data import CardData
from shared.domain.ids import MerchantId, PaymentId
from shared.domain.payment import Environment
from shared.usecases.merchant.connect import connect
from tools.contract.routes import handler
from tools.local.deploy import STACK
from tools.ops.onboarding import DEMO_ID, office
from tools.testing.calling import request as sample_request
from tools.testing.resources import Context

SECRET = "a-secret-of-the-sandbox"
MODULE = "webhook.psp"
DATA = CardData(number="4242424242424242", holder_name="Ada", expiry_month=12, expiry_year=2030, cvv="123")


@dataclass(slots=True)
class Shop:
    """The demo shop, whose sandbox rings; a payment of it is paid while nobody brings the news."""

    address: str

    def paid_unheard(self) -> str:
        made = json.loads(handler("payment.init")(sample_request("payment.init"), Context())["body"])
        sandbox.sandbox_page().submit(made["igfs"]["paymentId"], DATA)
        return str(made["id"])

    def rings(self, body: str, *, header: bytes | None = None, **changes: Any) -> tuple[int, dict[str, Any]]:
        path = {"gateway": "sandbox", "connectorId": self.address, **changes.pop("path", {})}
        event = sample_request(MODULE, path=path)
        signed = signature(SECRET, body.encode()) if header is None else header
        event |= {"body": body, "headers": {"X-Sandbox-Signature": signed.decode("latin-1")}, **changes}
        event["pathParameters"] = path
        reply = handler(MODULE)(event, Context())
        return reply["statusCode"], json.loads(reply["body"])


@pytest.fixture
def shop(stack: dict[str, str]) -> Shop:
    record = connect(
        MerchantId(DEMO_ID),
        Environment.TEST,
        Role.CARD_GATEWAY,
        Connector("sandbox"),
        {"notify_secret": SECRET},
        office=office(boto3.client("dynamodb"), stack["MERCHANTS_TABLE"], "an operator"),
        credentials=SecretsManagerCredentials(
            lambda: boto3.client("secretsmanager"), STACK, lambda: datetime.now(UTC)
        ),
    )
    connector = record.account(Environment.TEST).card_gateway
    assert connector is not None
    return Shop(connector.id)


def about(payment: str) -> str:
    return json.dumps({"transactionId": payment})


def status(payment: str) -> str:
    return core.payments().get(PaymentId(payment)).status.value


def counted(output: str) -> set[str]:
    lines = [json.loads(line) for line in output.splitlines() if '"_aws"' in line]
    return {m["Name"] for line in lines for entry in line["_aws"]["CloudWatchMetrics"] for m in entry["Metrics"]}


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_bell_has_the_gateway_asked_and_recorded(shop: Shop, method: str) -> None:
    payment = shop.paid_unheard()

    assert shop.rings(about(payment), httpMethod=method) == (200, {"received": True})

    assert status(payment) == "CARD_PREAUTH_SUCCESS"


def test_the_address_may_name_the_payment(shop: Shop) -> None:
    payment = shop.paid_unheard()

    assert shop.rings("{}", path={"paymentId": payment})[0] == 200

    assert status(payment) == "CARD_PREAUTH_SUCCESS"


def test_a_payment_that_nobody_knows_is_a_202(shop: Shop) -> None:
    assert shop.rings(about("TXN_20260302_NOBODYMADETHISON")) == (202, {"received": True})
    assert shop.rings("{}") == (202, {"received": True})


@pytest.mark.parametrize("header", [b"", b"0" * 64, signature("another-secret-of-it", b"{}")])
def test_a_bell_that_is_not_signed_is_a_401_and_nobody_is_asked(
    shop: Shop, header: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    payment = shop.paid_unheard()
    capsys.readouterr()

    refused, told = shop.rings(about(payment), header=header)

    assert (refused, told["code"], status(payment)) == (401, "unauthenticated", "PENDING")
    assert counted(capsys.readouterr().out) == {"RequestsRefused"}


@pytest.mark.parametrize(
    "path", [{"connectorId": "00" * 16}, {"gateway": "igfs"}, {"gateway": "x" * 200}, {"connectorId": "é"}]
)
def test_an_address_that_nobody_gave_out_is_a_404(shop: Shop, path: dict[str, str]) -> None:
    payment = shop.paid_unheard()

    assert shop.rings(about(payment), path=path)[0] == 404
    assert status(payment) == "PENDING"


def test_where_the_secret_cannot_be_read_the_sender_sends_it_again(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    payment = shop.paid_unheard()
    error = ClientError({"Error": {"Code": "ThrottlingException", "Message": "no"}}, "GetSecretValue")

    def down(**_: Any) -> None:
        raise error

    aws.client("secretsmanager").meta.events.register("before-call.secrets-manager.GetSecretValue", down)
    capsys.readouterr()

    refused, told = shop.rings(about(payment))

    assert (refused, told["code"]) == (424, "sender_not_asked")
    assert "RequestsFailed" not in counted(capsys.readouterr().out)
