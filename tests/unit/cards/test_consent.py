"""Consent to a card being saved: what the customer said on our page counts, elsewhere the merchant's word does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.card_data import CardData
from shared.domain.consent import Consent
from shared.domain.errors import Conflict
from shared.domain.payment import Mode, Payment
from tests.unit.cards.customer import Customer
from tests.unit.usecases.till import VISA
from tools.testing.builders import euro
from tools.testing.fakes import NOON

CHALLENGED = "4000002500003155"
DECLINED = "4000000000000002"


@pytest.fixture
def customer() -> Customer:
    return Customer()


def consent(*, given: bool) -> Consent:
    return Consent(given, "2026-11", "it", NOON)


def says(customer: Customer, said: Consent | None, number: str = VISA, payment: Payment | None = None) -> Payment:
    payment = payment or customer.open(euro(20_00), Mode.SALE_WITH_TOKENIZATION)
    customer.page.submit(payment.page_id, CardData(number, "Ada", 12, 2030, "123"), consent=said)
    return customer.hear()


def token_of(customer: Customer, payment: Payment) -> Any:
    return customer.world.gateways.card(payment).page_outcome(payment).token


def test_a_yes_is_kept_with_its_words_and_its_time_and_saves_the_card(customer: Customer) -> None:
    payment = says(customer, consent(given=True))
    assert payment.consent == consent(given=True)
    customer.world.now.advance(hours=3)

    card = customer.saves(payment)
    assert (card.consent, card.consent_at) == (consent(given=True), NOON)


def test_after_a_no_the_card_is_not_saved_and_the_gateway_makes_no_token(customer: Customer) -> None:
    payment = says(customer, consent(given=False))
    assert (payment.status, payment.consent) == ("SUCCESS", consent(given=False))
    assert token_of(customer, payment) is None

    with pytest.raises(Conflict) as refused:
        customer.saves(payment)
    assert refused.value.error_code == "no_consent"
    assert customer.wallet.cards == ()


def test_where_no_page_of_ours_asked_the_call_is_the_merchants_word(customer: Customer) -> None:
    payment = says(customer, None)
    customer.world.now.advance(hours=3)

    card = customer.saves(payment)
    assert (card.consent, card.consent_at) == (None, NOON + timedelta(hours=3))


def test_what_was_said_with_the_card_that_was_accepted_counts(customer: Customer) -> None:
    payment = says(customer, consent(given=False), DECLINED)
    assert payment.consent is None
    payment = says(customer, consent(given=True), VISA, payment)

    assert payment.consent == consent(given=True)


def test_the_banks_question_in_between_changes_nothing(customer: Customer) -> None:
    payment = says(customer, consent(given=False), CHALLENGED)
    customer.page.challenge(payment.page_id, "123456")
    payment = customer.hear()

    assert (payment.status, payment.consent) == ("SUCCESS", consent(given=False))


def test_a_payment_that_saves_no_card_keeps_no_consent(customer: Customer) -> None:
    payment = customer.open(euro(20_00), Mode.SALE_DIRECT)

    assert says(customer, consent(given=True), VISA, payment).consent is None
