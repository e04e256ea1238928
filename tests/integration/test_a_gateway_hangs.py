"""An acquirer that takes every call and answers none: whose payments wait for it, and whose do not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from shared.adapters.circuit import FAILURES, REST, Circuits
from shared.adapters.connectors import Connectors
from shared.domain.card import CardPage
from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.ids import MerchantId
from shared.domain.operation import Kind, Operation, State
from shared.domain.payment import Payment, Status
from shared.domain.taking import pending
from shared.ports.connectors import PageRequest
from shared.usecases.housekeeping.look_after_payments import sweep
from shared.usecases.housekeeping.sweeping import ABREAST, Shift, Swept
from tools.testing.builders import MERCHANT, TEST, a_payment, euro
from tools.testing.fakes import NOON, FakeCredentials, FakeWorld, world
from tools.testing.far_sides.igfs.side import IgfsSide
from tools.testing.far_sides.switch import Damage, Fault

HUNG = Fault(Damage.SLOW, question=True)
PATIENCE = 0.8  # seconds
OTHER = MerchantId("m_other")


@dataclass
class Town:
    """Two merchants with an acquirer each, one world, and payments that their customers have paid for unheard."""

    hung: IgfsSide
    fine: IgfsSide
    world: FakeWorld
    connectors: dict[MerchantId, Connectors]

    def paid(self, side: IgfsSide, merchant: MerchantId, number: int) -> Payment:
        payment = a_payment(
            id=f"TXN_{merchant}_{number}", gateway="igfs", merchant_id=merchant, due_at=self.world.now()
        )
        page = self.world.gateways.card(payment).open_page(
            PageRequest(
                payment, payment.page_id, sale=False, tokenize=False, return_url="https://gateway.example/return"
            )
        )
        kept = CardPage(1, page.page_id, NOON, page.url, dict(page.handle))
        payment = replace(payment, page_id=page.page_id, card_page=kept, version=0)
        assert side.approve(payment)
        return self.world.payments.add(payment)

    def state(self, payment: Payment) -> Status:
        return self.world.payments.get(payment.id).status

    def housekeeping(self) -> tuple[Swept, float]:
        self.world.now.advance(seconds=61)
        began = time.monotonic()
        swept = sweep(100, world=self.world, shift=Shift(self.world.now, ABREAST))
        return swept, time.monotonic() - began


class ByMerchant:
    """The port ``Gateways``: both merchants are at IGFS, each with an acquirer of its own."""

    def __init__(self, of: dict[MerchantId, Connectors]) -> None:
        self.of = of

    def __getattr__(self, role: str) -> Any:
        return lambda owner: getattr(self.of[owner.merchant_id], role)(owner)


@pytest.fixture
def town() -> Iterator[Town]:
    hung, fine = IgfsSide(), IgfsSide()
    hung.switch.patience = PATIENCE
    settings = {MERCHANT: hung.settings, OTHER: fine.settings}
    made = world()
    circuits = Circuits(made.now)
    connectors = {name: Connectors(replace(its, circuits=circuits)) for name, its in settings.items()}
    known = fine.settings.credentials
    assert isinstance(known, FakeCredentials)
    known.put(OTHER, TEST, "igfs", known.of(MERCHANT, TEST, "igfs"))
    yield Town(hung, fine, replace(made, gateways=ByMerchant(connectors)), connectors)
    hung.close()
    fine.close()


def test_the_payments_of_everybody_else_are_looked_after_meanwhile(town: Town) -> None:
    waiting = [town.paid(town.hung, MERCHANT, number) for number in range(30)]
    others = [town.paid(town.fine, OTHER, number) for number in range(6)]

    with town.hung.switch.at(HUNG):
        swept, seconds = town.housekeeping()

    assert swept.looked == 36
    assert {town.state(payment) for payment in others} == {Status.CARD_PREAUTH_SUCCESS}
    assert {town.state(payment) for payment in waiting} == {Status.PENDING}
    one_after_another = len(waiting) * PATIENCE
    assert seconds < one_after_another / 2


def test_it_is_not_called_for_every_payment_and_decides_none_and_all_are_recorded_when_it_is_back(town: Town) -> None:
    waiting = [town.paid(town.hung, MERCHANT, number) for number in range(30)]
    with town.hung.switch.at(HUNG):
        before = len(town.hung.acquirer.asked)
        town.housekeeping()
        asked = len(town.hung.acquirer.asked) - before

    assert FAILURES <= asked < 2 * FAILURES
    assert {town.state(payment) for payment in waiting} == {Status.PENDING}
    assert all(not town.world.payments.get(payment.id).operations for payment in waiting)

    for _ in range(8):
        town.housekeeping()
    assert {town.state(payment) for payment in waiting} == {Status.CARD_PREAUTH_SUCCESS}


def test_a_capture_that_was_not_sent_for_it_is_open_and_is_made_once_afterwards(town: Town) -> None:
    payment = town.paid(town.hung, MERCHANT, 1)
    gateway = town.connectors[MERCHANT].card(payment)
    said = gateway.page_outcome(payment)
    held = payment.with_operation(
        replace(_operation(payment, Kind.PREAUTH), state=State.SUCCEEDED, reference=said.reference)
    )
    capture = _operation(payment, Kind.CAPTURE)
    with town.hung.switch.at(Fault(Damage.SLOW)):
        for _ in range(FAILURES):
            with pytest.raises(OutcomeUnknown):
                gateway.capture(held, capture)
    with pytest.raises(Unavailable) as raised:
        gateway.capture(held, capture)
    assert raised.value.error_code == "gateway_unavailable"
    assert town.hung.book(payment).captured == euro(0)

    town.world.now.advance(seconds=REST.total_seconds())

    assert gateway.lookup(held, capture) is None
    assert gateway.capture(held, capture).state is State.SUCCEEDED
    assert town.hung.book(payment).captured == payment.amount


def _operation(payment: Payment, kind: Kind) -> Operation:
    return pending(payment, kind, 1, payment.amount, NOON)
