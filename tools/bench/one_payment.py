"""One whole payment in this process: the real handlers, the real state machine, the stream, the queue, a receiver."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from itertools import count
from typing import Any, Final

import boto3

from shared.domain.ids import event_bound
from tools.bench.metering import Meter
from tools.contract.routes import functions
from tools.ops.onboarding import DEMO_PUBLISHABLE, DEMO_SECRET
from tools.simulator.interpreter import Invoke, Run, load
from tools.testing.calling import Event, example_event, invoke, request
from tools.testing.in_process import in_process
from tools.testing.receiver import Receiver

CARD_ONLY: Final = "CARD_ONLY"
VOUCHERS: Final = "VOUCHERS"
# The filter of the receipts' stream.
_RECEIPTS_OF: Final = frozenset({"PAID", "REFUNDED", "FAILED", "VOIDED"})


@dataclass(slots=True)
class Course:
    """What happened during a payment, beside what its meter saw."""

    requests: int = 0
    invocations: int = 0
    transitions: list[str] = field(default_factory=list)
    events: int = 0
    deliveries: int = 0


@dataclass(slots=True)
class OnePayment:
    """Drives a payment as its shop, its customer, the card gateway and AWS would."""

    environment: dict[str, str]
    receiver_url: str
    meter: Meter = field(default_factory=Meter)
    course: Course = field(default_factory=Course)
    words: dict[str, str] = field(default_factory=dict)
    _run: Run | None = None
    _parked: Invoke | None = None
    _streamed: set[str] = field(default_factory=set)
    _streamed_until: str = "evt_"  # what the ids begin with of events since the last look, and of few before it
    _database: Any = field(default_factory=partial(boto3.client, "dynamodb"))
    _queue: Any = field(default_factory=partial(boto3.client, "sqs"))
    _vouchers: Iterator[int] = field(default_factory=partial(count, 1))

    def pay(self, choice: str) -> dict[str, Any]:
        """From init to the last delivered event. Returns the payment as the shop reads it at the end."""
        order = json.loads(example_event("payment.init")["body"]) | {"notifyUrl": self.receiver_url}
        created = self.request("payment.init", body=order)
        path = {"transactionId": created["transactionId"]}
        secret = {"Authorization": f"Bearer {created['clientSecret']}"}
        self._start(created["id"])
        self.request("sandbox.card_page_submit", path={"paymentID": created["igfs"]["paymentId"]})
        self._go_on()
        self.request("payment.transaction", path=path, headers=secret)
        # Worth 50.00, once: each payment has its own.
        vouchers = [{"otp": f"V5000-A{next(self._vouchers)}"}] if choice == VOUCHERS else []
        self.request(
            "payment.voucher_choice", path=path, headers=secret, body={"choice": choice, "vouchers": vouchers}
        )
        self._go_on()
        self.request("payment.transaction", path=path, headers=secret)
        return self.request("payment.transaction", path=path, headers={"Authorization": f"Bearer {DEMO_SECRET}"})

    def request(self, module: str, **parts: Any) -> dict[str, Any]:
        """The reply to ``tools.testing.calling.request`` with these parts, once what its events set off is over."""
        self.course.requests += 1
        reply = self._invoke(module, request(module, **parts))
        self._stream()
        return dict(json.loads(reply["body"]))

    def _invoke(self, module: str, event: Event) -> dict[str, Any]:
        self.course.invocations += 1
        with self.meter.visit(module):
            return invoke(module, event)

    # ---- the state machine ----

    def _start(self, payment_id: str) -> None:
        tokens = (f"token-{n}" for n in count(1))
        self._run = load().run(
            {"paymentId": payment_id, "resume": False}, lambda: next(tokens), entered=self.course.transitions.append
        )
        self._advance(None)

    def _go_on(self) -> None:
        """Continue where the last SendTaskSuccess woke it."""
        woken = self.meter.woken.pop()
        if self._parked is None or woken["taskToken"] != self._parked.token:
            raise RuntimeError("somebody else was woken")
        self._advance(json.loads(woken["output"]))

    def _advance(self, result: dict[str, Any] | None) -> None:
        if self._run is None:
            raise RuntimeError("no execution was started")
        try:
            while True:
                asked = next(self._run) if result is None else self._run.send(result)
                if not isinstance(asked, Invoke):
                    result = {}
                    continue
                answer = self._invoke(_modules()[asked.function], asked.payload)
                self.words[asked.state] = answer.get("word", "parked")
                self._stream()
                if asked.token is not None:
                    self._parked = asked
                    return
                result = answer
        except StopIteration:
            self._run = None

    # ---- webhooks ----

    def _stream(self) -> None:
        """Each new event through both functions of its stream, then each message of the queue to its receiver."""
        since, self._streamed_until = self._streamed_until, event_bound(datetime.now(UTC), b"")
        newer = {"FilterExpression": "sk >= :since", "ExpressionAttributeValues": {":since": {"S": since}}}
        for item in self._database.scan(TableName=self.environment["EVENTS_TABLE"], **newer)["Items"]:
            if item["sk"]["S"] in self._streamed or "type" not in item:
                continue
            self._streamed.add(item["sk"]["S"])
            self.course.events += 1
            records = {"Records": [{"eventName": "INSERT", "dynamodb": {"NewImage": item}}]}
            self._invoke("webhook.fan_out", records)
            if item["type"]["S"] in _RECEIPTS_OF:
                self._invoke("payment.receipt", records)
            self._deliver()

    def _deliver(self) -> None:
        url = self.environment["DELIVERIES_QUEUE_URL"]
        received = self._queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])
        for message in received.get("Messages", []):
            self.course.deliveries += 1
            record = {name[0].lower() + name[1:]: value for name, value in message.items()}
            self._invoke("webhook.deliver", {"Records": [record]})
            self._queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


@contextmanager
def a_warm_driver() -> Iterator[OnePayment]:
    """A driver whose process has paid once before: it remembers what a warm function does. The logs are swallowed.

    Both keys were used within the hour, as those of a shop are: the use of one is written once an hour.
    """
    receiver = Receiver()
    try:
        with redirect_stdout(io.StringIO()), in_process() as environment:
            driver = OnePayment(environment, receiver.url)
            driver.pay(CARD_ONLY)
            driver.request("payment.init", headers={"Authorization": f"Bearer {DEMO_PUBLISHABLE}"})
            driver.meter.visits.clear()
            driver.course, driver.words = Course(), {}
            yield driver
    finally:
        receiver.close()


@cache
def _modules() -> dict[str, str]:
    """The module of each function of the template."""
    return {name: properties["Handler"].removesuffix(".handler") for name, properties in functions()}
