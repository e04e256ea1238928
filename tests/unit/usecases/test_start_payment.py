"""One request, one payment: whoever repeats it, and on whatever day."""

from __future__ import annotations

from typing import Any

from shared.domain import ids
from shared.domain.ids import OrderId, PaymentId
from shared.domain.merchant import Credential
from shared.usecases.payment.start_payment import NewPayment, Started, start_payment
from tests.unit.usecases.till import Till
from tools.testing.builders import a_credential, a_merchant, euro
from tools.testing.fakes import world
from tools.testing.fakes.world import FakeWorld

SEED = bytes(range(64))


def started(at: FakeWorld, *, repeated: bool = False, credential: Credential | None = None) -> Started:
    order = NewPayment(euro(150_00), "https://pages.example")
    return start_payment(order, credential or a_credential(), world=at, seed=SEED, repeated=repeated)


def test_request_repeated_after_midnight_finds_the_payment_of_the_day_before() -> None:
    gateway = world()
    first = started(gateway)
    gateway.now.advance(hours=16)

    again = started(gateway, repeated=True)

    assert (again.payment.id, again.client_secret) == (first.payment.id, first.client_secret)
    assert gateway.now().date() > first.payment.created_at.date()
    assert len(gateway.payments.all()) == 1


def test_request_that_died_before_it_wrote_anything_is_begun_anew() -> None:
    gateway = world()

    payment = started(gateway, repeated=True).payment

    assert [stored.id for stored in gateway.payments.all()] == [payment.id]


def test_another_merchants_payment_is_never_handed_out() -> None:
    gateway = world()
    theirs = started(gateway, credential=a_credential(merchant=a_merchant(id="m_other"))).payment
    gateway.now.advance(hours=16)

    ours = started(gateway, repeated=True).payment

    assert ours.id != theirs.id
    assert ours.merchant_id != theirs.merchant_id


def test_a_payment_carries_what_its_family_gave_it_and_its_events_do_too() -> None:
    till = Till()
    told: dict[str, Any] = {"family": "toy", "reference": "R-1", "order_id": OrderId("order_1"), "method": "ideal"}
    payment = till.open(
        **told, family_data={"purpose": "P1"}, new_id=lambda now, seed: PaymentId(f"payt_{seed[:4].hex()}")
    )
    till.pay_by_card()

    assert payment.id == "payt_01010101"
    assert {name: getattr(payment, name) for name in told} == told
    events = [event for event in till.world.events.told if event.facts.payment]
    assert events
    for event in events:
        facts = event.facts.payment
        assert facts is not None
        assert event.family == "toy"
        assert (facts.reference, facts.order_id, facts.method) == ("R-1", "order_1", "ideal")
        assert facts.family_data == {"purpose": "P1"}


def test_a_payment_without_a_family_is_of_the_first_one() -> None:
    payment = Till().open()

    assert (payment.family, payment.reference, payment.order_id, payment.method) == ("payglobe", "", None, "")


def test_a_refund_is_named_after_its_payment_where_that_one_is_nothing_but_unguessable() -> None:
    dated, plain = PaymentId("TXN_20260302_AAAAAAAAAAAAAAAA"), PaymentId("payt_abcdefghijklmnop")

    assert ids.refund_id_of(dated, bytes(64)) == ids.refund_id(bytes(64))
    assert ids.refund_id_of(plain, bytes(64)) == "refund_abcdefghijklmnopaaaaaaaa"
    assert ids.payment_of_refund(ids.refund_id_of(plain, bytes(64))) == plain
    assert ids.payment_of_refund(ids.refund_id(bytes(64))) is None
