"""One request, one payment: whoever repeats it, and on whatever day."""

from __future__ import annotations

from shared.domain.merchant import Credential
from shared.usecases.payment.start_payment import NewPayment, Started, start_payment
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
