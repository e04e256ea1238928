"""Receivers as merchants run them: the guide's samples, the documentation's, and the vendors' own libraries.

Each runs as a process of its own, with only address and secret given, and gets what the sender sends.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.adapters.http import PinnedSender
from shared.domain.event import Event, EventType, Facts, RefundFacts
from shared.domain.ids import RefundId
from shared.domain.merchant import SignatureEncoding
from shared.domain.operation import Kind
from shared.families.payglobe.notices import FORMATS
from shared.ports.webhooks import Outgoing, Signing
from shared.usecases.payment.facts import payment_facts
from tests.client import until
from tests.consumers.runtimes import beside_node_modules, python_packages, runtime
from tests.webhook_fakes import an_event
from tools.local.cloud import free_port
from tools.local.deploy import ROOT
from tools.testing.builders import a_payment, euro

HERE = Path(__file__).parent
RECEIVERS = ROOT / "docs" / "guides" / "receivers"
SECRET = "whsec_test_" + b64encode(bytes(range(24))).decode()
OLD_SECRET = "whsec_test_" + b64encode(bytes(range(24, 48))).decode()
FLASK = "flask==3.1.0"
STRIPES = ("12.5.1", "14.4.1", "16.1.0")


@dataclass(frozen=True, slots=True)
class Consumer:
    """How to start a receiver (called late: it may install something), and what it does with what it gets."""

    command: Callable[[int], Sequence[str]]
    refusal: int = 401
    prints: str = ""
    checks_time: bool = True  # and with it every signature of a rotation
    environment: Callable[[], dict[str, str]] = field(default=dict)


def node(program: Path) -> Sequence[str]:
    return [runtime("node"), str(beside_node_modules(program))]


def _stripe(version: str, *, refund_line: str = "guide") -> Consumer:
    def environment() -> dict[str, str]:
        packages = python_packages(f"stripe=={version}", FLASK)
        return {"PYTHONPATH": str(packages), "REFUND_LINE": refund_line}

    program = str(RECEIVERS / "guide" / "stripe_sample.py")
    return Consumer(lambda port: [sys.executable, program], 400, "Refund amount: 50", environment=environment)


CONSUMERS: dict[str, Consumer] = {
    "docs-python": Consumer(
        lambda port: [sys.executable, str(RECEIVERS / "receiver.py")], prints="charge.refunded TXN_"
    ),
    "docs-node": Consumer(
        lambda port: [runtime("node"), str(RECEIVERS / "receiver.mjs")], prints="charge.refunded TXN_"
    ),
    "docs-java": Consumer(
        lambda port: [runtime("java"), str(RECEIVERS / "Receiver.java")], prints='"refundAmount":50.00'
    ),
    "docs-php": Consumer(
        lambda port: [runtime("php"), "-S", f"127.0.0.1:{port}", str(RECEIVERS / "receiver.php")],
        prints="charge.refunded TXN_",
    ),
    "guide-node-stripe": Consumer(
        lambda port: node(RECEIVERS / "guide" / "stripe_sample.js"), refusal=400, prints="Refund amount: 50"
    ),
    "guide-node-hmac": Consumer(
        lambda port: node(RECEIVERS / "guide" / "hmac_sample.js"), prints="Payment received: TXN_", checks_time=False
    ),
    "guide-java-hmac": Consumer(
        lambda port: [runtime("java"), str(RECEIVERS / "guide" / "HmacSample.java")],
        prints="Payment received",
        checks_time=False,
    ),
    "node-standardwebhooks": Consumer(
        lambda port: node(HERE / "node" / "standard.mjs"), prints="verified charge.refunded"
    ),
    f"guide-python-stripe-{STRIPES[0]}": _stripe(STRIPES[0]),
    f"guide-python-stripe-{STRIPES[1]}": _stripe(STRIPES[1]),
    f"guide-python-stripe-{STRIPES[2]}-with-the-documented-line": _stripe(STRIPES[2], refund_line="current"),
}


@dataclass(slots=True)
class Running:
    """A receiver's process. ``output`` is everything it printed until now."""

    url: str
    lines: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def get(self, body: bytes, headers: dict[str, str]) -> int | None:
        outcome = PinnedSender(allow_private=True).send(Outgoing("POST", self.url, headers, body))
        assert outcome.status_code is not None, f"{outcome.error}\n{self.output}"
        return outcome.status_code


@contextmanager
def running(consumer: Consumer) -> Iterator[Running]:
    port = free_port()
    environment = {**os.environ, **consumer.environment(), "PORT": str(port), "WEBHOOK_SECRET": SECRET}
    environment |= {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(
        consumer.command(port), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    receiver = Running(f"http://127.0.0.1:{port}/webhook")
    reader = threading.Thread(target=lambda: receiver.lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    try:
        until(lambda: process.poll() is not None or _listens(port), bool)
        assert process.poll() is None, receiver.output
        yield receiver
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait()
        reader.join(5)
        if process.stdout:
            process.stdout.close()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False


def written(
    event: Event, secrets: tuple[str, ...] = (SECRET,), at: datetime | None = None
) -> tuple[bytes, dict[str, str]]:
    signing = Signing(event, "dlv_1", "", secrets, SignatureEncoding.BASE64, at or datetime.now(UTC))
    made = FORMATS["union"].render(signing)
    return made.body, dict(made.headers)


def told(event_type: EventType = EventType.PAID, operation: Kind = Kind.CAPTURE) -> Event:
    now = datetime.now(UTC)
    payment = payment_facts(a_payment(description="Caffè ☕ per due"), operation, now)
    refund = RefundFacts(RefundId("ref_1"), euro(50_00), euro(50_00), euro(100_00))
    facts = Facts(payment, refund if event_type is EventType.REFUNDED else None)
    return an_event(now, type=event_type, facts=facts)


@pytest.mark.parametrize("name", CONSUMERS)
def test_a_receiver_takes_what_is_genuine_and_refuses_what_is_not(name: str) -> None:
    consumer = CONSUMERS[name]
    with running(consumer) as receiver:
        for event_type in (EventType.PAID, EventType.FAILED, EventType.CHECKOUT_ENDED, EventType.REFUNDED):
            assert receiver.get(*written(told(event_type))) == 200, receiver.output
        until(lambda: receiver.output, lambda output: consumer.prints in output)

        body, headers = written(told())
        assert receiver.get(body.replace(b"EUR", b"USD"), headers) == consumer.refusal
        assert receiver.get(*written(told(), secrets=(OLD_SECRET,))) == consumer.refusal


@pytest.mark.parametrize("name", [name for name, consumer in CONSUMERS.items() if consumer.checks_time])
def test_a_receiver_refuses_what_is_old_and_follows_a_rotation(name: str) -> None:
    consumer = CONSUMERS[name]
    with running(consumer) as receiver:
        old = datetime.now(UTC) - timedelta(minutes=10)
        assert receiver.get(*written(told(), at=old)) == consumer.refusal
        # A new secret has been made, and this receiver still has the one it replaced.
        assert receiver.get(*written(told(), secrets=(OLD_SECRET, SECRET))) == 200, receiver.output


def test_the_guides_refund_line_does_not_work_with_current_stripe_libraries_as_the_documentation_says() -> None:
    """When this fails, the remark in docs/guides/webhooks.md has become wrong."""
    with running(_stripe(STRIPES[2])) as receiver:
        assert receiver.get(*written(told())) == 200, receiver.output
        assert receiver.get(*written(told(EventType.REFUNDED))) == 500, receiver.output


def test_stripe_gives_typed_objects_with_our_own_fields_on_them() -> None:
    import stripe

    for event_type, typed in (
        (EventType.PAID, stripe.PaymentIntent),
        (EventType.REFUNDED, stripe.Charge),
        (EventType.CHECKOUT_ENDED, stripe.checkout.Session),
    ):
        body, headers = written(told(event_type))
        event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET)
        assert isinstance(event.data.object, typed)
        assert event.data.object["transactionId"].startswith("TXN_")


def test_a_receiver_that_knows_an_event_already_answers_200_to_it_again() -> None:
    with running(CONSUMERS["docs-python"]) as receiver:
        event = replace(told(EventType.REFUNDED), sequence=7)
        assert receiver.get(*written(event)) == 200
        assert receiver.get(*written(event)) == 200
        until(lambda: receiver.output, lambda output: "charge.refunded" in output)

    assert receiver.output.count("charge.refunded") == 1
