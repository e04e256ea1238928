"""A connector that is called over HTTP with a merchant's credentials, from an operator's command to a request."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import boto3
import pytest

from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.adapters.credentials import SecretsManagerCredentials
from shared.adapters.psp_http import PspRequest
from shared.adapters.settings import ConnectorSettings
from shared.domain.abilities import Abilities
from shared.domain.account import Connector, Role
from shared.domain.errors import CredentialsRefused, InvalidRequest
from shared.domain.ids import MerchantId, PageId
from shared.domain.payment import Environment
from shared.ports.connectors import Page, PageRequest
from shared.usecases.merchant.connect import connect
from tools.contract.routes import handler
from tools.local.deploy import STACK
from tools.ops.onboarding import DEMO_ID, office
from tools.testing.calling import request as sample_request
from tools.testing.resources import Context

NAME = "acme"
TEST = Environment.TEST
RIGHT, WRONG = "a-very-secret-key", "a-very-secret-key-of-yesterday"


@dataclass(frozen=True, slots=True)
class Acme:
    """As much of a card gateway as opens a page: signed in, over HTTP."""

    abilities: ClassVar = Abilities()
    settings: ConnectorSettings

    def open_page(self, request: PageRequest) -> Page:
        payment = request.payment

        def call(secrets: Any) -> Page:
            asked = PspRequest(
                "open_page",
                "POST",
                f"{secrets['server_url']}/pages",
                payment.environment,
                {"Authorization": f"Bearer {secrets['key']}"},
                json.dumps({"amount": payment.amount.minor}).encode(),
                question=True,
            )
            answer = json.loads(self.settings.http.call(asked).body)
            return Page(PageId(answer["id"]), redirect_url=answer["url"])

        return self.settings.signed_in(payment, payment.gateway, call)


@dataclass(slots=True)
class FarSide:
    """Acme's own side: takes one key, and knows which were shown to it."""

    key: str = RIGHT
    shown: list[str] = field(default_factory=list)
    url: str = ""
    refusal: int = 401


@pytest.fixture
def far_side() -> Iterator[FarSide]:
    side = FarSide()

    class Pages(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            side.shown.append(self.headers["Authorization"].removeprefix("Bearer "))
            body = json.dumps({"id": f"PAGE{len(side.shown)}", "url": "https://acme.example/p"}).encode()
            self.send_response(200 if side.shown[-1] == side.key else side.refusal)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    side.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield side
    server.shutdown()
    server.server_close()


@pytest.fixture
def acme(stack: dict[str, str], far_side: FarSide, monkeypatch: pytest.MonkeyPatch) -> FarSide:
    """The demo merchant's test payments go to Acme."""
    monkeypatch.setitem(CARD_GATEWAYS, NAME, Acme)
    set_up(stack, far_side, RIGHT)
    return far_side


def set_up(stack: dict[str, str], far_side: FarSide, key: str) -> None:
    connect(
        MerchantId(DEMO_ID),
        TEST,
        Role.CARD_GATEWAY,
        Connector(NAME, {"server_url": far_side.url}),
        {"key": key},
        office=office(boto3.client("dynamodb"), stack["MERCHANTS_TABLE"], "an operator"),
        credentials=stored(),
    )


def stored() -> SecretsManagerCredentials:
    """The operator's own, who shares no memory with any function."""
    return SecretsManagerCredentials(lambda: boto3.client("secretsmanager"), STACK, lambda: datetime.now(UTC))


def init() -> tuple[int, dict[str, Any]]:
    reply = handler("payment.init")(sample_request("payment.init"), Context())
    return reply["statusCode"], json.loads(reply["body"])


def refusals(output: str) -> int:
    return sum("_aws" in line and '"CredentialsRefused"' in line for line in output.splitlines())


def test_a_payment_opens_its_page_with_the_credentials_an_operator_stored(acme: FarSide) -> None:
    status, made = init()

    assert (status, made["redirectUrl"], made["igfs"]["paymentId"]) == (200, "https://acme.example/p", "PAGE1")
    assert acme.shown == [RIGHT]


def test_credentials_are_read_once_for_many_calls(acme: FarSide) -> None:
    init()
    boto3.client("secretsmanager").delete_secret(
        SecretId=f"{STACK}/connector/{DEMO_ID}/test/{NAME}", ForceDeleteWithoutRecovery=True
    )

    assert init()[0] == 200


@pytest.mark.parametrize("refusal", [401, 403])
def test_credentials_that_were_replaced_are_read_anew_when_the_old_are_refused(
    stack: dict[str, str], acme: FarSide, capsys: pytest.CaptureFixture[str], refusal: int
) -> None:
    init()
    acme.refusal = refusal
    acme.key = "a-very-secret-key-of-tomorrow"
    set_up(stack, acme, acme.key)

    assert init()[0] == 200

    assert acme.shown == [RIGHT, RIGHT, acme.key]
    assert refusals(capsys.readouterr().out) == 0


@pytest.mark.parametrize("refusal", [401, 403])
def test_credentials_that_stay_refused_are_a_503_that_an_alarm_counts_and_no_key_is_told(
    acme: FarSide, capsys: pytest.CaptureFixture[str], refusal: int
) -> None:
    acme.key, acme.refusal = "another", refusal

    status, told = init()

    assert (status, told["code"]) == (503, "credentials_refused")
    assert acme.shown == [RIGHT, RIGHT]
    output = capsys.readouterr().out
    assert refusals(output) == 1
    assert RIGHT not in output + json.dumps(told)


def test_a_merchant_whose_connector_has_no_credentials_is_told_so(acme: FarSide, stack: dict[str, str]) -> None:
    boto3.client("secretsmanager").delete_secret(
        SecretId=f"{STACK}/connector/{DEMO_ID}/test/{NAME}", ForceDeleteWithoutRecovery=True
    )

    status, told = init()

    assert (status, told["code"], acme.shown) == (422, "gateway_not_configured", [])


def test_only_refused_credentials_are_tried_twice() -> None:
    from tools.testing.builders import a_payment
    from tools.testing.fakes import FakeBooks, FakeCredentials, FixedClock, connector_settings

    credentials, calls = FakeCredentials(), []
    payment = a_payment(gateway=NAME)
    credentials.put(payment.merchant_id, TEST, NAME, {"key": RIGHT})
    settings = connector_settings(FakeBooks(), FixedClock(), credentials)

    def failing(error: Exception) -> Any:
        def call(secrets: Any) -> None:
            calls.append(secrets["key"])
            raise error

        return call

    for error, times in ((InvalidRequest("no"), 1), (CredentialsRefused("no"), 2)):
        calls.clear()
        with pytest.raises(type(error)):
            settings.signed_in(payment, NAME, failing(error))
        assert len(calls) == times
