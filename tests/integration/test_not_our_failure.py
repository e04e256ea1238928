"""What anybody can cause without a key is answered with a 4xx, and no alarm counts it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from shared.adapters.dispute_sources import DISPUTE_SOURCES
from shared.adapters.dispute_sources.settings import SourceSettings
from shared.bootstrap import connectors
from shared.domain.errors import SenderNotAsked
from shared.domain.payment import Environment
from shared.domain.statuses import Source
from tools.contract.dialects import dialect_of, is_keyless
from tools.contract.routes import endpoints, handler, template
from tools.testing.calling import request as sample_request
from tools.testing.in_process import in_process
from tools.testing.resources import Context

KEYLESS: Final = sorted(module for module, endpoint in endpoints().items() if is_keyless(endpoint))
CERTIFICATE: Final = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42"
NOISE: Final = secrets.token_hex(64)
# As whoever knows the documentation of these PSPs, and none of the secrets, would write them.
FORGED: Final[dict[str, tuple[dict[str, str], str]]] = {
    "nobody": ({}, "{}"),
    "igfs": ({"X-IGFS-Signature": NOISE}, '{"disputeId": "1"}'),
    "igfs without json": ({"X-IGFS-Signature": ""}, "{"),
    "sandbox": ({"X-Sandbox-Signature": "é"}, "[]"),
    "stripe": ({"Stripe-Signature": f"t=9999999999,v1={NOISE}"}, "{"),
    "stripe without a time": ({"Stripe-Signature": "t=,v1=,,=,"}, "{}"),
    "paypal of a host of its own": (
        {"PayPal-Transmission-Sig": NOISE, "PayPal-Auth-Algo": "SHA256withRSA", "PayPal-Cert-Url": "https://[::1"},
        "{}",
    ),
}
UNASKED: Final[dict[str, tuple[dict[str, str], str]]] = {
    "paypal": (
        {"PayPal-Transmission-Sig": NOISE, "PayPal-Auth-Algo": "SHA256withRSA", "PayPal-Cert-Url": CERTIFICATE},
        "{}",
    ),
    "shift4": ({}, '{"objectType": "event", "id": "event_0123456789ABCDEF"}'),
}


@pytest.fixture(scope="module")
def gateway() -> Iterator[None]:
    with in_process():
        yield


@pytest.fixture
def silent_psps(gateway: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every source is in use, and none of their hosts answers."""

    def fetch(url: str, headers: Mapping[str, str]) -> bytes | None:
        raise SenderNotAsked("the PSP does not answer; try again")

    def secrets_of(source: Source) -> list[tuple[Environment, str]]:
        return [(Environment.TEST, f"secret of {source}")]

    sources = [build(SourceSettings(secrets_of, fetch)) for build in DISPUTE_SOURCES.values()]
    monkeypatch.setattr(connectors, "dispute_sources", lambda: sources)


def alarmed() -> set[str]:
    """The metrics of ours that an alarm looks at."""
    alarms = [r["Properties"] for r in template()["Resources"].values() if r["Type"] == "AWS::CloudWatch::Alarm"]
    return {alarm["MetricName"] for alarm in alarms if alarm.get("Namespace") == "PaymentGateway"}


def counted(output: str) -> set[str]:
    """The metrics in what a function wrote."""
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    told = [line["_aws"]["CloudWatchMetrics"] for line in lines if "_aws" in line]
    return {metric["Name"] for entries in told for entry in entries for metric in entry["Metrics"]}


def told(headers: dict[str, str], body: str) -> dict[str, Any]:
    event = sample_request("dispute.psp")
    event["headers"] = headers
    event["body"] = body
    return dict(handler("dispute.psp")(event, Context()))


@pytest.mark.parametrize("message", FORGED)
def test_a_forged_message_of_a_psp_is_a_401(
    silent_psps: None, capsys: pytest.CaptureFixture[str], message: str
) -> None:
    reply = told(*FORGED[message])

    assert reply["statusCode"] == 401, reply["body"]
    assert not counted(capsys.readouterr().out) & {"RequestsFailed", *alarmed()}


@pytest.mark.parametrize("message", UNASKED)
def test_a_psp_that_cannot_be_asked_is_a_424_which_its_sender_repeats(
    silent_psps: None, capsys: pytest.CaptureFixture[str], message: str
) -> None:
    reply = told(*UNASKED[message])

    assert (reply["statusCode"], json.loads(reply["body"])["code"]) == (424, "sender_not_asked")
    seen = counted(capsys.readouterr().out)
    assert not seen & {"RequestsFailed", *alarmed()}
    assert "SendersNotAsked" in seen


@pytest.mark.parametrize("module", KEYLESS)
def test_no_body_that_comes_without_a_key_is_a_5xx(
    gateway: None, capsys: pytest.CaptureFixture[str], module: str
) -> None:
    bodies = ["", "{", "[]", "null", '{"a":' * 20_000, '"\\ud800"', '{"otp": "\\ud800"}', '{"number": "\\ud800"}']
    for body in [*bodies, NOISE, "{}" + " " * 1_000_001]:
        event = sample_request(module)
        event["body"] = body
        event["headers"].pop("Authorization", None)
        reply = handler(module)(event, Context())
        assert reply["statusCode"] < 500, reply

    assert not counted(capsys.readouterr().out) & {"RequestsFailed", *alarmed()}


def test_a_key_that_is_not_known_is_a_401_and_no_failure(gateway: None, capsys: pytest.CaptureFixture[str]) -> None:
    for module, endpoint in endpoints().items():
        if is_keyless(endpoint):
            continue
        event = sample_request(module)
        event["headers"] |= {"Authorization": "Bearer sk_test_NobodysSecretKey", "X-PG-SIG": "0" * 64}
        reply = handler(module)(event, Context())
        if 401 in dialect_of(endpoint).unproved:
            assert reply["statusCode"] == 401
        else:
            assert json.loads(reply["body"])["error"]["code"] == "invalid_signature"

    assert not counted(capsys.readouterr().out) & {"RequestsFailed", *alarmed()}
