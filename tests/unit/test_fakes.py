"""What the fakes add for tests; what they have in common with the real adapters is in tests/contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.errors import TokenGone, Unavailable
from shared.domain.merchant import KeyKind
from shared.ports.messages import Message
from shared.ports.payments import Change
from shared.usecases.payment.start_payment import NewPayment, start_payment
from tools.testing.builders import MERCHANT, TEST, a_credential, a_payment, an_event, euro
from tools.testing.fakes import NOON, FakeFlow, FakeMessenger, FakePayments, FixedClock, SeededEntropy, world


def test_time_stands_still_until_it_is_moved() -> None:
    clock = FixedClock()

    assert clock() == clock() == NOON
    assert clock.advance(30) == clock() == NOON + timedelta(seconds=30)
    assert clock.advance(minutes=2) == NOON + timedelta(seconds=150)


def test_entropy_repeats_between_runs_and_never_within_one() -> None:
    first, second = SeededEntropy(7), SeededEntropy(7)
    drawn = [first(16) for _ in range(50)]

    assert drawn == [second(16) for _ in range(50)]
    assert len(set(drawn)) == 50


def test_built_objects_have_ids_of_their_own() -> None:
    made = [a_payment() for _ in range(50)]

    assert len({payment.id for payment in made}) == len({payment.page_id for payment in made}) == 50
    assert len({an_event().id for _ in range(50)}) == 50


def test_a_world_starts_a_payment() -> None:
    w = world()
    order = NewPayment(euro(10_00), "https://pages.example")

    started = start_payment(order, a_credential(kind=KeyKind.SECRET), world=w, seed=w.entropy(64))

    assert w.payments.all() == [replace(started.payment, version=1)]
    assert w.flow.starts == [(started.payment.id, 1)]
    assert w.books.load("page", started.payment.page_id)[0]["amount"] == 10_00


def test_a_world_takes_what_a_test_brings() -> None:
    flow, clock = FakeFlow(), FixedClock(NOON + timedelta(days=1))

    w = world(flow=flow, now=clock, checkout_seconds=5)

    assert (w.flow, w.now(), w.checkout_seconds) == (flow, clock(), 5)
    assert w.events is w.payments.events


def test_somebody_can_be_let_in_just_before_a_write() -> None:
    payments = FakePayments()
    payment = payments.add(a_payment())
    payments.meanwhile(lambda: payments.save(Change(replace(payment, card_tries=5))))

    current = payments.save(Change(replace(payment, card_tries=1)))

    assert current == replace(payment, card_tries=5, version=2)
    assert payments.save(Change(replace(current, card_tries=6))) is None


def test_a_flow_is_started_once_and_runs_until_it_ends() -> None:
    flow = FakeFlow()
    payment = a_payment()
    flow.start(payment.id, 1)
    flow.start(payment.id, 1)

    assert flow.starts == [(payment.id, 1)]
    assert flow.is_running(payment.id, 1)
    flow.end(payment.id, 1)
    flow.start(payment.id, 1)
    assert not flow.is_running(payment.id, 1)


def test_a_token_wakes_once() -> None:
    flow = FakeFlow()
    flow.wake("one", "captured")
    flow.forget("two")

    for token in ("one", "two"):
        with pytest.raises(TokenGone):
            flow.wake(token, "captured")
    assert flow.words() == ["captured"]


def test_a_flow_that_is_down_says_so() -> None:
    flow = FakeFlow()
    flow.is_down = True

    with pytest.raises(Unavailable):
        flow.start(a_payment().id, 1)


def test_a_message_is_sent_once_per_key() -> None:
    messenger = FakeMessenger()
    message = Message("receipt", "email", "anna@example.com", "Paid", "Thank you")
    for key in ("a", "a", "b"):
        messenger.send(message, MERCHANT, TEST, key)

    assert [sent.message for sent in messenger.sent] == [message, message]
