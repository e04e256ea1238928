"""What the port ``Cards`` promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.errors import NotFound, StaleWrite
from shared.domain.ids import MerchantId, PaymentId
from shared.domain.payment import Environment, Payment, Status
from shared.domain.saved_card import Discard, SavedCard, Wallet
from shared.ports.cards import WalletChange
from shared.ports.payments import Change
from tests.storage import Storage
from tools.testing.builders import MERCHANT, TEST, a_payment
from tools.testing.fakes import NOON

ADA = "cust_ada # \u00e0"


def a_card(number: int = 1, **settings: Any) -> SavedCard:
    made = SavedCard(
        number=number,
        merchant_id=MERCHANT,
        environment=TEST,
        customer_id=ADA,
        gateway="sandbox",
        brand="VISA",
        last4="4242",
        expiry="12/30",
        sealed="sealed",
        token_mark=f"{number:064x}",
        saved_from=PaymentId("TXN_1"),
        consent_at=NOON,
        fingerprint="f",
    )
    return replace(made, **settings)


def read(storage: Storage, customer: str = ADA) -> Wallet:
    return storage.cards.wallet(MERCHANT, TEST, customer)


def put(storage: Storage, number: int = 1, customer: str = ADA) -> Wallet | None:
    wallet = read(storage, customer).with_card(a_card(number, customer_id=customer))
    return storage.cards.save(WalletChange(wallet, added=number))


def a_charge(number: int = 1, **settings: Any) -> Payment:
    made = {"status": Status.SUCCESS, "customer_id": ADA, "saved_card": number, "completed_at": NOON, **settings}
    return a_payment(**made)


def test_a_customer_nobody_knows_has_an_empty_wallet(storage: Storage) -> None:
    assert read(storage) == Wallet(MERCHANT, TEST, ADA)
    assert storage.cards.last_number(MERCHANT, TEST) == 0


def test_a_card_is_read_back_with_its_number_and_owner(storage: Storage) -> None:
    assert put(storage) is None

    assert read(storage) == Wallet(MERCHANT, TEST, ADA, (a_card(),), default=1, version=1)
    assert storage.cards.customer_of(MERCHANT, TEST, 1) == ADA
    assert storage.cards.last_number(MERCHANT, TEST) == 1


def test_a_number_is_given_once_and_without_gaps(storage: Storage) -> None:
    put(storage, 1)

    assert put(storage, 1, "cust_bob") == Wallet(MERCHANT, TEST, "cust_bob")
    assert put(storage, 3, "cust_bob") == Wallet(MERCHANT, TEST, "cust_bob")
    assert put(storage, 2, "cust_bob") is None
    assert storage.cards.customer_of(MERCHANT, TEST, 2) == "cust_bob"
    assert [card.number for card in read(storage, "cust_bob").cards] == [2]


def test_of_two_changes_of_one_version_the_second_gets_the_newer_wallet(storage: Storage) -> None:
    put(storage, 1)
    put(storage, 2)
    wallet = read(storage)

    assert storage.cards.save(WalletChange(wallet.with_default(2))) is None
    assert storage.cards.save(WalletChange(wallet.with_default(1))) == replace(wallet, default=2, version=3)


def test_a_refused_change_writes_nothing_of_it(storage: Storage) -> None:
    put(storage, 1)
    stale = replace(read(storage), version=7)
    change = WalletChange(stale, added=2, deleted=1, discards=(Discard(a_card(), NOON),))

    assert storage.cards.save(change) == read(storage)
    assert storage.cards.last_number(MERCHANT, TEST) == 1
    assert storage.cards.customer_of(MERCHANT, TEST, 1) == ADA
    assert storage.cards.due(NOON, 10) == []


def test_a_deleted_card_has_no_owner_and_its_number_is_not_given_again(storage: Storage) -> None:
    put(storage, 1)
    wallet = read(storage).without(a_card(), NOON)
    storage.cards.save(WalletChange(wallet, deleted=1, discards=(Discard(a_card(), NOON),)))

    with pytest.raises(NotFound):
        storage.cards.customer_of(MERCHANT, TEST, 1)
    assert read(storage) == replace(wallet, version=2)
    assert storage.cards.last_number(MERCHANT, TEST) == 1


def test_other_merchants_and_environments_have_their_own_cards_and_numbers(storage: Storage) -> None:
    put(storage, 1)

    for merchant, environment in ((MerchantId("m_other"), TEST), (MERCHANT, Environment.LIVE)):
        assert storage.cards.wallet(merchant, environment, ADA).cards == ()
        assert storage.cards.last_number(merchant, environment) == 0
        with pytest.raises(NotFound):
            storage.cards.customer_of(merchant, environment, 1)


def test_a_charge_counts_its_card_in_the_same_write(storage: Storage) -> None:
    put(storage, 1)
    put(storage, 2)
    storage.payments.create(Change(a_charge(1), uses_card=True))
    storage.payments.create(Change(a_charge(1, completed_at=NOON + timedelta(hours=1)), uses_card=True))
    storage.payments.create(Change(a_charge(2)))

    first, second = read(storage).cards
    assert (first.usage_count, first.last_used_at) == (2, NOON + timedelta(hours=1))
    assert (second.usage_count, second.last_used_at) == (0, None)


def test_a_charge_that_somebody_else_closed_counts_nothing(storage: Storage) -> None:
    put(storage)
    payment = a_charge()
    storage.payments.create(Change(payment))
    read_once = storage.payments.get(payment.id)
    storage.payments.save(Change(read_once, uses_card=True))

    assert storage.payments.save(Change(read_once, uses_card=True)) is not None
    assert read(storage).cards[0].usage_count == 1


def test_a_charge_is_counted_without_the_wallet_moving(storage: Storage) -> None:
    put(storage)
    before = read(storage)
    storage.payments.create(Change(a_charge(), uses_card=True))

    assert storage.cards.save(WalletChange(before.with_default(1))) is None
    assert read(storage).cards[0].usage_count == 1


def test_tokens_to_delete_come_when_they_are_due_until_they_are_confirmed(storage: Storage) -> None:
    put(storage, 1)
    wallet = read(storage)
    first, second = (Discard(a_card(n), NOON + timedelta(minutes=n)) for n in (1, 2))
    storage.cards.save(WalletChange(wallet, discards=(second, first)))

    assert storage.cards.due(NOON, 10) == []
    assert storage.cards.due(NOON + timedelta(minutes=1), 10) == [first]
    assert storage.cards.due(NOON + timedelta(hours=1), 10) == [first, second]
    assert storage.cards.due(NOON + timedelta(hours=1), 1) == [first]
    later = first.tried(NOON + timedelta(hours=1))
    storage.cards.postpone(later)
    assert storage.cards.due(NOON + timedelta(hours=1), 10) == [second]
    for _ in range(2):
        storage.cards.discarded(second)
    assert storage.cards.due(NOON + timedelta(hours=9), 10) == [later]


def test_a_confirmed_deletion_is_not_brought_back_by_a_late_try(storage: Storage) -> None:
    put(storage)
    discard = Discard(a_card(), NOON)
    storage.cards.save(WalletChange(read(storage), discards=(discard,)))
    storage.cards.discarded(discard)
    storage.cards.postpone(discard.tried(NOON))

    assert storage.cards.due(NOON + timedelta(days=9), 10) == []


def test_many_changes_at_once_lose_none(shared_storage: Storage) -> None:
    storage = shared_storage

    def add(customer: str) -> int:
        while True:
            number = storage.cards.last_number(MERCHANT, TEST) + 1
            try:
                if put(storage, number, customer) is None:
                    return number
            except StaleWrite:
                continue

    with ThreadPoolExecutor(8) as people:
        numbers = list(people.map(add, [f"cust_{n % 4}" for n in range(8)]))
    assert sorted(numbers) == list(range(1, 9))
    assert sum(len(read(storage, f"cust_{n}").cards) for n in range(4)) == 8


def test_a_gateway_is_needed_by_the_cards_that_are_saved_there_and_by_tokens_still_to_be_deleted(
    storage: Storage,
) -> None:
    assert not storage.cards.any_at(MERCHANT, TEST, "sandbox")
    put(storage)
    assert storage.cards.any_at(MERCHANT, TEST, "sandbox")
    for other in ((MERCHANT, TEST, "acquirer"), (MERCHANT, Environment.LIVE, "sandbox")):
        assert not storage.cards.any_at(*other)
    assert not storage.cards.any_at(MerchantId("m_other"), TEST, "sandbox")

    discard = Discard(a_card(), NOON)
    wallet = read(storage).without(a_card(), NOON)
    assert storage.cards.save(WalletChange(wallet, deleted=1, discards=(discard,))) is None
    assert storage.cards.any_at(MERCHANT, TEST, "sandbox")
    storage.cards.discarded(discard)
    assert not storage.cards.any_at(MERCHANT, TEST, "sandbox")
