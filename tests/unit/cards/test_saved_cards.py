"""Saving, listing, choosing and deleting cards, and which of them are one card."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.errors import (
    Conflict,
    IllegalTransition,
    InvalidRequest,
    NotFound,
    Unavailable,
    Unprocessable,
)
from shared.domain.gateway_name import as_printed, name_asked_for
from shared.domain.ids import fingerprint
from shared.domain.operation import Answer, State
from shared.domain.payment import Environment, Mode, Status
from shared.domain.saved_card import MOST_CARDS
from shared.ports.cards import WalletChange
from tests.unit.cards.customer import ADA, Customer
from tests.unit.usecases.moody import is_down, says_nothing
from tests.unit.usecases.till import VISA
from tools.testing.builders import euro
from tools.testing.fakes import NOON

MASTERCARD, AMEX = "5555555555554444", "378282246310005"


@pytest.fixture
def customer() -> Customer:
    return Customer()


def marks(customer: Customer) -> set[str]:
    return {discard.card.token_mark for discard in customer.cards.discards.values()}


class TestSaving:
    def test_first_card_is_the_default_and_consent_has_its_time(self, customer: Customer) -> None:
        (card,) = customer.has()

        assert (card.number, card.alias, card.expiry, card.consent_at) == (1, "VISA ****4242", "12/30", NOON)
        assert customer.wallet.default == 1
        assert (card.usage_count, card.last_used_at) == (0, None)

    def test_token_is_sealed_for_merchant_environment_and_card_and_not_kept_with_the_payment(
        self, customer: Customer
    ) -> None:
        payment = customer.buys()
        token = customer.world.gateways.card(payment).page_outcome(payment).token
        card = customer.saves(payment)

        assert token is not None
        assert card.token_mark == fingerprint(token)
        assert customer.vault.open(card.sealed, {"merchant": "m_shop", "environment": "test", "card": "1"}) == token
        assert token not in repr(customer.wallet)
        assert token not in repr(customer.world.payments.writes)
        assert token not in repr(customer.world.events.told)

    def test_numbers_count_on_over_all_customers(self, customer: Customer) -> None:
        saved = [customer.saves(customer.buys(), name) for name in ("a", "b", "c")]

        assert [card.number for card in saved] == [1, 2, 3]

    def test_same_payment_saved_twice_is_one_card(self, customer: Customer) -> None:
        payment = customer.buys()

        assert customer.saves(payment) == customer.saves(payment)
        assert customer.cards.discards == {}

    def test_same_number_entered_again_is_one_card_with_the_newer_token_and_date(self, customer: Customer) -> None:
        first = customer.saves(customer.buys(expiry=(6, 2027)))
        second = customer.saves(customer.buys(expiry=(6, 2031)))

        assert (second.number, second.expiry) == (first.number, "06/31")
        assert len(customer.wallet.cards) == 1
        assert second.token_mark != first.token_mark
        assert customer.sent("delete_token") == 1
        assert customer.cards.discards == {}

    def test_older_payment_of_a_replaced_token_changes_nothing(self, customer: Customer) -> None:
        older = customer.buys()
        customer.saves(older)
        customer.moods["delete_token"] = says_nothing
        newer = customer.saves(customer.buys())

        assert customer.saves(older).token_mark == newer.token_mark

    def test_without_fingerprints_what_is_printed_on_the_card_decides(self, customer: Customer) -> None:
        def unseen(payment: Any) -> Any:
            return replace(customer.gateways.inner.card(payment).page_outcome(payment), fingerprint=None)

        customer.moods["page_outcome"] = unseen
        customer.has(VISA, VISA, MASTERCARD)

        assert [card.last4 for card in customer.wallet.cards] == ["4242", "4444"]

    def test_an_account_in_place_of_a_card_is_told_by_its_owner_and_has_no_date_to_pass(
        self, customer: Customer
    ) -> None:
        payment = customer.buys()
        customer.is_an_account()
        card = customer.saves(payment)

        charged = customer.pays(card)

        assert (card.alias, card.last4, card.expiry) == ("SANDBOX a***@example.com", "", "")
        assert not card.is_expired(NOON + timedelta(days=36_500))
        assert charged.card is not None
        assert charged.card.alias == card.alias

    def test_accounts_are_one_by_their_owner_alone(self, customer: Customer) -> None:
        card = customer.saves(customer.buys())
        account = replace(card, last4="", expiry="", brand="PAYPAL", account="a***@example.com", fingerprint="ada")
        other = replace(account, token_mark="another")

        assert account.is_the_same_as(other)
        assert not account.is_the_same_as(replace(other, fingerprint="alan"))
        assert not account.is_the_same_as(replace(other, fingerprint=None))

    def test_token_that_the_gateway_will_have_in_a_moment_is_asked_for_again(self, customer: Customer) -> None:
        payment = customer.buys()
        customer.is_an_account(token=None, token_comes=True)
        with pytest.raises(Unavailable):
            customer.saves(payment)
        assert customer.wallet.cards == ()
        customer.is_an_account()

        assert customer.saves(payment).number == 1

    def test_cards_of_two_gateways_are_two_cards_whatever_is_on_them(self, customer: Customer) -> None:
        (card,) = customer.has()

        assert card.is_the_same_as(replace(card, number=2, token_mark="another"))
        assert not card.is_the_same_as(replace(card, gateway="shift4"))

    def test_gateway_keeps_a_fingerprint_and_not_the_number(self, customer: Customer) -> None:
        (card,) = customer.has()
        payment = customer.buys()
        doc, _ = customer.world.books.load("page", payment.page_id)

        assert doc["fingerprint"] == card.fingerprint
        assert VISA not in str(doc)

    @pytest.mark.parametrize("mode", [Mode.SALE_DIRECT, Mode.PREAUTH_VOUCHER_CAPTURE])
    def test_other_modes_have_no_card_to_save(self, customer: Customer, mode: Mode) -> None:
        customer.open(euro(20_00), mode)

        with pytest.raises(Unprocessable, match="SALE_WITH_TOKENIZATION"):
            customer.saves(customer.pay_by_card())

    def test_unpaid_payment_has_no_card_to_save(self, customer: Customer) -> None:
        with pytest.raises(IllegalTransition):
            customer.saves(customer.open(euro(20_00), Mode.SALE_WITH_TOKENIZATION))

    def test_refunded_payment_still_has_its_card(self, customer: Customer) -> None:
        customer.buys()
        customer.refund()

        assert customer.saves(customer.payment).number == 1

    def test_gateway_without_a_token_saves_nothing(self, customer: Customer) -> None:
        payment = customer.buys()
        customer.moods["page_outcome"] = lambda p: replace(
            customer.gateways.inner.card(p).page_outcome(p), token=None
        )

        with pytest.raises(Unprocessable):
            customer.saves(payment)

    @pytest.mark.parametrize("gateway", ["SANDBOX", "sandbox", None])
    def test_gateway_is_the_payments_own_however_it_is_written(self, customer: Customer, gateway: str | None) -> None:
        assert customer.saves(customer.buys(), gateway=gateway).gateway == "sandbox"

    @pytest.mark.parametrize("name", ["IGFS", "SHIFT4", "STRIPE", "NEXI", "WORLDLINE", "PAYPAL", "igfs", "PayPal"])
    def test_sandbox_stands_in_for_the_gateways_of_the_guide(self, customer: Customer, name: str) -> None:
        card = customer.saves(customer.buys(), gateway=name)
        charge = customer.pays(card)

        assert (card.gateway, card.called) == ("sandbox", name.upper())
        assert (charge.status, charge.gateway, charge.called) == (Status.SUCCESS, "sandbox", name.upper())

    @pytest.mark.parametrize(
        ("name", "printed"), [("igfs", "IGFS"), ("IGFS", "IGFS"), ("worldline", "WORLDLINE"), ("sandbox", "sandbox")]
    )
    def test_replies_print_a_gateway_as_the_guide_does(self, name: str, printed: str) -> None:
        assert as_printed(name) == printed

    def test_card_is_called_by_the_name_it_was_asked_for_last(self, customer: Customer) -> None:
        payment = customer.buys()
        names = [customer.saves(payment, gateway=name).called for name in (None, "IGFS", None, "NEXI", "sandbox")]

        assert names == ["sandbox", "IGFS", "IGFS", "NEXI", "sandbox"]
        assert len(customer.wallet.cards) == 1
        assert customer.wallet.forgotten == ()
        assert customer.sent("delete_token") == 0

    def test_newer_token_keeps_the_name(self, customer: Customer) -> None:
        customer.saves(customer.buys(), gateway="IGFS")

        assert customer.saves(customer.buys()).called == "IGFS"

    @pytest.mark.parametrize("name", ["ADYEN", "", "I GFS", "SANDBOX2"])
    def test_another_gateway_is_refused(self, customer: Customer, name: str) -> None:
        with pytest.raises(InvalidRequest, match=r"sandbox.* IGFS"):
            customer.saves(customer.buys(), gateway=name)

    def test_in_live_nothing_stands_in_for_another_gateway(self) -> None:
        with pytest.raises(InvalidRequest, match="sandbox"):
            name_asked_for("sandbox", Environment.LIVE, "IGFS")
        with pytest.raises(InvalidRequest, match="gateway stripe"):
            name_asked_for("stripe", Environment.TEST, "IGFS")

    def test_payment_made_for_a_customer_saves_its_card_for_no_other(self, customer: Customer) -> None:
        with pytest.raises(InvalidRequest):
            customer.saves(customer.buys(customer_id="cust_bob"))

    def test_first_customer_a_card_is_saved_for_is_the_payments_customer(self, customer: Customer) -> None:
        payment = customer.buys()
        customer.saves(payment)

        assert customer.payment.customer_id == ADA
        with pytest.raises(InvalidRequest):
            customer.saves(payment, "cust_bob")

    @pytest.mark.parametrize("mood", [is_down, says_nothing])
    def test_gateway_that_does_not_answer_can_be_asked_again(self, customer: Customer, mood: Any) -> None:
        payment = customer.buys()
        customer.moods["page_outcome"] = mood
        with pytest.raises(Unavailable):
            customer.saves(payment)
        customer.moods.clear()

        assert customer.saves(payment).number == 1

    def test_vault_that_is_down_leaves_no_gap_in_the_numbers(self, customer: Customer) -> None:
        payment = customer.buys()
        customer.vault.down = True
        with pytest.raises(Unavailable):
            customer.saves(payment)
        customer.vault.down = False

        assert customer.saves(payment).number == 1

    def test_wallet_has_an_end(self, customer: Customer) -> None:
        (card,) = customer.has()
        full = tuple(replace(card, number=100 + n, last4=f"{n:04}", fingerprint=None) for n in range(MOST_CARDS))
        customer.cards.save(WalletChange(replace(customer.wallet, cards=full)))

        with pytest.raises(Conflict):
            customer.saves(customer.buys(MASTERCARD))

    def test_many_who_save_at_once_get_numbers_of_their_own(self, customer: Customer) -> None:
        payments = [customer.buys() for _ in range(12)]
        with ThreadPoolExecutor(12) as people:
            saved = list(people.map(lambda n: customer.saves(payments[n], f"cust_{n}"), range(12)))

        assert sorted(card.number for card in saved) == list(range(1, 13))


class TestDefault:
    def test_there_is_one_at_a_time(self, customer: Customer) -> None:
        first, second = customer.has(VISA, MASTERCARD)

        assert customer.prefers(second) == second
        assert customer.wallet.default == second.number
        customer.prefers(first)
        customer.prefers(first)
        assert customer.wallet.default == first.number

    def test_choosing_at_once_leaves_exactly_one(self, customer: Customer) -> None:
        saved = customer.has(VISA, MASTERCARD, AMEX)
        with ThreadPoolExecutor(20) as people:
            list(people.map(lambda n: customer.prefers(saved[n % 3]), range(20)))

        assert sum(customer.wallet.is_default(card) for card in saved) == 1

    def test_card_of_another_customer_is_not_there(self, customer: Customer) -> None:
        (card,) = customer.has()

        with pytest.raises(NotFound):
            customer.prefers(card, "cust_bob")


class TestDeleting:
    def test_card_is_gone_here_and_at_the_gateway(self, customer: Customer) -> None:
        payment = customer.buys()
        card = customer.saves(payment)
        customer.deletes(card)

        assert customer.wallet.cards == ()
        assert customer.cards.discards == {}
        assert customer.world.gateways.card(payment).page_outcome(payment).token is None
        with pytest.raises(NotFound):
            customer.deletes(card)

    def test_another_customers_card_is_not_there(self, customer: Customer) -> None:
        (card,) = customer.has()

        with pytest.raises(NotFound):
            customer.deletes(card, "cust_bob")
        customer.deletes(card, ADA)

    def test_card_saved_last_takes_the_defaults_place(self, customer: Customer) -> None:
        first, second, third = customer.has(VISA, MASTERCARD, AMEX)
        customer.deletes(first)
        assert customer.wallet.default == third.number

        customer.deletes(second)
        assert customer.wallet.default == third.number
        customer.deletes(third)
        assert customer.wallet.default is None

    def test_expired_card_never_becomes_the_default_by_itself(self, customer: Customer) -> None:
        first = customer.saves(customer.buys())
        customer.saves(customer.buys(MASTERCARD, expiry=(3, 2026)))
        customer.world.now.advance(days=31)
        customer.deletes(first)

        assert customer.wallet.default is None

    def test_first_card_saved_after_all_are_gone_is_the_default(self, customer: Customer) -> None:
        (card,) = customer.has()
        customer.deletes(card)
        (new,) = customer.has(MASTERCARD)

        assert new.number == 2
        assert customer.wallet.default == 2

    def test_payment_of_a_deleted_card_cannot_bring_it_back(self, customer: Customer) -> None:
        payment = customer.buys()
        customer.moods["delete_token"] = says_nothing
        customer.deletes(customer.saves(payment))

        with pytest.raises(Conflict, match="deleted"):
            customer.saves(payment)

    def test_number_entered_again_after_deletion_is_a_new_card(self, customer: Customer) -> None:
        (card,) = customer.has()
        customer.deletes(card)

        assert [card.number for card in customer.has()] == [2]


class TestForgetting:
    @pytest.mark.parametrize("mood", [is_down, says_nothing, lambda *_: Answer(State.REFUSED, "05")])
    def test_deletion_that_was_not_confirmed_is_tried_until_it_is(self, customer: Customer, mood: Any) -> None:
        (card,) = customer.has()
        customer.moods["delete_token"] = mood
        customer.deletes(card)
        assert marks(customer) == {card.token_mark}
        assert customer.tokens_swept() == (0, [])

        for minutes in (1, 1, 2, 4):
            customer.world.now.advance(minutes=minutes)
            assert [reason for _, reason in customer.tokens_swept()[1]] == ["not_confirmed"]
            assert customer.tokens_swept() == (0, [])
        customer.moods.clear()
        customer.world.now.advance(minutes=8)
        assert customer.tokens_swept() == (1, [])
        assert customer.cards.discards == {}

    def test_vault_that_is_down_only_delays_it(self, customer: Customer) -> None:
        (card,) = customer.has()
        customer.vault.down = True
        customer.deletes(card)
        customer.vault.down = False
        customer.world.now.advance(minutes=1)

        assert customer.tokens_swept() == (1, [])

    def test_one_that_crashes_stops_no_other_and_waits_longer_each_time(self, customer: Customer) -> None:
        broken, fine = customer.has(VISA, MASTERCARD)

        def crash(card: Any, token: str) -> Answer:
            raise RuntimeError("a bug")

        customer.moods["delete_token"] = crash
        for card in (broken, fine):
            customer.deletes(card)
        customer.moods["delete_token"] = lambda card, token: (
            crash(card, token) if card.number == broken.number else Answer(State.SUCCEEDED)
        )
        customer.world.now.advance(minutes=1)

        assert [reason for _, reason in customer.tokens_swept()[1]] == ["RuntimeError"]
        assert marks(customer) == {broken.token_mark}
        (waiting,) = customer.cards.discards.values()
        for _ in range(30):
            waiting = waiting.tried(NOON)
        assert waiting.due_at == NOON + timedelta(days=1)
