"""Charging a saved card: once, whatever is lost on the way, and only for whom it was saved."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.card_data import CardData
from shared.domain.decline import Decline
from shared.domain.errors import IllegalTransition, NotFound, StaleWrite, Unavailable, Unprocessable
from shared.domain.ids import MerchantId
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Environment, Failure, Payment, Status, Tender
from shared.domain.saved_card import SavedCard
from shared.families.payglobe.notices import FORMATS
from shared.ports.payments import Change
from shared.usecases.card.charge_card import close_charge
from shared.usecases.payment.record_card_outcome import record_card_outcome
from tests.unit.cards.customer import ADA, Customer
from tests.unit.usecases.moody import is_down, is_pending, says_nothing
from tests.unit.usecases.till import ANSWER_LOST, CAPTURE_FAILS, VISA
from tools.testing.builders import a_credential, a_merchant
from tools.testing.fakes import NOON

SEED = bytes(range(64))


@pytest.fixture
def customer() -> Customer:
    return Customer()


@pytest.fixture
def card(customer: Customer) -> SavedCard:
    return customer.has()[0]


def uses(customer: Customer) -> int:
    return customer.wallet.cards[0].usage_count


def events_of(customer: Customer, payment: Payment) -> list[str]:
    return [str(FORMATS["event"].name(event)) for event in customer.world.events.told if event.subject == payment.id]


class TestCharge:
    def test_is_a_payment_with_one_sale(self, customer: Customer, card: SavedCard) -> None:
        payment = customer.pays(card)

        assert payment == customer.payment
        assert payment.id.startswith("TKN_")
        assert (payment.status, payment.completed_at, payment.due_at) == (Status.SUCCESS, NOON, None)
        assert [(op.kind, op.state) for op in payment.operations] == [(Kind.SALE, State.SUCCEEDED)]
        assert customer.in_book()[:2] == (0, 50_00)
        assert events_of(customer, payment) == ["payment_intent.succeeded", "checkout.session.completed"]
        assert customer.machines.states == []

    def test_is_counted_with_its_time(self, customer: Customer, card: SavedCard) -> None:
        customer.pays(card)
        customer.world.now.advance(hours=1)
        customer.pays(card)

        used = customer.wallet.card(card.number)
        assert (used.usage_count, used.last_used_at) == (2, customer.world.now())

    def test_operation_is_written_before_it_is_sent(self, customer: Customer, card: SavedCard) -> None:
        seen: list[State] = []

        def look(payment: Payment, operation: object, token: str) -> Answer:
            seen.append(customer.world.payments.get(payment.id).operations[0].state)
            return Answer(State.SUCCEEDED)

        customer.moods["charge"] = look
        customer.pays(card)

        assert seen == [State.PENDING]

    def test_decline_fails_the_payment_and_uses_nothing(self, customer: Customer) -> None:
        (card,) = customer.has(CAPTURE_FAILS)
        payment = customer.pays(card)

        assert payment.status is Status.FAILED
        assert payment.failure is not None
        assert (payment.failure.code, payment.failure.message) == ("card_declined", "Card declined")
        assert uses(customer) == 0
        assert events_of(customer, payment) == ["payment_intent.payment_failed", "checkout.session.completed"]

    def test_a_decline_says_why_in_our_words(self, customer: Customer, card: SavedCard) -> None:
        said = Answer(State.REFUSED, "116", "NOT SUFFICIENT FUNDS", reason=Decline.INSUFFICIENT_FUNDS)
        customer.moods["charge"] = lambda *given: said

        payment = customer.pays(card)

        assert payment.failure == Failure("insufficient_funds", Decline.INSUFFICIENT_FUNDS.text)
        assert payment.operations[0].message == "NOT SUFFICIENT FUNDS"

    def test_is_refunded_like_any_payment(self, customer: Customer, card: SavedCard) -> None:
        customer.pays(card)
        customer.refund()

        assert customer.payment.status is Status.REFUNDED
        assert customer.in_book()[4] == 50_00

    def test_nothing_can_be_chosen(self, customer: Customer, card: SavedCard) -> None:
        customer.pays(card)

        for tender in (Tender.CARD_ONLY, Tender.CAPTURE, Tender.VOID):
            with pytest.raises(IllegalTransition):
                customer.choose(tender)

    def test_page_number_of_a_charge_leads_to_no_second_sale_and_no_refund(
        self, customer: Customer, card: SavedCard
    ) -> None:
        payment = customer.pays(card)
        customer.page.submit(payment.page_id, CardData(VISA, "Eve", 12, 2030, "123"))
        record_card_outcome(payment.id, world=customer.world)

        assert customer.payment == payment
        assert customer.in_book() == (0, 50_00, 0, 0, 0)


class TestWhoMay:
    def test_other_customers_and_unknown_cards_are_not_there(self, customer: Customer, card: SavedCard) -> None:
        with pytest.raises(NotFound):
            customer.pays(card, "cust_bob")
        customer.deletes(card)
        with pytest.raises(NotFound):
            customer.pays(card)

    @pytest.mark.parametrize(
        "changes", [{"merchant": a_merchant(id=MerchantId("m_other"))}, {"environment": Environment.LIVE}]
    )
    def test_other_merchants_and_the_live_environment_do_not_see_it(
        self, customer: Customer, card: SavedCard, changes: dict[str, Any]
    ) -> None:
        with pytest.raises(NotFound):
            customer.pays(card, credential=a_credential(**changes))
        assert customer.sent("charge") == 0

    def test_card_is_good_until_the_end_of_its_month(self, customer: Customer) -> None:
        card = customer.saves(customer.buys(expiry=(3, 2026)))
        customer.world.now.advance(days=29)
        assert customer.pays(card).status is Status.SUCCESS

        customer.world.now.advance(days=1)
        with pytest.raises(Unprocessable) as refused:
            customer.pays(card)
        assert refused.value.error_code == "card_expired"
        assert customer.wallet.cards[0].is_expired(customer.world.now())

    def test_vault_that_is_down_leaves_nothing_behind(self, customer: Customer, card: SavedCard) -> None:
        before = len(customer.world.payments.all())
        customer.vault.down = True

        with pytest.raises(Unavailable):
            customer.pays(card)
        assert len(customer.world.payments.all()) == before

    def test_token_deleted_at_the_gateway_behind_our_back_is_a_decline(
        self, customer: Customer, card: SavedCard
    ) -> None:
        token = customer.vault.open(card.sealed, card.context)
        customer.world.gateways.card(card).delete_token(card, token)

        assert customer.pays(card).status is Status.FAILED

    def test_gateway_takes_no_token_from_another_merchant(self, customer: Customer, card: SavedCard) -> None:
        payment = customer.pays(card)
        token = customer.vault.open(card.sealed, card.context)
        stranger = customer.change(merchant_id=MerchantId("m_other"), page_id="PAYOTHER")
        answer = customer.gateways.inner.card(stranger).charge(stranger, payment.operations[0], token)

        assert answer.state is State.REFUSED


class TestLostAnswer:
    def test_is_pending_and_found_by_housekeeping(self, customer: Customer) -> None:
        (card,) = customer.has(ANSWER_LOST)
        payment = customer.pays(card)
        assert (payment.status, payment.operations[0].state) == (Status.PROCESSING, State.UNKNOWN)
        assert uses(customer) == 0

        customer.world.now.advance(minutes=1)
        customer.housekeeping()
        assert customer.payment.status is Status.SUCCESS
        assert (uses(customer), customer.calls("SALE"), customer.sent("charge")) == (1, 1, 1)
        assert customer.payment.due_at is None

    def test_same_key_again_asks_and_sends_nothing(self, customer: Customer) -> None:
        (card,) = customer.has(ANSWER_LOST)
        first = customer.pays(card, seed=SEED)
        second = customer.pays(card, seed=SEED, repeated=True)

        assert (second.id, second.status) == (first.id, Status.SUCCESS)
        assert (customer.sent("charge"), uses(customer)) == (1, 1)

    def test_gateway_that_says_pending_is_asked_on(self, customer: Customer, card: SavedCard) -> None:
        customer.moods.update(charge=is_pending, lookup=is_pending)
        customer.pays(card)
        for _ in range(5):
            customer.world.now.advance(hours=1)
            customer.housekeeping()
        assert customer.payment.status is Status.PROCESSING

        customer.moods["lookup"] = lambda *_: Answer(State.SUCCEEDED, "00")
        customer.world.now.advance(hours=1)
        assert customer.tidy().status is Status.SUCCESS

    def test_charge_the_gateway_never_heard_of_fails_once_its_sender_is_gone(
        self, customer: Customer, card: SavedCard
    ) -> None:
        customer.moods["charge"] = says_nothing
        customer.pays(card, seed=SEED)
        customer.world.now.advance(seconds=30)
        assert customer.pays(card, seed=SEED, repeated=True).status is Status.PROCESSING

        customer.world.now.advance(seconds=90)
        customer.housekeeping()
        assert customer.payment.status is Status.FAILED
        assert customer.payment.failure is not None
        assert customer.payment.failure.code == "not_sent"
        assert (customer.sent("charge"), uses(customer)) == (1, 0)

    def test_gateway_that_is_down_fails_the_payment_at_once(self, customer: Customer, card: SavedCard) -> None:
        customer.moods["charge"] = is_down
        payment = customer.pays(card)

        assert payment.status is Status.FAILED
        assert payment.failure is not None
        assert payment.failure.code == "not_sent"

    def test_call_that_died_before_sending_is_left_to_whoever_asks_later(
        self, customer: Customer, card: SavedCard
    ) -> None:
        def die(*given: Any) -> Answer:
            raise KeyboardInterrupt

        customer.moods["charge"] = die
        with pytest.raises(KeyboardInterrupt):
            customer.pays(card, seed=SEED)
        customer.moods.clear()
        assert customer.pays(card, seed=SEED, repeated=True).status is Status.PROCESSING  # perhaps sending still
        assert customer.sent("lookup") == 0

        customer.world.now.advance(seconds=61)
        assert customer.pays(card, seed=SEED, repeated=True).status is Status.FAILED
        assert customer.sent("charge") == 1

    def test_same_key_finds_its_charge_though_the_card_is_gone(self, customer: Customer, card: SavedCard) -> None:
        payment = customer.pays(card, seed=SEED)
        customer.deletes(card)

        assert customer.pays(card, seed=SEED, repeated=True) == payment

    def test_same_key_of_another_merchant_finds_nothing(self, customer: Customer, card: SavedCard) -> None:
        customer.pays(card, seed=SEED)
        stranger = a_credential(merchant=a_merchant(id=MerchantId("m_other")))

        with pytest.raises(NotFound):
            customer.pays(card, credential=stranger, seed=SEED, repeated=True)

    def test_two_charges_that_drew_one_number_are_not_mistaken_for_each_other(
        self, customer: Customer, card: SavedCard
    ) -> None:
        customer.pays(card, seed=SEED)

        with pytest.raises(Unavailable):
            customer.pays(card, seed=SEED[:8] + bytes(56))
        assert customer.sent("charge") == 1

    def test_call_that_died_before_writing_is_made_anew(self, customer: Customer, card: SavedCard) -> None:
        assert customer.pays(card, seed=SEED, repeated=True).status is Status.SUCCESS

    def test_answer_that_two_bring_at_once_is_counted_once(self, customer: Customer) -> None:
        (card,) = customer.has(ANSWER_LOST)
        customer.pays(card)
        customer.world.now.advance(minutes=1)
        customer.world.payments.meanwhile(customer.housekeeping)
        customer.housekeeping()

        assert uses(customer) == 1
        assert events_of(customer, customer.payment) == ["payment_intent.succeeded", "checkout.session.completed"]

    def test_answer_that_cannot_be_written_down_is_pending_and_no_error(
        self, customer: Customer, card: SavedCard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def is_congested(change: Change) -> Payment | None:
            raise StaleWrite("busy")

        with monkeypatch.context() as bad_day:
            bad_day.setattr(customer.world.payments, "save", is_congested)
            assert customer.pays(card).status is Status.PROCESSING
        customer.world.now.advance(minutes=2)

        assert customer.tidy().status is Status.SUCCESS
        assert (customer.sent("charge"), uses(customer)) == (1, 1)

    def test_charge_that_is_closed_stays_as_it_is_whatever_comes_later(
        self, customer: Customer, card: SavedCard
    ) -> None:
        payment = customer.pays(card)
        for answer in (Answer(State.SUCCEEDED), Answer(State.REFUSED, "05"), Answer(State.UNKNOWN)):
            assert close_charge(payment, payment.operations[0].key, answer, world=customer.world) == payment
        assert (uses(customer), len(events_of(customer, payment))) == (1, 2)

    def test_card_deleted_meanwhile_changes_nothing_about_the_charge(self, customer: Customer) -> None:
        (card,) = customer.has(ANSWER_LOST)
        customer.pays(card)
        customer.deletes(card, ADA)
        customer.world.now.advance(minutes=1)
        customer.housekeeping()

        assert customer.payment.status is Status.SUCCESS
