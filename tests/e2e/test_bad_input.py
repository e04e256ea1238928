"""Bad input gets the documented error, never a 5xx, and is judged after key and ownership."""

from __future__ import annotations

import pytest
import requests

from tests.client import PUBLISHABLE_KEY, SECRET_KEY, VISA, Client


def raw(client: Client, body: bytes, key: str | None = SECRET_KEY) -> requests.Response:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    return requests.post(f"{client.base_url}/api/payment/init", data=body, headers=headers, timeout=60)


@pytest.mark.parametrize(
    "body",
    [
        b'{"amount": 0}',
        b'{"amount": -1.00}',
        b'{"amount": 10.001}',
        b'{"amount": 1e3}',
        b'{"amount": NaN}',
        b'{"amount": Infinity}',
        b'{"amount": true}',
        b'{"amount": null}',
        b'{"amount": "abc"}',
        b'{"amount": [1]}',
        b'{"amount": 99999999999999999999}',
        b"{}",
        b"[]",
        b"",
        b"{",
        b"\xff\xfe",
        b'{"amount": 1, "currency": "XYZ"}',
        b'{"amount": 1.5, "currency": "JPY"}',
        b'{"amount": 1, "email": "nobody"}',
        b'{"amount": 1, "callbackUrl": "javascript:alert(1)"}',
        b'{"amount": 1, "notifyUrl": "ftp://example.com"}',
        b'{"amount": 1, "paymentMode": "CASH"}',
        b'{"amount": 1, "description": 5}',
    ],
    ids=lambda body: body.decode("latin-1")[:40],
)
def test_a_bad_body_is_a_400_with_a_reason(client: Client, body: bytes) -> None:
    reply = raw(client, body)

    assert reply.status_code == 400, reply.text
    problem = reply.json()
    assert problem["success"] is False
    assert problem["message"] == problem["error"]
    assert problem["code"]
    assert problem["requestId"]


def test_everything_that_is_wrong_is_told_at_once(client: Client) -> None:
    wrong = {"amount": 10.001, "callbackUrl": "javascript:alert(1)", "notifyUrl": "ftp://example.com", "ammount": 1}

    problem = client.call("POST", "/api/payment/init", wrong).json()

    told = [(error["param"], error["code"]) for error in problem["errors"]]
    assert told == [("amount", "invalid_amount"), ("callbackUrl", "invalid_url"), ("notifyUrl", "invalid_url")]
    assert (problem["param"], problem["warnings"][0]["param"]) == ("amount", "ammount")


def test_an_unknown_field_is_ignored_and_the_answer_says_what_was_meant(client: Client) -> None:
    sent = {"amount": 1, "notify_url": "https://shop.example/"}

    first = client.call("POST", "/api/payment/init", sent, Idempotency_Key="warned-of-a-field")
    again = client.call("POST", "/api/payment/init", sent, Idempotency_Key="warned-of-a-field")

    assert first.status_code == 200
    assert "did you mean notifyUrl?" in first.json()["warnings"][0]["message"]
    assert again.json() == first.json()


@pytest.mark.parametrize("key", [None, "", "nonsense", "sk_test_unknownunknown", "pk_live_0000000000"])
def test_no_known_key_is_a_401_whatever_the_body(client: Client, key: str | None) -> None:
    assert raw(client, b"{", key).status_code == 401


@pytest.mark.parametrize("path", ["refund", "capture", "void"])
def test_a_publishable_key_moves_no_money(client: Client, path: str) -> None:
    payment = client.init()

    reply = client.using(PUBLISHABLE_KEY).call("POST", f"/api/payment/{path}/{payment['id']}", {"amount": "x"})

    assert reply.status_code == 403


def test_an_unknown_payment_is_a_404(client: Client) -> None:
    assert client.call("GET", "/api/payment/transaction/TXN_20261121_NOSUCHPAYMENT00").status_code == 404
    assert client.call("POST", "/api/payment/refund/TXN_20261121_NOSUCHPAYMENT00", {"amount": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sandbox/card-page/{id}"),
        ("POST", "/sandbox/card-page/{id}"),
        ("POST", "/sandbox/card-page/{id}/challenge"),
        ("POST", "/sandbox/card-page/{id}/cancel"),
        ("GET", "/api/payment-links/{id}/public"),
        ("POST", "/api/payment-links/{id}/open"),
        ("GET", "/api/payment-links/{id}/qrcode"),
    ],
)
def test_what_nobody_could_have_been_given_is_a_404_without_a_key(client: Client, method: str, path: str) -> None:
    for text in ("A" * 3000, "A" * 81, "%C3%A9" * 20, "..A"):
        reply = client.using(None).call(method, path.replace("{id}", text), {} if method == "POST" else None)

        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


def test_an_unknown_address_carries_the_envelope_and_cors(client: Client) -> None:
    reply = client.call("GET", "/api/nothing/here")

    assert (reply.status_code, reply.json()["success"]) == (404, False)
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/api/payment/init", "POST, OPTIONS"),
        ("DELETE", "/api/payment/initiate", "POST, OPTIONS"),
        ("POST", "/api/payment/transaction/TXN_1", "GET, OPTIONS"),
        ("DELETE", "/api/merchant/webhooks", "GET, POST"),
        ("PUT", "/api/merchant/webhooks/we_1", "GET, PATCH, DELETE"),
        ("OPTIONS", "/api/merchant/transactions", "GET"),
        ("PUT", "/api/v1/customer", "POST, GET"),
        ("DELETE", "/api/v2/payment/status", "POST, GET"),
        ("PUT", "/pay", "POST, GET"),
    ],
)
def test_a_wrong_method_is_a_405_that_names_the_right_ones(
    client: Client, method: str, path: str, allow: str
) -> None:
    reply = client.using(None).call(method, path)

    assert (reply.status_code, reply.headers["Allow"]) == (405, allow)
    told_to_a_program = reply.headers["Content-Type"] == "application/json"
    assert " and ".join(allow.split(", ")) in reply.text or not told_to_a_program


def test_what_of_glomopay_is_not_offered_is_404_wherever_its_path_lies(client: Client) -> None:
    asked = [
        ("POST", "/api/v1/payment/mock"),
        ("POST", "/api/v1/payments/mock"),
        ("PATCH", "/api/v1/refunds/refund_ABCDEFGHIJKLMNOP/mock_update_status"),
        ("POST", "/api/v1/payments/payt_ABCDEFGHIJKLMNOP/update-rfi"),
        ("GET", "/api/v1/beneficiaries"),
    ]

    told = {(method, path): client.call(method, path, {}) for method, path in asked}

    assert {reply.status_code for reply in told.values()} == {404}
    assert all({"error", "message"} <= reply.json().keys() for reply in told.values())


def test_a_wrong_method_is_told_in_its_familys_words(client: Client) -> None:
    ours = client.call("GET", "/api/payment/init").json()
    glomopay = client.call("DELETE", "/api/v1/orders").json()
    paygol = client.call("DELETE", "/api/v2/payment/create").json()

    assert (ours["success"], ours["code"]) == (False, "method_not_allowed")
    assert (glomopay["error"], glomopay["code"]) == ("Method Not Allowed", "method_not_allowed")
    assert (paygol["result"], paygol["error"]["code"]) == (1, "invalid_request")


def test_an_address_without_the_stage_says_what_is_missing(client: Client) -> None:
    origin = client.base_url.removesuffix("/paymentgw")

    for method, path in (("POST", "/api/payment/init"), ("GET", "/api/nothing"), ("POST", "/api/v2/payment/create")):
        reply = requests.request(method, origin + path, json={}, timeout=60)
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
        assert f"/paymentgw{path}" in reply.json()["message"]


def test_a_body_over_one_megabyte_is_a_413_from_the_handler(client: Client) -> None:
    body = b'{"amount": 1, "description": "' + b"x" * 1_100_000 + b'"}'

    assert raw(client, body).status_code == 413


def test_a_body_over_ten_megabytes_is_a_413_from_the_port(client: Client) -> None:
    body = b'{"amount": 1, "description": "' + b"x" * 10_600_000 + b'"}'

    reply = raw(client, body)

    assert (reply.status_code, reply.json()["success"]) == (413, False)


def test_only_test_cards_are_taken_and_the_number_is_not_echoed(client: Client) -> None:
    payment = client.init()
    body = {"number": "4012888888881881", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}

    reply = client.using(None).call("POST", f"/sandbox/card-page/{payment['igfs']['paymentId']}", body)

    assert (reply.status_code, reply.json()["code"]) == (400, "not_a_test_card")
    assert "4012888888881881" not in reply.text


def test_a_malformed_card_never_prints_the_number(client: Client) -> None:
    payment = client.init()
    body = {"number": VISA, "expiryMonth": 13, "expiryYear": 2030, "cvv": "123456789"}

    reply = client.using(None).call("POST", f"/sandbox/card-page/{payment['igfs']['paymentId']}", body)

    assert reply.status_code == 400
    assert VISA not in reply.text
    assert "123456789" not in reply.text


def test_a_browser_may_ask_before_it_posts(client: Client) -> None:
    reply = client.using(None).call("OPTIONS", "/api/payment/init", Origin="https://shop.example")

    assert reply.status_code == 204
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in reply.headers["Access-Control-Allow-Headers"]


def test_the_guides_curl_runs_verbatim_with_the_publishable_key(client: Client) -> None:
    body = b'{"amount": 150.00, "email": "customer@example.com", "description": "Order #12345"}'
    reply = requests.post(
        f"{client.base_url}/api/payment/initiate",
        data=body,
        headers={"Authorization": f"Bearer {PUBLISHABLE_KEY}", "Content-Type": "application/json"},
        timeout=30,
    )

    assert reply.status_code == 200
    assert b'"totalAmount": 150.0' in reply.content
    assert f"paymentID={reply.json()['igfs']['paymentId']}" in reply.json()["redirectUrl"]
