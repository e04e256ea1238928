"""A PHP client of the signed API, and the bytes that it is answered with."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shared.adapters.http import PinnedSender
from shared.domain.event import EventType, Facts
from shared.domain.ids import PaymentId
from shared.domain.merchant import SignatureEncoding
from shared.domain.operation import Kind
from shared.domain.payment import Status
from shared.families.paygol.notices import FORMATS
from shared.families.paygol.signing import signature
from shared.ports.webhooks import Signing
from shared.usecases.payment.facts import payment_facts
from tests.client import until
from tests.consumers.runtimes import runtime
from tests.consumers.test_receivers import Consumer, running
from tests.webhook_fakes import an_event
from tools.local.deploy import ROOT
from tools.ops.onboarding import DEMO_SERVICE, DEMO_SERVICE_SECRET
from tools.testing.builders import a_payment

CLIENT = Path(__file__).with_name("php") / "paygol.php"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_php_client_changes_the_host_alone(gateway_url: str, method: str) -> None:
    asked = [str(CLIENT), gateway_url, DEMO_SERVICE, DEMO_SERVICE_SECRET, method]
    ran = subprocess.run(
        [runtime("php"), "-d", "serialize_precision=17", *asked],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    said = json.loads(ran.stdout)
    assert said["methods"] == ["creditcard", "paysafecard", "bitcoin", "giropay", "sofort"]
    assert (said["made"]["status"], said["made"]["amount"], said["made"]["custom"]) == ("created", "9.99", 'a/b "é"')
    assert said["made"]["customer"]["first_name"] == "Jürgen"
    assert said["told"]["transaction_id"] == said["made"]["transaction_id"]
    assert "/api/pay-direct/" in said["redirect"]
    assert said["refused"]["error"]["parameters"] == ["pg_currency", "pg_country", "pg_method"]


RECEIVERS = {
    "docs": ROOT / "docs" / "guides" / "receivers" / "paygol.php",
    "library": Path(__file__).with_name("php") / "paygol_ipn.php",
}


@pytest.mark.parametrize(("receiver", "form"), [("docs", "paygol.2.GET"), ("docs", "paygol.1.GET"),
                                                ("docs", "paygol.2.POST"), ("library", "paygol.2.GET")])  # fmt: skip
def test_php_takes_what_is_genuine_and_refuses_what_is_not(receiver: str, form: str) -> None:
    program = str(RECEIVERS[receiver])
    consumer = Consumer(
        lambda port: [runtime("php"), "-S", f"127.0.0.1:{port}", program],
        environment=lambda: {"PAYGOL_SECRET": DEMO_SERVICE_SECRET},
    )
    with running(consumer) as process:

        def told(secret: str) -> int | None:
            address = f"{process.url}?wc-api=x"
            signing = Signing(PAID, "dlv_1", address, (secret,), SignatureEncoding.BASE64, datetime.now(UTC))
            return PinnedSender(allow_private=True).send(FORMATS[form].render(signing)).status_code

        assert told(DEMO_SERVICE_SECRET) == 200, process.output
        until(lambda: process.output, lambda output: 'completed ABCD 150.00 EUR caffè "7" / ☕' in output)
        assert told("another secret") == 400, process.output


PAID = an_event(
    datetime.now(UTC),
    type=EventType.CHECKOUT_ENDED,
    family="paygol",
    facts=Facts(
        replace(
            payment_facts(a_payment(status=Status.SUCCESS), Kind.SALE, datetime.now(UTC)),
            id=PaymentId("ABCD"),
            reference='caffè "7" / ☕',
            method="bitcoin",
            country="IT",
            family_data={"service_id": "123", "origin": "api"},
        )
    ),
)


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_the_header_of_the_signature_is_written_letter_for_letter(gateway_url: str, version: str) -> None:
    body = json.dumps({"pg_serviceid": DEMO_SERVICE}).encode()
    shown = signature(DEMO_SERVICE_SECRET.encode(), body)

    head, _, answer = _raw(gateway_url, "/api/v2/auth/token", version, body, shown).partition(b"\r\n\r\n")

    found = re.search(rb"\r\nX-PG-SIG: ([0-9a-f]{64})(\r\n|$)", head)
    assert found, head
    assert found[1].decode() == signature(DEMO_SERVICE_SECRET.encode(), answer)
    assert b"chunked" not in head.lower()
    assert json.loads(answer)["result"] == 0


def _raw(base_url: str, path: str, version: str, body: bytes, shown: str) -> bytes:
    """Every byte of the answer to a GET with a body."""
    parts = urlsplit(base_url)
    head = (
        f"GET {parts.path}{path} HTTP/{version}\r\nHost: {parts.netloc}\r\nContent-type: application/json\r\n"
        f"X-Pg-Sig: {shown}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=30) as connection:
        connection.sendall(head.encode() + body)
        received = b""
        while part := connection.recv(65536):
            received += part
    return received
