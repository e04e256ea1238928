"""Webhooks over real HTTP: what arrives, how it is signed and retried, and what a merchant can see and do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import stripe
from standardwebhooks import Webhook

from tests.client import PATIENCE, PUBLISHABLE_KEY, Client, until, voucher
from tests.merchants import Onboarded, onboarded
from tests.receiver import Received, Receiver
from tests.schemas import check

WEBHOOKS = "/api/merchant/webhooks"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


@pytest.fixture
def merchant(client: Client) -> Onboarded:
    """One of this test's own: events of other tests' payments may still be on their way."""
    return onboarded(client.base_url)


@pytest.fixture
def shop(client: Client, merchant: Onboarded) -> Client:
    return client.using(merchant.secret)


def add(shop: Client, receiver: Receiver, path: str = "/hook", **more: object) -> dict[str, Any]:
    reply = shop.call("POST", WEBHOOKS, {"url": receiver.url(path), **more})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def change(shop: Client, endpoint: dict[str, Any], **settings: object) -> dict[str, Any]:
    reply = shop.call("PATCH", f"{WEBHOOKS}/{endpoint['id']}", settings)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def send_test(shop: Client, endpoint: dict[str, Any]) -> dict[str, Any]:
    reply = shop.call("POST", f"{WEBHOOKS}/{endpoint['id']}/test")
    assert reply.status_code == 202, reply.text
    return dict(reply.json())


def deliveries(shop: Client, endpoint_id: str) -> list[dict[str, Any]]:
    return list(shop.get(f"{WEBHOOKS}/{endpoint_id}/deliveries?limit=100")["deliveries"])


def delivery_once(shop: Client, endpoint: dict[str, Any], status: str, seconds: float = PATIENCE) -> dict[str, Any]:
    """The newest delivery of the endpoint once it has ``status``."""
    seen = until(
        lambda: deliveries(shop, endpoint["id"]), lambda all_: bool(all_) and all_[0]["status"] == status, seconds
    )
    return dict(seen[0])


def check_payglobe(request: Received, secret: str) -> None:
    expected = base64.b64encode(hmac.new(secret.encode(), request.body, hashlib.sha256).digest()).decode()
    assert request.header("X-PayGlobe-Signature") == expected


def test_a_payment_reaches_its_endpoint_signed_for_every_kind_of_receiver(shop: Client, receiver: Receiver) -> None:
    endpoint = add(shop, receiver)

    shop.paid(voucher(5000))

    success = receiver.wait_for(lambda request: request.json["type"] == "payment_intent.succeeded")
    check_payglobe(success, endpoint["secret"])
    event = stripe.Webhook.construct_event(success.body, success.header("Stripe-Signature"), endpoint["secret"])
    assert event["data"]["object"]["transactionId"] == success.json["transactionId"]
    key = endpoint["secret"].removeprefix("whsec_test_")
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    assert Webhook(key).verify(success.body, {name: success.header(name) for name in names}) == success.json


def test_the_union_body_has_the_guides_flat_fields_and_stripes_envelope(shop: Client, receiver: Receiver) -> None:
    add(shop, receiver)

    shop.paid(voucher(5000))

    body = receiver.wait_for(lambda request: request.json["type"] == "payment_intent.succeeded").json
    assert (body["totalAmount"], body["cardAmount"], body["voucherAmount"]) == (150, 100, 50)
    assert (body["paymentMethod"], body["status"], body["vouchersUsed"]) == ("CARD_AND_VOUCHER", "SUCCESS", 1)
    assert body["cardGatewayDetails"]["operationType"] == "CAPTURE"
    assert body["cardGatewayDetails"]["responseCode"] == "00"
    assert body["voucherDetails"]["spentAmount"] == 50
    assert body["voucherDetails"]["responseCode"] == "000"
    assert (body["object"], body["api_version"], body["livemode"], body["request"]) == (
        "event",
        "2023-10-16",
        False,
        None,
    )
    about = body["data"]["object"]
    assert about["object"] == "payment_intent"
    assert about["id"] == about["transactionId"] == body["transactionId"]


def test_events_of_a_payment_are_numbered_without_gaps_and_have_one_id_each(shop: Client, receiver: Receiver) -> None:
    payment = shop.paid(voucher(5000), notifyUrl=receiver.url("/notify"))

    def mine() -> list[Received]:
        return [r for r in receiver.received if r.json["transactionId"] == payment["transactionId"]]

    seen: list[Received] = until(
        mine, lambda all_: any(request.json["type"] == "checkout.session.completed" for request in all_)
    )
    last = max(request.json["sequence"] for request in seen)
    seen = until(mine, lambda all_: len(all_) >= last)
    assert sorted(request.json["sequence"] for request in seen) == list(range(1, last + 1))
    assert len({request.json["id"] for request in seen}) == last


def test_notify_url_is_signed_with_the_newest_endpoints_secret(shop: Client, receiver: Receiver) -> None:
    endpoint = add(shop, receiver, "/endpoint", events=["charge.refunded"])

    shop.paid(notifyUrl=receiver.url("/notify"))

    check_payglobe(receiver.wait(1, "/notify")[0], endpoint["secret"])


def test_notify_url_without_any_endpoint_is_signed_with_the_merchants_own_secret(
    shop: Client, merchant: Onboarded, receiver: Receiver
) -> None:
    shop.paid(notifyUrl=receiver.url("/notify"))

    check_payglobe(receiver.wait(1, "/notify")[0], merchant.webhook_secret)


def test_a_failed_delivery_comes_again_with_the_same_id_and_body_and_a_fresh_signature(
    shop: Client, receiver: Receiver
) -> None:
    receiver.answer = lambda request, before: 500 if before < 2 else 200
    endpoint = add(shop, receiver)

    send_test(shop, endpoint)

    requests = receiver.wait(3)
    assert len({request.body for request in requests}) == 1
    assert len({request.header("webhook-id") for request in requests}) == 1
    assert len({request.header("Stripe-Signature") for request in requests}) == 3
    delivery = delivery_once(shop, endpoint, "DELIVERED")
    assert [attempt["statusCode"] for attempt in delivery["attempts"]] == [500, 500, 200]
    assert delivery["attempts"][0]["responseExcerpt"] == "OK"
    assert delivery["attempts"][0]["nextAttemptAt"] is not None
    assert delivery["attempts"][2]["nextAttemptAt"] is None


def test_ten_deliveries_and_then_a_visible_end(shop: Client, receiver: Receiver) -> None:
    receiver.answer = lambda request, before: 503
    endpoint = add(shop, receiver)

    send_test(shop, endpoint)

    delivery = delivery_once(shop, endpoint, "EXHAUSTED", seconds=150)
    assert len(delivery["attempts"]) == 10
    assert len(receiver.of("/hook")) == 10
    assert delivery["attempts"][-1]["error"] == "http_error"


def test_a_redirect_is_a_failure_and_is_not_followed(shop: Client, receiver: Receiver) -> None:
    receiver.answer = lambda request, before: 302
    receiver.headers["Location"] = receiver.url("/elsewhere")
    endpoint = add(shop, receiver)

    send_test(shop, endpoint)

    delivery = delivery_once(shop, endpoint, "RETRYING")
    assert delivery["attempts"][0]["error"] == "redirect"
    assert receiver.of("/elsewhere") == []


def test_410_disables_the_endpoint_and_events_are_kept_until_it_is_enabled(shop: Client, receiver: Receiver) -> None:
    receiver.answer = lambda request, before: 410 if before == 0 else 200
    endpoint = add(shop, receiver)

    send_test(shop, endpoint)

    path = f"{WEBHOOKS}/{endpoint['id']}"
    seen = until(lambda: shop.get(path), lambda seen: seen["status"] == "DISABLED")
    assert "410" in seen["disabledReason"]
    shop.paid()
    kept = until(lambda: deliveries(shop, endpoint["id"]), lambda all_: len(all_) >= 3)
    assert all(delivery["held"] for delivery in kept)
    assert len(receiver.of("/hook")) == 1
    messages = shop.get("/api/sandbox/messages")["messages"]
    assert any(m["kind"] == "endpoint_disabled" and endpoint["url"] in m["text"] for m in messages)

    change(shop, endpoint, status="ENABLED")

    receiver.wait(1 + len(kept))
    until(
        lambda: {delivery["status"] for delivery in deliveries(shop, endpoint["id"])},
        lambda statuses: statuses == {"DELIVERED"},
    )


def test_a_paused_endpoint_gets_what_it_missed_when_it_resumes(shop: Client, receiver: Receiver) -> None:
    endpoint = add(shop, receiver)
    change(shop, endpoint, status="PAUSED")
    shop.paid()
    kept = until(lambda: deliveries(shop, endpoint["id"]), lambda all_: len(all_) >= 3)
    assert receiver.of("/hook") == []
    assert {delivery["status"] for delivery in kept} == {"PENDING"}

    change(shop, endpoint, status="ENABLED")

    receiver.wait(len(kept))


def test_a_test_event_reaches_only_its_endpoint_even_a_paused_one(shop: Client, receiver: Receiver) -> None:
    add(shop, receiver, "/other")
    endpoint = add(shop, receiver, status="PAUSED", events=["charge.refunded"])

    sent = send_test(shop, endpoint)

    request = receiver.wait(1)[0]
    assert request.json["type"] == "endpoint.test"
    assert request.json["id"] == sent["eventId"]
    assert receiver.of("/other") == []


def test_an_endpoint_hears_only_of_the_events_it_names(shop: Client, receiver: Receiver) -> None:
    add(shop, receiver, "/all")
    add(shop, receiver, "/some", events=["checkout.session.completed"])

    shop.paid()

    receiver.wait(1, "/some")
    receiver.wait(3, "/all")
    assert {request.json["type"] for request in receiver.of("/some")} == {"checkout.session.completed"}


def test_payload_formats_and_hex_signatures_are_chosen_per_endpoint(shop: Client, receiver: Receiver) -> None:
    flat = add(shop, receiver, "/flat", payloadFormat="flat", signatureEncoding="hex")
    add(shop, receiver, "/event", payloadFormat="event")

    shop.paid()

    request = receiver.wait(1, "/flat")[0]
    assert "data" not in request.json
    assert request.json["transactionId"]
    expected = hmac.new(flat["secret"].encode(), request.body, hashlib.sha256).hexdigest()
    assert request.header("X-PayGlobe-Signature") == expected
    assert "transactionId" not in receiver.wait(1, "/event")[0].json


def test_after_a_rotation_both_secrets_verify_for_a_day_and_the_new_one_is_shown_once(
    shop: Client, receiver: Receiver
) -> None:
    endpoint = add(shop, receiver)

    rotated = shop.call("POST", f"{WEBHOOKS}/{endpoint['id']}/rotate-secret").json()

    assert rotated["secret"] != endpoint["secret"]
    assert rotated["previousSecretExpiresAt"]
    assert "secret" not in shop.get(f"{WEBHOOKS}/{endpoint['id']}")
    send_test(shop, endpoint)
    request = receiver.wait(1)[0]
    for secret in (endpoint["secret"], rotated["secret"]):
        stripe.Webhook.construct_event(request.body, request.header("Stripe-Signature"), secret)
    check_payglobe(request, rotated["secret"])


def test_a_repeated_create_is_one_endpoint_and_shows_its_secret_once(shop: Client, receiver: Receiver) -> None:
    key, body = secrets.token_hex(8), {"url": receiver.url()}

    first = shop.call("POST", WEBHOOKS, body, Idempotency_Key=key)
    again = shop.call("POST", WEBHOOKS, body, Idempotency_Key=key)

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["id"] == first.json()["id"]
    assert "secret" in first.json()
    assert "secret" not in again.json()


def test_a_delivery_and_everything_since_a_time_can_be_replayed(shop: Client, receiver: Receiver) -> None:
    endpoint = add(shop, receiver)
    send_test(shop, endpoint)
    delivered = delivery_once(shop, endpoint, "DELIVERED")

    reply = shop.call("POST", f"/api/merchant/deliveries/{delivered['id']}/replay")

    assert reply.status_code == 202, reply.text
    first, second = receiver.wait(2)[:2]
    assert first.body == second.body
    until(lambda: len(delivery_once(shop, endpoint, "DELIVERED")["attempts"]), lambda count: count == 2)
    since = endpoint["createdAt"]
    reply = shop.call("POST", f"{WEBHOOKS}/{endpoint['id']}/replay?since={since}")
    assert reply.status_code == 202, reply.text
    receiver.wait(3)


def test_events_after_a_cursor_are_exclusive_and_in_order(shop: Client) -> None:
    payment = shop.paid()
    everything = until(
        lambda: [
            event for event in _all_events(shop) if event["data"].get("transactionId") == payment["transactionId"]
        ],
        lambda found: len(found) >= 3,
    )
    assert [event["sequence"] for event in everything] == [1, 2, 3]

    page = shop.get(f"/api/merchant/events?after={everything[0]['id']}&limit=1")

    assert page["events"][0]["id"] == everything[1]["id"]
    assert page["hasMore"] is True


def _all_events(shop: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        after = f"&after={found[-1]['id']}" if found else ""
        page = shop.get(f"/api/merchant/events?limit=100{after}")
        found += page["events"]
        if not page["hasMore"]:
            return found


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": "ftp://shop.example.com/"},
        {"url": "https://user@shop.example.com/"},
        {"url": "https:///nowhere"},
        {"url": "https://shop.example.com/", "events": ["payment_intent.nonsense"]},
        {"url": "https://shop.example.com/", "payloadFormat": "xml"},
        {"url": "https://shop.example.com/", "status": "DISABLED"},
        {"url": "https://shop.example.com/", "events": "all"},
        {"url": 7},
    ],
    ids=json.dumps,
)
def test_a_bad_endpoint_is_refused_with_the_documented_error(shop: Client, body: dict[str, Any]) -> None:
    reply = shop.call("POST", WEBHOOKS, body)

    assert reply.status_code == 400, reply.text
    assert reply.json()["success"] is False
    assert reply.json()["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", WEBHOOKS),
        ("POST", WEBHOOKS),
        ("GET", f"{WEBHOOKS}/we_nothing"),
        ("PATCH", f"{WEBHOOKS}/we_nothing"),
        ("DELETE", f"{WEBHOOKS}/we_nothing"),
        ("POST", f"{WEBHOOKS}/we_nothing/rotate-secret"),
        ("POST", f"{WEBHOOKS}/we_nothing/test"),
        ("GET", f"{WEBHOOKS}/we_nothing/deliveries"),
        ("POST", f"{WEBHOOKS}/we_nothing/replay"),
        ("POST", "/api/merchant/deliveries/dlv_nothing_00/replay"),
        ("GET", "/api/merchant/events"),
    ],
)
def test_self_service_needs_the_secret_key_and_shows_nothing_that_is_not_there(
    client: Client, method: str, path: str
) -> None:
    assert client.using(None).call(method, path, {}).status_code == 401
    assert client.using(PUBLISHABLE_KEY).call(method, path, {}).status_code == 403
    if "nothing" in path:
        assert client.call(method, path, {}).status_code == 404


def test_every_way_a_payment_can_go_tells_events_as_their_schemas_say(shop: Client, receiver: Receiver) -> None:
    hook: dict[str, Any] = {"notifyUrl": receiver.url("/notify")}
    endpoint = add(shop, receiver, events=["endpoint.test"])
    send_test(shop, endpoint)
    shop.paid(**hook)
    shop.paid(voucher(20000), **hook)
    refunded = shop.paid(voucher(5000), **hook)
    for amount in (50.00, None):
        body = {"reason": "returned"} | ({"amount": amount} if amount else {})
        assert shop.call("POST", f"/api/payment/refund/{refunded['transactionId']}", body).status_code == 200
    declined = shop.init(**hook)
    shop.card(declined, "4000000000000002")
    shop.card(declined)
    shop.choose(declined, voucher(5000, "INVALID"))
    shop.settled(declined, {"VOUCHER_FAILED"})
    failing = shop.init(**hook)
    shop.card(failing, "4000000000000341")
    shop.choose(failing)
    voided = shop.init(**hook)
    shop.card(voided)
    assert shop.call("POST", f"/api/payment/void/{voided['transactionId']}").status_code in (200, 202)

    expected = {
        ("payment_intent.processing", "PREAUTH"),
        ("payment_intent.processing", "VOUCHER_SPEND"),
        ("payment_intent.succeeded", "CAPTURE"),
        ("payment_intent.succeeded", "VOID"),
        ("payment_intent.payment_failed", "PREAUTH"),
        ("payment_intent.payment_failed", "VOUCHER_VALIDATE"),
        ("payment_intent.payment_failed", "CAPTURE"),
        ("payment_intent.canceled", "VOID"),
        ("checkout.session.completed", "CAPTURE"),
        ("charge.refunded", "REFUND"),
        ("endpoint.test", None),
    }

    def told() -> set[tuple[str, str | None]]:
        return {
            (r.json["type"], r.json.get("cardGatewayDetails", {}).get("operationType")) for r in receiver.received
        }

    until(told, lambda seen: seen >= expected)
    for request in receiver.received:
        check(request.json)
