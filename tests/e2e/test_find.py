"""Whoever is on duty sees the whole story of a payment, from whatever they have of it."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest

from tests.client import Client, until, voucher
from tests.receiver import Receiver
from tools.local.stack import RUNNING


def command(gateway_url: str, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    port = str(urlsplit(gateway_url).port)
    program = [sys.executable, "-m", f"tools.ops.{module}", "--port", port, *arguments]
    return subprocess.run(program, capture_output=True, text=True, timeout=900, check=False)


def found(gateway_url: str, *arguments: str) -> str:
    done = command(gateway_url, "find", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def cloud(gateway_url: str, service: str) -> tuple[Any, dict[str, str]]:
    record = json.loads((RUNNING / f"{urlsplit(gateway_url).port}.json").read_text())
    make: Any = boto3.client
    return make(service, endpoint_url=record["endpoint"], region_name=record["region"]), record["outputs"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def paid(client: Client) -> dict[str, Any]:
    return client.paid(voucher(5000))


def test_the_story_has_operations_steps_and_events_in_the_order_of_time(
    gateway_url: str, paid: dict[str, Any]
) -> None:
    lines = found(gateway_url, "--payment", paid["transactionId"]).splitlines()

    assert [line[:23] for line in lines] == sorted(line[:23] for line in lines)
    told = "\n".join(lines)
    for part in ("payment  created", "PREAUTH SUCCEEDED", "VOUCHER_SPEND SUCCEEDED", "CAPTURE SUCCEEDED"):
        assert part in told
    for part in ("step     CaptureCard", "event    PAID", "payment  SUCCESS"):
        assert part in told


def test_an_execution_leads_to_the_same_story(gateway_url: str, paid: dict[str, Any]) -> None:
    by_execution = found(gateway_url, "--execution", paid["transactionId"])

    assert "CAPTURE SUCCEEDED" in by_execution


def test_a_delivery_leads_to_its_payment_with_every_attempt(
    gateway_url: str, client: Client, receiver: Receiver
) -> None:
    payment = client.paid(notifyUrl=receiver.url("/notify"))
    told = until(lambda: found(gateway_url, "--payment", payment["transactionId"]), lambda told: "200 after" in told)
    delivery = re.search(r"dlv_\S+", told)
    assert delivery is not None

    by_delivery = found(gateway_url, "--delivery", delivery[0])

    assert f"1 to {receiver.url('/notify')}" in by_delivery
    assert payment["transactionId"] in by_delivery


def test_log_lines_of_the_payment_stand_among_the_rest(gateway_url: str, paid: dict[str, Any]) -> None:
    logged(gateway_url, {"message": "request", "method": "GET", "path": "/a", "paymentId": paid["transactionId"]})

    assert "request  GET /a" in found(gateway_url, "--payment", paid["transactionId"])


def test_an_attention_names_its_payments_by_the_log_alone(gateway_url: str) -> None:
    named = f"TXN_{secrets.token_hex(8)}"
    logged(gateway_url, {"paymentId": named, "attention": "CHARGE_RETURNED", "PaymentsNeedAttention": [1.0]})

    told = found(gateway_url, "--attention", "CHARGE_RETURNED")

    assert named in told
    assert "nothing asked for a person" in found(gateway_url, "--attention", "AMOUNT_MISMATCH")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say what to find"),
        (("--payment", "TXN_20260101_NOBODY"), "there is no such payment"),
        (("--delivery", "evt_1"), "DELIVERY is the id"),
        (("--delivery", "dlv_notify_00"), "there is no such delivery"),
        (("--attention", 'X" || "'), "one of the words"),
    ],
)
def test_what_is_not_there_is_said(gateway_url: str, arguments: tuple[str, ...], said: str) -> None:
    done = command(gateway_url, "find", *arguments)

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_says_for_each_line_how_it_is_and_what_to_do(gateway_url: str) -> None:
    done = command(gateway_url, "doctor")

    lines = done.stdout.splitlines()
    assert done.returncode == 1, "the stack of this machine has alarms that tell nobody"
    assert {line.split()[0] for line in lines} <= {"ok", "problem", "unknown", "->"}
    assert any(line.startswith("ok") and "Lambda's concurrent executions" in line for line in lines)
    problem = next(n for n, line in enumerate(lines) if "alarms tell nobody" in line)
    assert lines[problem + 1].split() == ["->", "deploy", "with", "AlarmTopicArn"]
    assert "Traceback" not in done.stderr


def logged(gateway_url: str, line: dict[str, Any]) -> None:
    """What a function of a deployed stack would have left in its log; functions here write to the terminal."""
    logs, outputs = cloud(gateway_url, "logs")
    group, stream = outputs["LogGroupName"], f"test-{line['paymentId']}"
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    event = {"timestamp": int(time.time() * 1000), "message": json.dumps(line)}
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])
