"""The Stripe connector at an engine that is not ours: localstripe, in a process of its own, and Stripe's library.

localstripe has no Checkout, keeps no keys, and refuses some fields that Stripe takes: a front takes those away, and
answers for a key what it answered before. What an intent comes to is the engine's alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import pytest
import requests
import stripe

from shared.adapters.card_gateways.stripe import StripeCardGateway
from shared.adapters.psp_http import PspHttp
from shared.adapters.settings import ConnectorSettings
from shared.adapters.wire_keys import wire_key
from shared.domain.card import CardPage
from shared.domain.decline import Decline
from shared.domain.errors import OutcomeUnknown
from shared.domain.ids import PageId
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.taking import pending
from tools.bench.localstripe import Unavailable, localstripe
from tools.testing.builders import MERCHANT, TEST, a_payment, euro
from tools.testing.fakes import NOON, FakeBooks, FakeCredentials, FixedClock
from tools.testing.far_sides.door import Door, Reply, Request

KEY: Final = "sk_test_localstripe"
# What Stripe takes and localstripe does not.
_TAKEN_AWAY: Final = (
    "expand",
    "cancellation_reason",
    "allowed_payment_method_types",
    "created",
    "error_on_requires_action",
)


class Front(Door):
    """What stands between: it keeps keys and the metadata of captures, as Stripe does."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.answered: dict[str, Reply] = {}
        self.metadata: dict[str, dict[str, str]] = {}
        super().__init__()

    def is_question(self, request: Request) -> bool | None:
        return request.method == "GET"

    def answer(self, request: Request) -> Reply:
        key = request.headers.get("idempotency-key", "")
        if key and key in self.answered:
            return self.answered[key]
        said = self._passed_on(request)
        if key:
            self.answered[key] = said
        return said

    def _passed_on(self, request: Request) -> Reply:
        form = dict(parse_qsl(request.body.decode() or request.query))
        kept = {name: value for name, value in form.items() if not name.startswith(_TAKEN_AWAY)}
        if request.path.endswith("/capture"):
            noted = {name[9:-1]: kept.pop(name) for name in list(kept) if name.startswith("metadata[")}
            self.metadata[request.path.split("/")[-2]] = noted
        headers = {"Authorization": request.headers["authorization"]}
        given: dict[str, Any] = {"params": kept} if request.method == "GET" else {"data": urlencode(kept)}
        if request.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        reply = requests.request(request.method, self.engine + request.path, headers=headers, timeout=60, **given)
        return Reply(reply.status_code, self._as_stripe(reply.json()))

    def _as_stripe(self, body: dict[str, Any]) -> bytes:
        if body.get("object") == "payment_intent":
            body["metadata"] = {**body.get("metadata", {}), **self.metadata.get(body["id"], {})}
            charge = body.get("latest_charge")
            body["latest_charge"] = charge["id"] if isinstance(charge, dict) else charge
        return json.dumps(body).encode()


class Shop:
    def __init__(self, engine: str) -> None:
        self.front = Front(engine)
        credentials = FakeCredentials()
        credentials.put(MERCHANT, TEST, "stripe", {"api_base": self.front.origin, "secret_key": KEY})
        http = PspHttp(allow_private=True, seconds=30)
        self.gateway = StripeCardGateway(ConnectorSettings(FakeBooks(), FixedClock(), credentials, http))
        self.stripe = stripe.StripeClient(KEY, base_addresses={"api": engine}, max_network_retries=0).v1

    def customer(self, number: str = "4242424242424242") -> tuple[str, str]:
        card: Any = {"number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123"}
        method = self.stripe.payment_methods.create({"type": "card", "card": card})
        customer = self.stripe.customers.create({"email": "ada@example.com"})
        self.stripe.payment_methods.attach(method.id, {"customer": customer.id})
        return customer.id, method.id

    def held(self) -> Payment:
        """A hold that a customer made elsewhere, on record here."""
        payment, (customer, method) = a_payment(gateway="stripe"), self.customer()
        asked: Any = {"customer": customer, "payment_method": method, "capture_method": "manual", "confirm": True}
        intent = self.stripe.payment_intents.create({"amount": 15000, "currency": "eur", **asked})
        assert intent.status == "requires_capture"
        made = pending(payment, Kind.PREAUTH, 1, payment.amount, NOON)
        page = CardPage(1, PageId("cs_1"), NOON)
        held = made.closed(Answer(State.SUCCEEDED, "00", reference=intent.id), NOON)
        return replace(payment, card_page=page).with_operation(held)

    def status(self, payment: Payment) -> str:
        reference = payment.operations[0].reference
        assert reference
        return str(self.stripe.payment_intents.retrieve(reference).status)


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    try:
        with localstripe("http://127.0.0.1:9/nobody") as engine:
            made = Shop(engine)
            yield made
            made.front.close()
    except Unavailable as missing:
        pytest.skip(f"nothing was shown at a Stripe that is not ours: {missing}")


def new(payment: Payment, kind: Kind, cents: int) -> Operation:
    return pending(payment, kind, len(payment.operations) + 1, euro(cents), NOON)


def test_a_part_is_captured_and_given_back_in_parts_that_are_found_again(shop: Shop) -> None:
    payment = shop.held()
    capture = new(payment, Kind.CAPTURE, 100_00)

    taken = shop.gateway.capture(payment, capture)

    assert (taken.state, shop.status(payment)) == (State.SUCCEEDED, "succeeded")
    payment = payment.with_operation(capture.closed(taken, NOON))
    for _ in range(2):
        refund = new(payment, Kind.REFUND, 30_00)
        answer = shop.gateway.refund(payment, refund)
        assert answer.succeeded
        assert shop.gateway.lookup(payment, refund) == answer
        payment = payment.with_operation(refund.closed(answer, NOON))
    listed = shop.stripe.refunds.list({"payment_intent": str(payment.operations[0].reference)}).data
    keys = {wire_key(payment, one.key) for one in payment.operations if one.kind is Kind.REFUND}
    assert {one.metadata["operation"] for one in listed if one.metadata and "operation" in one.metadata} == keys
    assert shop.gateway.lookup(payment, new(payment, Kind.REFUND, 1_00)) is None


def test_a_hold_is_cancelled_and_a_yes_to_a_capture_after_that_is_not_believed(shop: Shop) -> None:
    payment = shop.held()

    assert shop.gateway.void(payment, new(payment, Kind.VOID, 150_00)).succeeded

    assert shop.status(payment) == "canceled"
    with pytest.raises(OutcomeUnknown):  # where Stripe refuses, this engine says 200 and shows a cancelled intent
        shop.gateway.capture(payment, new(payment, Kind.CAPTURE, 150_00))


def test_a_kept_card_is_charged_declined_and_forgotten(shop: Shop) -> None:
    payment = a_payment(gateway="stripe", saved_card=1)
    customer, method = shop.customer()
    token = json.dumps({"customer": customer, "method": method, "network": ""})

    charged = shop.gateway.charge(payment, new(payment, Kind.SALE, 5_00), token)

    assert charged.succeeded
    assert charged.reference
    assert shop.stripe.payment_intents.retrieve(charged.reference).amount == 500
    customer, method = shop.customer("4000000000000341")
    other = a_payment(gateway="stripe", saved_card=1)
    token = json.dumps({"customer": customer, "method": method, "network": ""})
    declined = shop.gateway.charge(other, new(other, Kind.SALE, 5_00), token)
    assert (declined.state, declined.reason) == (State.REFUSED, Decline.CARD_DECLINED)
