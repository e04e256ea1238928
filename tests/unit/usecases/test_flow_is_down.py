"""The state machine service is down: what is written stays written, and housekeeping makes up for the rest."""

from __future__ import annotations

from shared.adapters.card_gateways.sandbox_page import SandboxCardPage
from shared.domain.card_data import CardData
from shared.domain.payment import Status, Wait
from shared.usecases.flow.park import park
from shared.usecases.housekeeping.look_after_payments import sweep
from shared.usecases.payment.record_card_outcome import record_card_outcome
from shared.usecases.payment.start_payment import NewPayment, start_payment
from tools.testing.builders import a_credential, euro
from tools.testing.fakes import FakeFlow, FixedClock, world


def test_a_payment_is_created_and_its_flow_started_a_minute_later() -> None:
    clock, flow = FixedClock(), FakeFlow()
    gateway = world(now=clock, flow=flow)
    flow.is_down = True

    payment = start_payment(
        NewPayment(euro(150_00), "https://pages.example"), a_credential(), world=gateway, seed=bytes(64)
    ).payment
    assert gateway.payments.get(payment.id).status is Status.PENDING

    flow.is_down = False
    clock.advance(61)
    sweep(10, world=gateway)
    assert any(flow.is_running(payment.id, number) for number in (1, 2))


def test_an_outcome_is_recorded_and_the_machine_woken_a_minute_later() -> None:
    clock, flow = FixedClock(), FakeFlow()
    gateway = world(now=clock, flow=flow)
    order = NewPayment(euro(150_00), "https://pages.example")
    payment = start_payment(order, a_credential(), world=gateway, seed=bytes(64)).payment
    park(payment.id, Wait.PREAUTH, "token", world=gateway)
    SandboxCardPage(gateway.books, clock).submit(
        payment.page_id, CardData("4242424242424242", "Ada", 12, 2030, "123")
    )

    flow.is_down = True
    assert record_card_outcome(payment.id, world=gateway).status is Status.CARD_PREAUTH_SUCCESS
    assert flow.words() == []

    flow.is_down = False
    clock.advance(61)
    sweep(10, world=gateway)
    assert flow.words() == ["preauthorized"]
