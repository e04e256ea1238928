"""The order in which a request is judged, and what every reply carries."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from shared.domain import errors
from shared.domain.errors import GatewayError
from shared.edge.call import Call
from shared.edge.http import Served
from shared.edge.request import MAX_BODY_BYTES, Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.payments import owned_payment
from shared.families.payglobe.webhooks import moment_of, stamp
from tests.unit.edge.conftest import LIVE, OTHER_SHOP, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import ask
from tools.testing.builders import a_payment


class Order(BaseModel):
    amount: int


def serving(act: Any, caller: Caller = Caller.SECRET_KEY, **more: Any) -> Served:
    return endpoint("POST", "/api/thing/{transactionId}", caller=caller, summary="", **more)(act)


def reading_body(call: Call) -> Reply:
    return Reply({"amount": call.body(Order).amount})


def owned_then_body(call: Call) -> Reply:
    owned_payment(call)
    return reading_body(call)


def since_when(call: Call) -> Reply:
    return Reply({"since": stamp(moment_of(call, "since"))})


def failing(error: Exception) -> Served:
    def act(call: Call) -> Reply:
        raise error

    return serving(act, Caller.ANYONE)


@pytest.mark.parametrize("key", [None, "", "nonsense", "sk_test_NobodysSecretKey", SECRET + "x"])
def test_an_unknown_key_is_401_whatever_the_body(edge: Edge, key: str | None) -> None:
    answer = ask(serving(reading_body), "{", key=key)

    assert (answer.status, answer.json["code"]) == (401, "unauthenticated")


def test_a_publishable_key_where_a_secret_one_is_needed_is_403_whatever_the_body(edge: Edge) -> None:
    answer = ask(serving(reading_body), "{", key=PUBLISHABLE)

    assert (answer.status, answer.json["code"]) == (403, "secret_key_required")


@pytest.mark.parametrize("key", [OTHER_SHOP, LIVE])
def test_somebody_elses_payment_is_404_whatever_the_body(edge: Edge, key: str) -> None:
    payment = a_payment()
    edge.world.payments.add(payment)

    answer = ask(serving(owned_then_body), "{", key=key, path={"transactionId": payment.id})

    assert answer.status == 404


def test_then_the_body_is_judged(edge: Edge) -> None:
    payment = a_payment()
    edge.world.payments.add(payment)

    answer = ask(serving(owned_then_body), "{", key=SECRET, path={"transactionId": payment.id})

    assert (answer.status, answer.json["code"]) == (400, "invalid_json")


def test_a_body_of_the_limit_is_read_and_one_byte_more_is_413(edge: Edge) -> None:
    padding = MAX_BODY_BYTES - len('{"amount":1}')

    assert ask(serving(reading_body), '{"amount":1}' + " " * padding, key=SECRET).status == 200
    assert ask(serving(reading_body), '{"amount":1}' + " " * (padding + 1), key=SECRET).status == 413


def test_the_limit_counts_bytes_after_decoding(edge: Edge) -> None:
    text = '{"amount":1}' + " " * (MAX_BODY_BYTES - 12)

    assert len(base64.b64encode(text.encode())) > MAX_BODY_BYTES
    assert ask(serving(reading_body), text, key=SECRET, encoded=True).status == 200


def test_a_body_that_is_not_base64_though_it_says_so_is_400(edge: Edge) -> None:
    event = {"httpMethod": "POST", "headers": {}, "body": "not base64!", "isBase64Encoded": True}

    assert serving(reading_body, Caller.ANYONE)(event, object())["statusCode"] == 400  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("[]", "object"),
        ("{", "JSON"),
        ("nul", "JSON"),
        (b"\xff\xfe", "JSON"),
        ("[" * 100_000, "JSON"),
        ('{"amount": 1e3}', "exponent"),
        ('{"amount": 1.5E0}', "exponent"),
        ('{"amount": 1E+999999}', "exponent"),
        (f'{{"amount": {"7" * 900_000}.0}}', "digits"),
        (f'{{"amount": 1.{"7" * 900_000}}}', "digits"),
        (f'{{"amount": {"7" * 900_000}}}', "JSON"),
        ('{"amount": NaN}', "NaN"),
        ('{"amount": -Infinity}', "Infinity"),
        ("{}", "amount"),
        ('{"amount": "two"}', "amount"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_bad_body_says_what_is_wrong(edge: Edge, body: str | bytes, says: str) -> None:
    answer = ask(serving(reading_body), body, key=SECRET)

    assert answer.status == 400
    assert says in answer.json["message"]


def test_an_invalid_value_is_never_echoed(edge: Edge) -> None:
    answer = ask(serving(reading_body), {"amount": "4242424242424242x"}, key=SECRET)

    assert answer.status == 400
    assert "4242" not in answer.text


@pytest.mark.parametrize(
    "since",
    [
        None,
        "yesterday",
        "2025-11-07T10:00:00",
        "9999-12-31T23:59:59-14:00",
        "9999-12-31T23:59:59.999999Z",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "10000-01-01T00:00:00Z",
        "2025-11-07T10:00:00+24:00",
        "9" * 5_000,
        "2025-11-07T10:00:00\ud800",
    ],
)
def test_a_time_that_is_none_is_400(edge: Edge, since: str | None) -> None:
    answer = ask(serving(since_when), key=SECRET, query={} if since is None else {"since": since})

    assert (answer.status, answer.json["code"]) == (400, "invalid_request")
    assert "since must be a time with its zone" in answer.json["message"]


@pytest.mark.parametrize(
    ("since", "utc"),
    [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        ("2025-11-07T10:00:00 02:00", "2025-11-07T08:00:00.000Z"),
        ("9999-12-31T12:00:00+14:00", "9999-12-30T22:00:00.000Z"),
    ],
)
def test_a_time_is_read_in_its_zone(edge: Edge, since: str, utc: str) -> None:
    assert ask(serving(since_when), key=SECRET, query={"since": since}).json == {"since": utc}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.Unauthenticated("x"), 401),
        (errors.NotFound("x"), 404),
        (errors.IllegalTransition("x"), 409),
        (errors.StaleWrite("x"), 409),
        (errors.GatewayNotConfigured("x"), 422),
        (errors.Refused("x", code="card_declined"), 422),
        (errors.TooManyTries("x"), 429),
        (errors.OutcomeUnknown("x"), 502),
        (errors.Unavailable("x"), 503),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_named_error_has_its_familys_status_and_its_own_code(edge: Edge, error: GatewayError, status: int) -> None:
    answer = ask(failing(error))

    assert answer.status == status
    assert answer.json == {
        "success": False,
        "error": "x",
        "message": "x",
        "code": error.error_code,
        "requestId": "request-1",
    }


def test_a_bug_is_a_500_that_tells_nothing(edge: Edge) -> None:
    answer = ask(failing(ZeroDivisionError("secret detail")))

    assert (answer.status, answer.json["code"]) == (500, "internal_error")
    assert "secret detail" not in answer.text


def test_every_named_error_has_a_status() -> None:
    from shared.edge.problems import status_of

    families = [GatewayError]
    for family in families:
        families += family.__subclasses__()

    assert len(families) > 15
    # By its class alone: a family may make its own of other parts.
    assert all(400 <= status_of(family.__new__(family)) < 600 for family in families)


def test_amounts_keep_their_decimals_and_text_is_ascii(edge: Edge) -> None:
    answer = ask(serving(lambda call: Reply({"amount": Decimal("150.00"), "name": "è"}), Caller.ANYONE))

    assert answer.text == '{"amount": 150.00, "name": "\\u00e8"}'
    assert answer.headers["Content-Type"] == "application/json"


def test_every_reply_carries_the_request_id_and_is_not_cached(edge: Edge) -> None:
    for answer in (ask(failing(errors.NotFound("x"))), ask(serving(reading_body), {"amount": 1}, key=SECRET)):
        assert answer.headers["X-Request-Id"] == "request-1"
        assert answer.headers["Cache-Control"] == "no-store"


def test_errors_carry_cors_headers_too_where_browsers_call(edge: Edge) -> None:
    called_by_browsers = serving(reading_body, Caller.ANY_KEY, cors=True)

    assert ask(called_by_browsers).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in ask(serving(reading_body)).headers


def test_a_preflight_needs_no_key(edge: Edge) -> None:
    answer = ask(serving(reading_body, Caller.ANY_KEY, cors=True), method="OPTIONS")

    assert (answer.status, answer.text) == (204, "")
    assert {"Authorization", "Idempotency-Key"} <= set(answer.headers["Access-Control-Allow-Headers"].split(","))


def test_bytes_travel_as_base64(edge: Edge) -> None:
    image = serving(lambda call: Reply(b"\x89PNG", headers={"Content-Type": "image/png"}), Caller.ANYONE)

    reply = image({"httpMethod": "POST"}, object())  # type: ignore[arg-type]

    assert (reply["isBase64Encoded"], base64.b64decode(reply["body"])) == (True, b"\x89PNG")
