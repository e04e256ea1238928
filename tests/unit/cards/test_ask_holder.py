"""A bank that wants the holder of a saved card: who had it charged, and where its holder is led."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.card import Initiator
from shared.domain.payment import Mode, Payment, Status
from shared.usecases.card.ask_holder import page_for_holder
from tests.unit.cards.customer import ADA, Customer
from tests.unit.usecases.moody import is_down
from tests.unit.usecases.till import CAPTURE_FAILS
from tools.testing.builders import a_credential

ASKS_HOLDER = "4000002760003184"
SEED = bytes(range(64))


@pytest.fixture
def customer() -> Customer:
    return Customer()


def page(customer: Customer, charged: Payment, seed: bytes = SEED) -> Payment | None:
    return page_for_holder(charged, a_credential(), world=customer.world, seed=seed)


def test_a_charge_says_who_had_it_made(customer: Customer) -> None:
    (card,) = customer.has()

    assert customer.pays(card).initiator is Initiator.CUSTOMER
    assert customer.pays(card, initiator=Initiator.MERCHANT).initiator is Initiator.MERCHANT
    assert customer.payment.initiator is Initiator.MERCHANT


def test_a_bank_that_wants_the_holder_refuses_and_its_holder_pays_the_same_on_a_page(customer: Customer) -> None:
    (card,) = customer.has(ASKS_HOLDER)
    charged = customer.pays(card)
    assert charged.failure is not None
    assert (charged.status, charged.failure.code) == (Status.FAILED, "authentication_required")

    made = page(customer, charged)

    assert made is not None
    assert made.redirect_url
    assert (made.mode, made.status, made.customer_id) == (Mode.SALE_DIRECT, Status.PENDING, ADA)
    assert (made.amount, made.description, made.email) == (charged.amount, charged.description, charged.email)
    assert made.saved_card is None
    customer.id = made.id
    customer.pay_by_card()
    assert customer.payment.status is Status.SUCCESS
    assert charged.status is Status.FAILED


def test_the_same_call_finds_the_same_page_and_another_makes_another(customer: Customer) -> None:
    charged = customer.pays(customer.has(ASKS_HOLDER)[0])

    first, again, other = (page(customer, charged, seed) for seed in (SEED, SEED, SEED[::-1]))

    assert first is not None
    assert again is not None
    assert other is not None
    assert first.id == again.id != other.id


def test_any_other_decline_has_no_page(customer: Customer) -> None:
    assert page(customer, customer.pays(customer.has(CAPTURE_FAILS)[0])) is None
    assert page(customer, replace(customer.pays(customer.has()[0]))) is None


def test_a_gateway_that_opens_no_page_leaves_the_decline_as_it_is(customer: Customer) -> None:
    charged = customer.pays(customer.has(ASKS_HOLDER)[0])
    customer.moods["open_page"] = is_down

    assert page(customer, charged) is None
