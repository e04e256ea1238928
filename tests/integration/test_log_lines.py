"""One structured line per request, with ids and without anything secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from shared.domain.ids import fingerprint
from shared.edge import observe
from tests.client import PUBLISHABLE_KEY, SECRET_KEY
from tools.contract.routes import handler
from tools.testing.calling import request as sample_request
from tools.testing.resources import Context

NUMBER, CVV = "5555555555554444", "8391"


class Lines(logging.Handler):
    """Keeps each record as the line that Lambda would write."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(observe.logger().registered_formatter.format(record))


@pytest.fixture
def lines(stack: dict[str, str]) -> Iterator[list[str]]:
    kept = Lines()
    target = logging.getLogger(observe.logger().service)
    target.addHandler(kept)
    yield kept.lines
    target.removeHandler(kept)


def request(module: str, body: object) -> int:
    event = sample_request(module, body=body)
    return int(handler(module)(event, Context())["statusCode"])


@pytest.mark.parametrize("body", [{"number": NUMBER, "cvv": CVV}, NUMBER, {"number": [NUMBER], "cvv": {"a": CVV}}])
def test_a_request_leaves_one_line_with_its_id_and_no_card(lines: list[str], body: object) -> None:
    assert request("sandbox.card_page_submit", body) in (400, 404)

    (line,) = [json.loads(line) for line in lines]
    assert line["message"] == "request"
    assert line["requestId"]
    assert line["path"] == "/sandbox/card-page/{paymentID}"
    for secret in (NUMBER, CVV, SECRET_KEY):
        assert secret not in lines[0]


def test_a_crash_is_logged_once_and_answered_without_its_reason(
    lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHECKOUT_TIMEOUT_SECONDS", "not a number")

    assert request("payment.init", {"amount": 1}) == 500

    crash = json.loads(lines[0])
    assert (crash["message"], len(lines)) == ("request crashed", 2)
    assert SECRET_KEY not in lines[0]


def told(lines: list[str], module: str, **changes: object) -> dict[str, object]:
    """The line of a request whose sample event was changed."""
    event = sample_request(module, path=changes.pop("path", None))  # type: ignore[arg-type]
    event["headers"] = changes.pop("headers", event["headers"])
    event["requestContext"] |= {"identity": {"sourceIp": "203.0.113.7"}}
    lines.clear()
    handler(module)(event | changes, Context())
    return dict(json.loads(lines[-1]))


def by(key: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", **more}


def test_a_line_names_merchant_environment_key_and_address(lines: list[str]) -> None:
    line = told(lines, "payment.init", headers=by(SECRET_KEY, **{"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}))

    assert (line["status"], line["merchant"], line["environment"], line["key"]) == (200, "m_demo", "test", "sk")
    assert line["fingerprint"] == fingerprint(SECRET_KEY)[:8]
    assert (line["address"], line["forwardedFor"]) == ("203.0.113.7", "198.51.100.1, 203.0.113.7")
    assert told(lines, "payment.init", headers=by(PUBLISHABLE_KEY))["key"] == "pk"


@pytest.mark.parametrize("key", ["pk_live_NobodysKey123", "sk_live_NobodysKey123"])
def test_a_line_says_what_is_known_of_a_key_that_nobody_has(lines: list[str], key: str) -> None:
    line = told(lines, "payment.init", headers=by(key))

    assert (line["status"], line.get("merchant"), line["environment"], line["key"]) == (401, None, "live", key[:2])
    assert line["fingerprint"] == fingerprint(key)[:8]


@pytest.mark.parametrize("token", ["", NUMBER, "Basic", "x" * 5_000])
def test_what_is_no_key_leaves_nothing_of_itself(lines: list[str], token: str) -> None:
    line = told(lines, "payment.init", headers=by(token))

    assert line["status"] == 401
    assert not {"merchant", "environment", "key", "fingerprint"} & set(line)
    assert not token or token not in lines[-1]


def test_a_call_without_a_key_is_told_by_whose_payment_it_is_about(lines: list[str]) -> None:
    made = handler("payment.init")(sample_request("payment.init"), Context())
    payment = json.loads(made["body"])
    by_page = told(lines, "sandbox.card_page", path={"paymentID": payment["igfs"]["paymentId"]})
    by_secret = told(
        lines, "payment.transaction", path={"transactionId": payment["id"]}, headers=by(payment["clientSecret"])
    )

    assert (by_page["status"], by_page["merchant"], by_page["environment"]) == (200, "m_demo", "test")
    assert "key" not in by_page
    assert (by_secret["status"], by_secret["merchant"], by_secret["key"]) == (200, "m_demo", "client secret")
    assert by_secret["fingerprint"] == fingerprint(payment["clientSecret"])[:8]
    assert payment["clientSecret"] not in lines[-1]


@pytest.mark.parametrize("text", [NUMBER, "A" * 5_000, '"; DROP', "5555-5555-5555-4444"])
def test_what_is_no_id_of_ours_is_not_written_down(lines: list[str], text: str) -> None:
    told(lines, "payment_link.public", path={"id": text})

    assert text not in lines[-1]


def test_an_address_is_written_down_only_when_it_is_one(lines: list[str]) -> None:
    for said in (f"{NUMBER}", "127.0.0.1<script>", "unknown", "a" * 4_000):
        line = told(lines, "payment.init", headers=by(SECRET_KEY, **{"X-Forwarded-For": said}))
        assert "forwardedFor" not in line
        assert said not in lines[-1]


@pytest.mark.parametrize(
    ("module", "key", "status"), [("payment.init", "sk_test_Nobody12", 401), ("payment.refund", PUBLISHABLE_KEY, 403)]
)
def test_refusals_of_keys_are_counted(
    lines: list[str], capsys: pytest.CaptureFixture[str], module: str, key: str, status: int
) -> None:
    told(lines, module, headers=by(key))

    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "RequestsRefused" in line]
    assert [(metric["status"], metric["RequestsRefused"]) for metric in metrics] == [(str(status), [1.0])]


def test_a_body_that_cannot_be_decoded_leaves_its_line_too(lines: list[str]) -> None:
    line = told(lines, "payment.init", body="not base64!", isBase64Encoded=True)

    assert (line["message"], line["status"]) == ("request", 400)


@pytest.mark.parametrize(
    ("module", "named"),
    [
        ("webhook.psp", {"gateway": "sandbox", "connectorId": "6d0f1a2b3c4d5e6f708192a3b4c5d6e7"}),
        ("checkout.returned", {"transactionId": "TXN_1", "token": "6d0f1a2b3c4d5e6f708192a3b4c5d6e7"}),
    ],
)
def test_a_part_of_a_path_that_opens_something_is_not_written_down(
    lines: list[str], module: str, named: dict[str, str]
) -> None:
    first, secret = named
    line = told(lines, module, path=named)

    assert (line["status"], line["ids"]) == (404, {first: named[first], secret: "(secret)"})
    assert named[secret] not in "".join(lines)


def test_the_line_of_a_request_names_the_payment_it_made_and_the_next_one_does_not(lines: list[str]) -> None:
    assert request("payment.init", {"amount": 1}) == 200
    assert request("merchant.settings", None) == 200

    made, other = [line for each in lines if (line := json.loads(each))["message"] == "request"]
    assert made["paymentId"].startswith("TXN_")
    assert other.get("paymentId") is None
