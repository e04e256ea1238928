"""Paygol's open doors: whatever comes through is no failure of ours, and nothing that was refused is shown again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from functions.paygol.auth_token import handler as auth_token
from functions.paygol.check_payment import handler as check_payment
from functions.paygol.checkout import handler as checkout
from functions.paygol.checkout_cancel import handler as cancel
from functions.paygol.checkout_method import MethodRequest
from functions.paygol.checkout_method import handler as choose
from functions.paygol.checkout_start import handler as start
from functions.paygol.pay import handler as pay
from functions.paygol.pay_direct import handler as pay_direct
from functions.paygol.pay_direct_return import handler as come_back
from functions.paygol.payment_create import handler as create
from functions.paygol.payment_methods import handler as methods
from functions.paygol.payment_status import handler as payment_status
from functions.paygol.payment_webcheckout import handler as webcheckout
from functions.sandbox.method_act import handler as act
from shared.edge.http import Served
from tests.unit.edge.requests import Answer, Context, ask
from tests.unit.paygol.conftest import JOHN, Shop, edge, shop

__all__ = ["edge", "shop"]
MARK = "zqxj7"  # in all that is given, and in nothing that we say
FIXTURE = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
SLOW = settings(FIXTURE, max_examples=60)
texts = st.text(max_size=30).map(lambda text: f"{MARK}{text}")
known = st.sampled_from(
    ["", "DE", "nl", "creditcard", "bitcoin", "giropay", "12345678909", "a@b.example", "DEUTDEFF"]
)
scalars = st.one_of(texts, known, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False))
values = st.one_of(scalars, st.lists(scalars, max_size=3), st.dictionaries(texts, scalars, max_size=2))
fields = st.dictionaries(st.one_of(st.sampled_from(sorted(MethodRequest.model_fields)), texts), values, max_size=8)
bodies = st.one_of(fields.map(json.dumps), st.binary(max_size=80), st.just("[" * 5000), st.just(f'"{MARK}"'))
OF_A_TRANSACTION = {
    "method": choose, "start": start, "cancel": cancel, "act": act, "checkout": checkout, "pay_direct": pay_direct,
    "return": come_back,
}  # fmt: skip


def is_fine(answer: Answer, *statuses: int) -> None:
    assert answer.status in statuses, answer.text
    assert answer.status < 400 or MARK not in answer.text, answer.text
    assert MARK not in str(answer.headers)


def a_transaction(shop: Shop) -> str:
    return str(shop.asks(create, **JOHN)["data"]["transaction_id"])


@FIXTURE
@given(body=bodies)
def test_the_choice_of_a_method_takes_whatever_comes_and_shows_nothing_of_it(shop: Shop, body: Any) -> None:
    number = a_transaction(shop)

    answer = ask(choose, body, path={"id": number})

    is_fine(answer, 200, 400)
    assert MARK not in answer.text  # nothing of the payer goes out in what was taken, either
    assert ask(checkout, path={"id": number}).status == 200


@FIXTURE
@given(name=st.sampled_from(sorted(OF_A_TRANSACTION)), number=st.text(max_size=40).map(lambda t: f"{MARK}{t}"))
@example(name="return", number=f"{MARK}-\ud800")
def test_no_number_is_a_failure_of_ours(shop: Shop, name: str, number: str) -> None:
    is_fine(ask(OF_A_TRANSACTION[name], {"action": "pay"}, path={"id": number}), 400, 404)


@FIXTURE
@given(name=st.sampled_from(["act", "start", "cancel"]), body=bodies)
def test_no_body_at_a_transaction_is_a_failure_of_ours(shop: Shop, name: str, body: Any) -> None:
    is_fine(ask(OF_A_TRANSACTION[name], body, path={"id": a_transaction(shop)}), 200, 400)


def by_query(served: Served, path: str, query: dict[str, list[str]]) -> Answer:
    event = {
        "httpMethod": "GET",
        "resource": path,
        "headers": {"Accept-Language": MARK},
        "requestContext": {"requestId": "r"},
        "stageVariables": {"pagesOrigin": "https://pages.example"},
        "multiValueQueryStringParameters": query,
    }
    reply = served(event, Context())  # type: ignore[arg-type]
    return Answer(reply["statusCode"], reply["headers"], reply["body"])


queries = st.dictionaries(
    st.one_of(
        st.sampled_from(["service", "id", "format", "pg_serviceid", "pg_price", "pg_mode", "pg_cancel_url"]), texts
    ),
    st.lists(st.one_of(texts, known, st.just("123"), st.just("api")), max_size=3),
    max_size=6,
)


@FIXTURE
@given(query=queries)
def test_no_link_is_a_failure_of_ours(shop: Shop, query: dict[str, list[str]]) -> None:
    is_fine(by_query(pay, "/pay", query), 200, 303, 400)
    checked = by_query(check_payment, "/api/check-payment", query)
    is_fine(checked, 200)
    assert MARK not in checked.text


parts = st.tuples(st.one_of(st.sampled_from(["pg_serviceid", "pg_price", "pg_name"]), texts), st.binary(max_size=40))


@SLOW
@given(given_parts=st.lists(parts, max_size=4), boundary=st.sampled_from(["xx", "", '"', "x;y", "\u00e9"]))
def test_no_multipart_form_is_a_failure_of_ours(
    shop: Shop, given_parts: list[tuple[str, bytes]], boundary: str
) -> None:
    edge_of, head = boundary.encode(), b'\r\nContent-Disposition: form-data; name="'
    body = b"".join(
        b"--" + edge_of + head + name.encode("utf-8", "replace") + b'"\r\n\r\n' + value + b"\r\n"
        for name, value in given_parts
    )
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}

    assert ask(pay, body + b"--" + edge_of + b"--\r\n", headers=kind).status in (303, 400)


@SLOW
@given(
    endpoint=st.sampled_from([auth_token, methods, payment_status, webcheckout]),
    wrong=st.dictionaries(st.sampled_from(["pg_country", "transaction_id", "pg_token", "pg_price", "x"]), values),
)
def test_every_signed_call_is_answered_signed_and_shows_nothing_that_it_refuses(
    shop: Shop, endpoint: Served, wrong: dict[str, Any]
) -> None:
    answer = shop.sends(endpoint, {"pg_token": shop.fresh_token(), **wrong})

    assert answer.status == 200, answer.text
    assert answer.json["result"] == 0 or MARK not in answer.text


@pytest.mark.parametrize("path", ["pay", "check"])
def test_what_is_refused_is_shown_as_text_of_ours_alone(shop: Shop, path: str) -> None:
    query = {"pg_serviceid": ["123"], "pg_price": [f"<b>{MARK}"], "pg_currency": [MARK], "pg_method": [MARK]}
    answer = by_query(pay, "/pay", query) if path == "pay" else by_query(check_payment, "/api/check-payment", query)

    assert MARK not in answer.text
