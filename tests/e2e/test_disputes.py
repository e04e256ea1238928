"""Disputes over HTTP: from a PSP's signed message to the merchant's webhook, as the guide prints it."""

from __future__ import annotations

import hmac
import secrets
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests
import simplejson

from tests.client import PUBLISHABLE_KEY, Client, until
from tests.merchants import onboarded
from tests.receiver import Receiver
from tests.schemas import check, fields
from tools.ops.onboarding import DEMO_DISPUTE_SECRETS

DISPUTES = "/api/merchant/disputes"
PSP = "/webhook/psp/dispute"
DISPUTED = "4000000000000259"


def number() -> str:
    return f"CB-{secrets.token_hex(6)}"


def message(payment: dict[str, Any], **changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "disputeId": number(),
        "transactionId": payment["transactionId"],
        "amount": 50.00,
        "currency": "EUR",
        "reasonCode": "FRAUDULENT",
        "status": "OPEN",
        "eventTime": now.isoformat(),
        "responseDeadline": (now + timedelta(days=14)).isoformat(),
        **changes,
    }


def says(client: Client, told: dict[str, Any]) -> requests.Response:
    body = simplejson.dumps(told).encode()
    secret = DEMO_DISPUTE_SECRETS["igfs"]["test"][0].encode()
    headers = {"X-IGFS-Signature": hmac.digest(secret, body, "sha256").hex(), "Content-Type": "application/json"}
    return requests.post(client.base_url + PSP, data=body, headers=headers, timeout=120)


def opened(client: Client, payment: dict[str, Any], **changes: Any) -> dict[str, Any]:
    told = message(payment, **changes)
    reply = says(client, told)
    assert reply.status_code == 200, reply.text
    return {**told, "id": reply.json()["disputeId"], "status": reply.json()["status"]}


def shown(client: Client, dispute: dict[str, Any]) -> dict[str, Any]:
    return client.get(f"{DISPUTES}/{dispute['id']}")


def respond(client: Client, dispute: dict[str, Any], **body: Any) -> requests.Response:
    return client.call("POST", f"{DISPUTES}/{dispute['id']}/respond", {"response": "Delivered on Monday", **body})


def advance(client: Client, dispute: dict[str, Any], to: str) -> requests.Response:
    return client.call("POST", f"/api/sandbox/disputes/{dispute['id']}/advance", {"to": to})


def everything(client: Client, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = 0
    while True:
        reply = client.get(f"{DISPUTES}?size=50&page={page}{query}")
        found += reply["disputes"]
        page += 1
        if page >= reply["totalPages"]:
            assert len(found) == reply["totalItems"]
            return found


def check_stats(client: Client) -> None:
    """The counters say what the list adds up to."""
    found = everything(client)
    amounts: dict[str, Counter[str]] = defaultdict(Counter)
    for dispute in found:
        amounts[dispute["currency"]][dispute["status"]] += round(dispute["amountDisputed"] * 100)
    stakes = [
        {
            "currency": currency,
            "totalAtRisk": (of["OPEN"] + of["EVIDENCE_REQUIRED"] + of["UNDER_REVIEW"]) / 100,
            "totalLost": (of["LOST"] + of["EXPIRED"]) / 100,
        }
        for currency, of in sorted(amounts.items())
    ]
    count = Counter(dispute["status"] for dispute in found)
    stats = client.get(f"{DISPUTES}/stats")
    assert stats == {
        **next(stake for stake in stakes if len(stakes) == 1 or stake["currency"] == "EUR"),
        "amounts": stakes,
        "open": count["OPEN"] + count["EVIDENCE_REQUIRED"],
        "underReview": count["UNDER_REVIEW"],
        "won": count["WON"],
        "lost": count["LOST"] + count["EXPIRED"],
    }


@pytest.fixture(scope="module")
def client(gateway_url: str) -> Client:
    """The server of a shop whose disputes are these tests' alone: they are counted, paged and summed up."""
    return Client(gateway_url, onboarded(gateway_url).secret)


@pytest.fixture
def payment(client: Client) -> dict[str, Any]:
    paid = client.init(150.00, paymentMode="SALE_DIRECT")
    client.card(paid)
    return paid


def test_a_signed_message_becomes_a_dispute_as_the_guide_prints_it(client: Client, payment: dict[str, Any]) -> None:
    deadline = datetime.now(UTC) + timedelta(days=12, hours=1)
    dispute = opened(client, payment, responseDeadline=deadline.isoformat())

    reply = client.get(f"{DISPUTES}?status=OPEN&page=0&size=20")
    assert set(reply) == {"disputes", "currentPage", "totalPages", "totalItems", "nextCursor"}
    assert reply["currentPage"] == 0
    (found,) = [entry for entry in reply["disputes"] if entry["disputeId"] == dispute["id"]]
    created = found.pop("createdAt")
    assert found == {
        "disputeId": dispute["id"],
        "originalTransactionId": payment["transactionId"],
        "amountDisputed": 50.0,
        "currency": "EUR",
        "reasonCode": "FRAUDULENT",
        "reasonDescription": "Customer claims unauthorized charge",
        "status": "OPEN",
        "statusBy": "PSP",
        "pspSource": "IGFS",
        "responseDeadline": deadline.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "daysUntilDeadline": 12,
        "isUrgent": False,
    }
    assert datetime.now(UTC) - datetime.fromisoformat(created) < timedelta(minutes=1)
    assert dispute["id"].startswith("dp_")


def test_an_unsigned_or_badly_signed_message_is_refused(client: Client, payment: dict[str, Any]) -> None:
    told = message(payment)
    body = simplejson.dumps(told).encode()
    for headers in (
        {},
        {"X-IGFS-Signature": "0" * 64},
        {"Stripe-Signature": "t=1,v1=0"},
        {"X-Sandbox-Signature": ""},
    ):
        reply = requests.post(client.base_url + PSP, data=body, headers=headers, timeout=120)
        assert (reply.status_code, reply.json()["code"]) == (401, "unauthenticated")
    assert client.call("POST", PSP, told).status_code == 401  # a merchant's key is no signature

    assert told["disputeId"] not in str(everything(client))


def test_a_stripe_message_is_read_too(client: Client, payment: dict[str, Any]) -> None:
    about = {"transactionId": payment["transactionId"]}
    event = {
        "type": "charge.dispute.created",
        "created": int(time.time()),
        "data": {
            "object": {
                "id": f"dp_{secrets.token_hex(8)}",
                "amount": 1999,
                "currency": "eur",
                "reason": "product_not_received",
                "status": "needs_response",
                "metadata": about,
                "evidence_details": {"due_by": int(time.time()) + 10 * 86400},
            }
        },
    }
    body, stamp = simplejson.dumps(event).encode(), int(time.time())
    secret = DEMO_DISPUTE_SECRETS["stripe"]["test"][0].encode()
    signature = hmac.digest(secret, f"{stamp}.".encode() + body, "sha256").hex()
    headers = {"Stripe-Signature": f"t={stamp},v1={signature}"}
    reply = requests.post(client.base_url + PSP, data=body, headers=headers, timeout=120)

    assert reply.status_code == 200, reply.text
    found = client.get(f"{DISPUTES}/{reply.json()['disputeId']}")
    assert (found["pspSource"], found["reasonCode"], found["amountDisputed"]) == (
        "STRIPE",
        "PRODUCT_NOT_RECEIVED",
        19.99,
    )


def test_a_message_about_an_unknown_payment_is_accepted_and_shown_to_nobody(client: Client) -> None:
    told = message({"transactionId": "TXN_20200101_UNKNOWN"})
    reply = says(client, told)

    assert (reply.status_code, reply.json()["matched"], reply.json()["disputeId"]) == (202, False, None)
    assert told["disputeId"] not in str(everything(client))


def test_the_same_message_twenty_times_at_once_is_one_dispute(client: Client, payment: dict[str, Any]) -> None:
    told = message(payment)
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda _: says(client, told), range(20)))
    accepted = [reply for reply in replies if reply.status_code == 200]
    # Whoever lost too many races is told so, and the PSP sends it again.
    assert all(reply.status_code in (200, 409, 503) for reply in replies)
    assert len({reply.json()["disputeId"] for reply in accepted}) == 1
    assert says(client, told).json()["disputeId"] == accepted[0].json()["disputeId"]

    mine = [d for d in everything(client) if d["originalTransactionId"] == payment["transactionId"]]
    assert len(mine) == 1
    assert shown(client, {"id": mine[0]["disputeId"]})["history"] == [
        {"status": "OPEN", "by": "PSP", "at": mine[0]["createdAt"]}
    ]
    check_stats(client)


def test_messages_out_of_order_end_where_the_psp_ended(client: Client, payment: dict[str, Any]) -> None:
    then = datetime.now(UTC)
    told = message(payment)
    for status, minutes in (("UNDER_REVIEW", 2), ("LOST", 3), ("EVIDENCE_REQUIRED", 1), ("OPEN", 0)):
        happened = (then + timedelta(minutes=minutes)).isoformat()
        assert says(client, {**told, "status": status, "eventTime": happened}).status_code == 200

    (found,) = [d for d in everything(client) if d["originalTransactionId"] == payment["transactionId"]]
    assert found["status"] == "LOST"
    check_stats(client)


def test_an_answer_with_a_file_and_the_decision(client: Client, payment: dict[str, Any]) -> None:
    dispute = opened(client, payment)
    file = b"%PDF-1.4 a receipt"
    announced = {"fileName": "receipt.pdf", "contentType": "application/pdf", "size": len(file)}
    path = f"{DISPUTES}/{dispute['id']}/evidence"
    place = client.call("POST", path, announced).json()
    early = respond(client, dispute, evidence=[place["evidenceId"]])
    assert (early.status_code, early.json()["code"]) == (400, "evidence_not_uploaded")

    form = place["upload"]
    too_large = requests.post(form["url"], data=form["fields"], files={"file": file + b"!"}, timeout=60)
    assert too_large.status_code >= 400
    another = {**form["fields"], "Content-Type": "text/html"}
    assert requests.post(form["url"], data=another, files={"file": file}, timeout=60).status_code >= 400
    assert requests.post(form["url"], data=form["fields"], files={"file": file}, timeout=60).status_code == 204

    answered = respond(client, dispute, evidence=[place["evidenceId"]])
    assert answered.json() == {
        "success": True,
        "disputeId": dispute["id"],
        "status": "UNDER_REVIEW",
        "message": "Response submitted successfully",
        "delivery": "BY_HAND",  # IGFS has no API for it
    }
    kept = shown(client, dispute)
    assert kept["responses"][0]["evidence"] == [place["evidenceId"]]
    requests.post(form["url"], data=form["fields"], files={"file": file[::-1]}, timeout=60)
    assert shown(client, dispute)["evidence"] == kept["evidence"]
    assert kept["evidence"][0]["version"]
    assert advance(client, dispute, "EVIDENCE_REQUIRED").json()["status"] == "EVIDENCE_REQUIRED"
    assert respond(client, dispute, response="And the signature").status_code == 200
    assert advance(client, dispute, "WON").json()["status"] == "WON"

    for closed in (respond(client, dispute), advance(client, dispute, "LOST")):
        assert (closed.status_code, closed.json()["code"]) == (409, "dispute_closed")
    assert client.call("POST", path, announced).status_code == 409
    check_stats(client)


@pytest.mark.parametrize(
    "body", [{}, {"response": ""}, {"response": "  "}, {"response": 5}, {"response": "x", "evidence": ["ev_other"]}]
)
def test_an_empty_answer_is_refused(client: Client, payment: dict[str, Any], body: dict[str, Any]) -> None:
    dispute = opened(client, payment)
    reply = client.call("POST", f"{DISPUTES}/{dispute['id']}/respond", body)

    assert (reply.status_code, shown(client, dispute)["status"]) == (400, "OPEN")


def test_each_reason_and_each_status_can_be_reached(client: Client, payment: dict[str, Any]) -> None:
    reasons = {
        "FRAUDULENT": "Customer claims unauthorized charge",
        "PRODUCT_NOT_RECEIVED": "Customer didn't receive goods/services",
        "PRODUCT_UNACCEPTABLE": "Product differs from description",
        "DUPLICATE": "Customer charged multiple times",
        "SUBSCRIPTION_CANCELLED": "Customer cancelled but still charged",
        "CREDIT_NOT_PROCESSED": "Refund not received",
        "GENERAL": "Other/unspecified reason",
    }
    statuses = ("OPEN", "UNDER_REVIEW", "EVIDENCE_REQUIRED", "WON", "LOST", "CANCELLED", "EXPIRED")
    for (reason, description), status in zip(reasons.items(), statuses, strict=True):
        dispute = opened(client, payment, amount=1.00, reasonCode=reason, status=status)
        found = shown(client, dispute)
        assert (found["status"], found["reasonCode"], found["reasonDescription"]) == (status, reason, description)
        assert dispute["id"] in str(everything(client, f"&status={status}"))
    check_stats(client)


def test_a_deadline_that_passes_unanswered_expires_the_dispute(client: Client, payment: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    urgent = opened(client, payment, amount=1.00, responseDeadline=(now + timedelta(hours=1)).isoformat())
    seen = shown(client, urgent)
    assert (seen["isUrgent"], seen["daysUntilDeadline"]) == (True, 0)
    dispute = opened(client, payment, responseDeadline=(now + timedelta(seconds=2)).isoformat())

    until(lambda: shown(client, dispute), lambda seen: seen["status"] == "EXPIRED")
    assert respond(client, dispute).status_code == 409
    until(lambda: everything(client, "&status=EXPIRED"), lambda seen: dispute["id"] in str(seen))
    until(lambda: shown(client, dispute)["history"][-1]["by"], lambda by: by == "CLOCK")
    check_stats(client)


def test_filters_pages_and_cursors(client: Client, payment: dict[str, Any]) -> None:
    for _ in range(3):
        opened(client, payment, amount=1.00)
    listed = everything(client)
    last, first = (date.fromisoformat(listed[at]["createdAt"][:10]) for at in (0, -1))
    assert client.get(f"{DISPUTES}?startDate={first}&endDate={last}")["totalItems"] == len(listed)
    assert client.get(f"{DISPUTES}?endDate={first - timedelta(days=1)}")["disputes"] == []
    assert client.get(f"{DISPUTES}?startDate={last + timedelta(days=1)}")["totalItems"] == 0

    begins = client.get(f"{DISPUTES}?size=2")
    by_page = client.get(f"{DISPUTES}?size=2&page=1")
    by_cursor = client.get(f"{DISPUTES}?size=2&cursor={begins['nextCursor'].replace('+', '%2B').replace('#', '%23')}")
    assert by_page["disputes"] == by_cursor["disputes"]
    assert not {d["disputeId"] for d in by_page["disputes"]} & {d["disputeId"] for d in begins["disputes"]}
    assert client.get(f"{DISPUTES}?page=9999")["disputes"] == []


@pytest.mark.parametrize(
    "query",
    [
        "status=SOME",
        "startDate=yesterday",
        "endDate=2025-13-01",
        "startDate=2025-02-02&endDate=2025-02-01",
        "startDate=20250101",
        "page=-1",
        "page=x",
        "page=99999999",
        "size=0",
        "size=101",
        "size=1.5",
        "cursor=nonsense",
        "page=1&cursor=2026-01-01%23dp_1",
    ],
)
def test_filters_that_make_no_sense_are_refused(client: Client, query: str) -> None:
    reply = client.call("GET", f"{DISPUTES}?{query}")

    assert (reply.status_code, reply.json()["code"]) == (400, "invalid_request")


def test_every_dispute_endpoint_needs_the_secret_key(client: Client, payment: dict[str, Any]) -> None:
    dispute = opened(client, payment)
    mine = f"{DISPUTES}/{dispute['id']}"
    calls = [("GET", DISPUTES), ("GET", f"{DISPUTES}/stats"), ("GET", mine), ("POST", f"{mine}/respond")]
    calls += [("POST", f"{mine}/evidence"), ("POST", f"/api/sandbox/disputes/{dispute['id']}/advance")]
    for method, path in calls:
        assert client.using(PUBLISHABLE_KEY).call(method, path, {}).status_code == 403, path
        assert client.using(None).call(method, path, {}).status_code == 401, path
    for method, path in calls[2:]:
        assert client.call(method, path.replace(dispute["id"], "dp_aaaaaaaaaaaaaaaa"), {}).status_code == 404, path


def test_a_disputed_amount_cannot_be_refunded_until_the_dispute_is_won(
    client: Client, payment: dict[str, Any]
) -> None:
    dispute = opened(client, payment, amount=100.00)
    refund = f"/api/payment/refund/{payment['transactionId']}"
    refused = client.call("POST", refund, {"amount": 50.01})
    assert (refused.status_code, refused.json()["code"]) == (400, "amount_too_large")
    assert client.call("POST", refund, {"amount": 50.00}).status_code == 200
    refused = client.call("POST", refund, {})
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_refund")

    advance(client, dispute, "WON")
    assert client.call("POST", refund, {}).json()["refundAmount"] == 100.0
    assert client.book(payment)["refunded"] == 150.0


@pytest.mark.parametrize("attempt", range(3))
def test_refunds_and_a_dispute_at_once_never_pay_the_customer_twice(client: Client, attempt: int) -> None:
    payment = client.init(100.00, paymentMode="SALE_DIRECT")
    client.card(payment)
    refund = f"/api/payment/refund/{payment['transactionId']}"
    with ThreadPoolExecutor(5) as pool:
        refunds = [pool.submit(client.call, "POST", refund, {"amount": 40.00}) for _ in range(4)]
        dispute = pool.submit(opened, client, payment, amount=30.00)
        given = sum(done.result().status_code == 200 for done in refunds)
        opened_one = dispute.result()
    advance(client, opened_one, "LOST")
    late = client.call("POST", refund, {"amount": 40.00})

    given += late.status_code == 200
    refunded = client.book(payment)["refunded"]
    assert refunded == given * 40.0
    # Two refunds of 40.00 before the dispute leave 20.00, of which it takes what is there; after it only one fits.
    assert given <= 2
    left = client.call("POST", refund, {})
    assert left.status_code == 409 or client.book(payment)["refunded"] <= 70.0
    check_stats(client)


def test_the_sandbox_disputes_its_card_once_after_the_capture(client: Client) -> None:
    payment = client.paid(amount=25.00, card=DISPUTED)

    def mine() -> list[dict[str, Any]]:
        return [d for d in everything(client) if d["originalTransactionId"] == payment["transactionId"]]

    (dispute,) = until(mine, bool)
    assert (dispute["pspSource"], dispute["reasonCode"], dispute["status"]) == ("SANDBOX", "FRAUDULENT", "OPEN")
    assert (dispute["amountDisputed"], dispute["daysUntilDeadline"]) == (25.0, 14)
    refused = client.call("POST", f"/api/payment/refund/{payment['transactionId']}", {})
    assert refused.status_code == 409
    check_stats(client)


def test_the_merchants_webhook_hears_of_each_step_in_the_full_envelope(client: Client) -> None:
    with Receiver() as receiver:
        payment = client.init(60.00, paymentMode="SALE_DIRECT", notifyUrl=receiver.url())
        client.card(payment)
        dispute = opened(client, payment)
        respond(client, dispute)
        advance(client, dispute, "LOST")

        def told() -> dict[str, dict[str, Any]]:
            bodies = [request.json for request in list(receiver.received)]
            return {body["type"]: body for body in bodies if body["type"].startswith("charge.dispute.")}

        heard = until(told, lambda seen: len(seen) == 3)
    for body in heard.values():
        check(body)
        about = body["data"]["object"]
        assert {f"data.object.{name}" for name in about} <= fields(body["type"])
        assert (about["object"], about["disputeId"]) == ("dispute", dispute["id"])
        assert (about["originalTransactionId"], about["amountDisputed"]) == (payment["transactionId"], 50.0)
    steps = [heard[f"charge.dispute.{step}"] for step in ("created", "updated", "closed")]
    assert [step["data"]["object"]["status"] for step in steps] == ["OPEN", "UNDER_REVIEW", "LOST"]
    assert [step["sequence"] for step in steps] == [1, 2, 3]
