"""A bell: whatever it says, the gateway is asked, and only about payments of the connector that rang."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.ids import MerchantId
from shared.domain.merchant import OwnConnector
from shared.domain.payment import Environment, Payment, Status
from shared.domain.psp_reference import PspReference
from shared.ports.inbound import Told
from shared.ports.payments import Change
from shared.usecases.payment.hear_bell import hear_bell
from tests.unit.usecases.till import Till
from tools.testing.builders import MERCHANT, TEST
from tools.testing.fakes import FakeBells

OWN = OwnConnector(MERCHANT, TEST, "sandbox")


class Bell(Till):
    """A payment at the sandbox, whose page is paid while nobody brings the news."""

    def __init__(self) -> None:
        super().__init__()
        self.bells = FakeBells()
        self.open()

    def rings(self, told: Told | None = None, own: OwnConnector = OWN) -> Payment | None:
        return hear_bell(told or Told((self.id,)), own, world=self.world, bells=self.bells)

    def known_as(self, number: str) -> None:
        known = frozenset({PspReference("sandbox", number)})
        assert self.world.payments.save(Change(self.payment, references=known)) is None


def test_what_a_bell_says_is_not_believed_and_what_the_gateway_says_is_recorded() -> None:
    bell = Bell()
    heard = bell.rings()
    assert heard is not None
    assert heard.status is Status.PENDING

    bell.enter_card()
    bell.world.now.advance(3)
    heard = bell.rings()

    assert heard is not None
    assert heard.status is Status.CARD_PREAUTH_SUCCESS


def test_ringing_again_changes_nothing() -> None:
    bell = Bell()
    bell.enter_card()
    bell.rings()
    before, told = bell.payment, len(bell.world.events.told)

    for _ in range(3):
        bell.world.now.advance(3)
        bell.rings()

    assert (bell.payment, len(bell.world.events.told)) == (before, told)


def test_within_three_seconds_the_gateway_is_not_asked_again() -> None:
    bell = Bell()
    bell.rings()
    bell.enter_card()
    bell.world.now.advance(2.9)

    heard = bell.rings()

    assert heard is not None
    assert heard.status is Status.PENDING
    assert bell.payment.status is Status.PENDING


def test_a_payment_is_meant_by_the_gateways_own_numbers_too() -> None:
    bell = Bell()
    bell.known_as("N-1")
    bell.enter_card()

    heard = bell.rings(Told(operations=("N-0", "N-1")))

    assert heard is not None
    assert heard.status is Status.CARD_PREAUTH_SUCCESS


@pytest.mark.parametrize(
    "own",
    [
        replace(OWN, merchant_id=MerchantId("m_other")),
        replace(OWN, environment=Environment.LIVE),
        replace(OWN, name="another"),
    ],
)
def test_nobody_elses_payment_is_meant(own: OwnConnector) -> None:
    bell = Bell()
    bell.known_as("N-1")

    assert bell.rings(own=own) is None
    assert bell.rings(Told(operations=("N-1",)), own) is None


@pytest.mark.parametrize("number", ["", "TXN_20260302_NOBODYMADETHISON", "é", "x" * 3000, "#"])
def test_what_nobody_knows_is_nothing(number: str) -> None:
    assert Bell().rings(Told((number,), (number,))) is None
