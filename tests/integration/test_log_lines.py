"""One structured line per request, with ids and without anything secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from local.calling import request as sample_request
from local.resources import Context
from local.routes import handler
from shared.edge import observe
from tests.client import SECRET_KEY

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
