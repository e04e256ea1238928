"""The simulated Stripe, asked by Stripe's own library: it answers as the API does, and refuses where that would."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests
import stripe

from tools.testing.far_sides.stripe.books import ASKS_HOLDER, Account
from tools.testing.far_sides.stripe.server import StripeAcquirer, signed

APPROVED = "4242424242424242"


@pytest.fixture
def acquirer() -> Iterator[StripeAcquirer]:
    made = StripeAcquirer()
    yield made
    with suppress(OSError):
        made.close()


def client(acquirer: StripeAcquirer, key: str = "sk_test_own_key") -> stripe.StripeClient:
    return stripe.StripeClient(key, base_addresses={"api": acquirer.origin}, max_network_retries=0)


def opened(acquirer: StripeAcquirer, *, manual: bool = True, key: str = "k1", **more: Any) -> stripe.checkout.Session:
    price = {"currency": "eur", "unit_amount": 15000, "product_data": {"name": "Shop"}}
    asked: dict[str, Any] = {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "payment_intent_data": {
            "capture_method": "manual" if manual else "automatic",
            "metadata": {"transactionId": "TXN_1"},
        },
        "success_url": "https://shop/back?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop/left",
        **more,
    }
    return client(acquirer).v1.checkout.sessions.create(asked, {"idempotency_key": key})


def held(acquirer: StripeAcquirer, **more: Any) -> stripe.PaymentIntent:
    session = opened(acquirer, **more)
    assert acquirer.account.entered(session.id, APPROVED)
    asked = client(acquirer).v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert isinstance(asked.payment_intent, stripe.PaymentIntent)
    return asked.payment_intent


def refused(call: Any) -> stripe.StripeError:
    with pytest.raises(stripe.StripeError) as caught:
        call()
    return caught.value


def test_a_hold_is_taken_in_part_and_the_rest_released(acquirer: StripeAcquirer) -> None:
    intent = held(acquirer)
    assert (intent.status, intent.amount_capturable) == ("requires_capture", 15000)
    assert isinstance(intent.latest_charge, stripe.Charge)

    done = client(acquirer).v1.payment_intents.capture(intent.id, {"amount_to_capture": 10000})

    assert (done.status, done.amount_received, done.amount_capturable) == ("succeeded", 10000, 0)
    again = refused(lambda: client(acquirer).v1.payment_intents.capture(intent.id))
    assert again.code == "payment_intent_unexpected_state"
    assert again.error is not None
    assert again.error.payment_intent["status"] == "succeeded"


def test_more_than_was_held_is_not_taken_and_the_hold_stands(acquirer: StripeAcquirer) -> None:
    intent = held(acquirer)

    assert refused(
        lambda: client(acquirer).v1.payment_intents.capture(intent.id, {"amount_to_capture": 15001})
    ).code == ("amount_too_large")
    assert client(acquirer).v1.payment_intents.retrieve(intent.id).status == "requires_capture"


def test_a_cancelled_hold_is_gone_and_a_captured_one_is_not_cancelled(acquirer: StripeAcquirer) -> None:
    voided, taken = held(acquirer), held(acquirer, key="k2")
    api = client(acquirer).v1.payment_intents
    api.capture(taken.id)

    assert api.cancel(voided.id).status == "canceled"
    assert refused(lambda: api.cancel(voided.id)).code == "payment_intent_unexpected_state"
    assert refused(lambda: api.capture(voided.id)).code == "payment_intent_unexpected_state"
    assert refused(lambda: api.cancel(taken.id)).code == "payment_intent_unexpected_state"


def test_refunds_never_exceed_what_was_taken_and_are_listed_with_their_metadata(acquirer: StripeAcquirer) -> None:
    intent = held(acquirer, manual=False)
    api = client(acquirer).v1.refunds
    for number in range(2):
        api.create({"payment_intent": intent.id, "amount": 6000, "metadata": {"operation": f"op{number}"}})

    assert refused(lambda: api.create({"payment_intent": intent.id, "amount": 6000})).http_status == 400
    listed = api.list({"payment_intent": intent.id, "limit": 100})
    assert [(one.amount, one.metadata and one.metadata["operation"]) for one in listed.data] == [
        (6000, "op1"),
        (6000, "op0"),
    ]
    assert (
        refused(lambda: api.create({"payment_intent": held(acquirer, key="k2").id, "amount": 1})).http_status == 400
    )


def test_a_key_is_answered_once_and_is_good_for_nothing_else(acquirer: StripeAcquirer) -> None:
    intent = held(acquirer, manual=False)
    api = client(acquirer).v1.refunds
    asked: Any = {"payment_intent": intent.id, "amount": 6000}

    first, second = (api.create(asked, {"idempotency_key": "r1"}) for _ in range(2))

    assert first.id == second.id
    assert second.last_response is not None
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(acquirer.account.refunds) == 1
    other: Any = {"payment_intent": intent.id, "amount": 1}
    assert isinstance(refused(lambda: api.create(other, {"idempotency_key": "r1"})), stripe.IdempotencyError)


def test_a_decline_stays_on_the_page_and_another_card_pays_there(acquirer: StripeAcquirer) -> None:
    session = opened(acquirer)
    assert session.url is not None
    assert "Pay" in requests.get(session.url, timeout=30).text

    declined = requests.post(session.url, {"number": "4000000000009995"}, timeout=30)
    assert "declined" in declined.text
    intent = next(iter(acquirer.account.intents.values()))
    assert intent.error is not None
    assert intent.error["decline_code"] == "insufficient_funds"
    paid = requests.post(session.url, {"number": "4242 4242 4242 4242"}, timeout=30, allow_redirects=False)

    assert (paid.status_code, paid.headers["Location"]) == (303, f"https://shop/back?s={session.id}")
    assert intent.status == "requires_capture"
    assert not acquirer.account.entered(session.id, APPROVED)


def test_an_expired_page_takes_no_card_and_a_finished_one_does_not_expire(acquirer: StripeAcquirer) -> None:
    left, paid = opened(acquirer), opened(acquirer, key="k2")
    acquirer.account.entered(paid.id, APPROVED)
    api = client(acquirer).v1.checkout.sessions

    assert api.expire(left.id).status == "expired"
    assert not acquirer.account.entered(left.id, APPROVED)
    assert refused(lambda: api.expire(paid.id)).http_status == 400


def test_a_kept_card_is_charged_wants_its_holder_or_is_gone(acquirer: StripeAcquirer) -> None:
    keeps: dict[str, Any] = {"customer_creation": "always"}
    for number, card in enumerate((APPROVED, ASKS_HOLDER)):
        acquirer.account.entered(opened(acquirer, manual=False, key=f"s{number}", **keeps).id, card)
    plain, careful = acquirer.account.cards.values()
    api = client(acquirer).v1

    def charge(of: Any) -> Any:
        asked: Any = {"amount": 5000, "currency": "eur", "customer": of.customer, "payment_method": of.id}
        return api.payment_intents.create({**asked, "off_session": True, "confirm": True})

    customer = plain.customer
    assert charge(plain).status == "succeeded"
    asks = refused(lambda: charge(careful))
    assert (asks.http_status, asks.code) == (402, "authentication_required")
    listed = api.payment_intents.list({"customer": customer, "created": {"gte": int(time.time()) - 60}})
    assert [one.amount for one in listed.data] == [5000, 15000]
    api.payment_methods.detach(plain.id)
    assert refused(lambda: charge(plain)).http_status == 400
    assert refused(lambda: api.payment_methods.detach(plain.id)).http_status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"sucess_url": "https://shop/"},
        {"expires_at": int(time.time()) + 60},
        {"expires_at": int(time.time()) + 200_000},
        {"success_url": ""},
        {"mode": "setup"},
    ],
    ids=["unknown", "soon", "late", "nowhere", "mode"],
)
def test_what_the_api_would_not_open_is_not_opened(acquirer: StripeAcquirer, wrong: dict[str, Any]) -> None:
    assert refused(lambda: opened(acquirer, **wrong)).http_status == 400
    assert not acquirer.account.sessions


def test_nobody_else_is_let_in_and_nobody_sees_anothers(acquirer: StripeAcquirer) -> None:
    other = Account("acct_1Other", "sk_test_other")
    acquirer.accounts[other.key] = other
    session = opened(acquirer)

    assert isinstance(refused(client(acquirer, "sk_wrong").v1.accounts.retrieve_current), stripe.AuthenticationError)
    assert (
        refused(lambda: client(acquirer, other.key).v1.checkout.sessions.retrieve(session.id)).code
        == "resource_missing"
    )
    assert client(acquirer).v1.accounts.retrieve_current().id == "acct_1Own"


def test_an_event_is_signed_as_stripes_library_wants_it_and_a_dispute_is_answered(acquirer: StripeAcquirer) -> None:
    held(acquirer, manual=False)
    dispute = acquirer.account.dispute(next(iter(acquirer.account.intents.values())))
    body = acquirer.tells_of_dispute(dispute)

    header = signed("whsec_x", body, int(time.time()))
    event: Any = stripe.Webhook.construct_event(body, header, "whsec_x")

    assert (event.type, event.data.object.id) == ("charge.dispute.created", dispute.id)
    said = client(acquirer).v1.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "It was delivered."}, "submit": True}
    )
    assert said.status == "under_review"
    assert dispute.evidence == {"uncategorized_text": "It was delivered."}
