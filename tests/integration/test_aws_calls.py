"""How many AWS calls each request and step makes: counted, not timed. Warm time and cost are this number."""

from __future__ import annotations

import importlib
import json
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from local.deploy import ROOT
from shared.adapters import aws
from tests.integration.test_events import Context

SANDBOX = "SandboxTable"  # the sandbox's own books stand for somebody else's system
# The steps of a payment after its choice, with the word each answers.
STEPS = {
    "CARD_ONLY": {"capture_card": "captured"},
    "VOUCHERS": {
        "validate_vouchers": "valid",
        "spend_vouchers": "spent",
        "notify_vouchers": "partly",
        "capture_card": "captured",
    },
}


class Meter:
    """Counts the calls that leave through our clients, the sandbox's own books apart."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def listen(self) -> None:
        for service in ("dynamodb", "stepfunctions"):
            aws.client(service).meta.events.register("before-parameter-build.*.*", self._count)

    def _count(self, params: dict[str, Any], model: Any, **_: object) -> None:
        if params.get("TableName") != SANDBOX:
            self.calls.append(model.name)

    def during(self, act: Callable[[], Any]) -> tuple[Any, list[str]]:
        before = len(self.calls)
        result = act()
        return result, self.calls[before:]


@pytest.fixture
def meter(stack: dict[str, str]) -> Meter:
    meter = Meter()
    meter.listen()
    return meter


def call(
    module: str,
    *,
    path: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    body: object = None,
) -> dict[str, Any]:
    event = json.loads((ROOT / "events" / f"{module.replace('.', '/')}.json").read_text())
    event["headers"] |= headers or {}
    event["body"] = event["body"] if body is None else json.dumps(body)
    event["pathParameters"] = path or event["pathParameters"]
    reply = importlib.import_module(f"functions.{module}").handler(event, Context())
    assert reply["statusCode"] < 300, reply["body"]
    return dict(json.loads(reply["body"]))


def step(name: str, payment_id: str) -> str:
    token = {"taskToken": "token"} if name.startswith("await") else {}
    handler = importlib.import_module(f"functions.payment_flow.{name}").handler
    return str(handler({"paymentId": payment_id, **token}, Context()).get("word", ""))


def test_a_create_makes_three_calls_and_a_replay_two(meter: Meter) -> None:
    _, plain = meter.during(lambda: call("payment.init"))
    key = uuid.uuid4().hex
    _, with_key = meter.during(lambda: call("payment.init", headers={"Idempotency-Key": key}))
    _, replay = meter.during(lambda: call("payment.init", headers={"Idempotency-Key": key}))

    assert plain == ["GetItem", "PutItem", "StartExecution"]
    assert with_key == ["GetItem", "PutItem", "TransactWriteItems", "StartExecution"]
    assert replay == ["GetItem", "PutItem"]


@pytest.mark.parametrize(("choice", "expected"), [("CARD_ONLY", 13), ("VOUCHERS", 19)])
def test_a_payment_makes_as_many_calls_as_were_counted(meter: Meter, choice: str, expected: int) -> None:
    counts: Counter[str] = Counter()

    def measured(name: str, act: Callable[[], Any]) -> Any:
        result, calls = meter.during(act)
        counts[name] += len(calls)
        return result

    payment = measured("init", lambda: call("payment.init"))
    path = {"transactionId": payment["transactionId"]}
    page = {"paymentID": payment["igfs"]["paymentId"]}
    measured("await_preauth", lambda: step("await_preauth", payment["id"]))
    measured("card", lambda: call("sandbox.card_page_submit", path=page))
    measured("await_tender_choice", lambda: step("await_tender_choice", payment["id"]))
    secret = {"Authorization": f"Bearer {payment['clientSecret']}"}
    body = {"choice": choice, "vouchers": [{"otp": "V5000-A1"}] if choice == "VOUCHERS" else []}
    measured("choice", lambda: call("payment.voucher_choice", path=path, headers=secret, body=body))
    words = [
        measured(name, lambda name=name: step(name, payment["id"]))  # type: ignore[misc]
        for name in STEPS[choice]
    ]

    assert words == list(STEPS[choice].values())
    assert sum(counts.values()) == expected, counts
    steps = {name: count for name, count in counts.items() if name not in ("init", "card", "choice")}
    assert max(steps.values()) == 2, steps
