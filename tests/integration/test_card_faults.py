"""Saved cards on a bad day: answers of the database get lost, transactions collide, pages are short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shared.domain.errors import StaleWrite
from shared.domain.ids import PaymentId
from shared.domain.payment import Status
from shared.domain.saved_card import Discard, SavedCard, Wallet
from shared.ports.cards import WalletChange
from shared.ports.payments import Change
from tests.bad_day import COLLISION, BadDay, bad_day, failure
from tests.storage import Storage, in_dynamodb
from tools.testing.builders import MERCHANT, TEST, a_payment
from tools.testing.fakes import NOON

ADA = "cust_ada"


@pytest.fixture
def client() -> Iterator[BadDay]:
    with bad_day() as client:
        yield client


@pytest.fixture
def storage(client: Any) -> Storage:
    return in_dynamodb(client)


def a_card(number: int) -> SavedCard:
    made: dict[str, Any] = {"merchant_id": MERCHANT, "environment": TEST, "customer_id": ADA, "consent_at": NOON}
    made |= {"brand": "VISA", "last4": f"{number:04}", "expiry": "12/30", "gateway": "sandbox"}
    made |= {"sealed": "sealed", "token_mark": f"{number:064x}", "saved_from": PaymentId("TXN_1")}
    return SavedCard(number=number, **made)


def read(storage: Storage) -> Wallet:
    return storage.cards.wallet(MERCHANT, TEST, ADA)


def saving(storage: Storage, number: int) -> WalletChange:
    return WalletChange(read(storage).with_card(a_card(number)), added=number)


def test_a_card_whose_answer_was_lost_is_saved_once(client: BadDay, storage: Storage) -> None:
    client.loses_answer_of = 1

    assert storage.cards.save(saving(storage, 1)) is None
    assert [card.number for card in read(storage).cards] == [1]
    assert storage.cards.last_number(MERCHANT, TEST) == 1


def test_a_default_whose_answer_was_lost_is_set(client: BadDay, storage: Storage) -> None:
    for number in (1, 2):
        storage.cards.save(saving(storage, number))
    client.loses_answer_of = 1

    assert storage.cards.save(WalletChange(read(storage).with_default(2))) is None
    assert read(storage).default == 2


def test_a_use_whose_answer_was_lost_is_counted_once(client: BadDay, storage: Storage) -> None:
    storage.cards.save(saving(storage, 1))
    payment = a_payment(status=Status.SUCCESS, customer_id=ADA, saved_card=1, completed_at=NOON)
    storage.payments.create(Change(payment))
    client.loses_answer_of = 1

    assert storage.payments.save(Change(storage.payments.get(payment.id), uses_card=True)) is None
    assert read(storage).cards[0].usage_count == 1


def test_collisions_are_tried_again_and_at_last_raised(client: BadDay, storage: Storage) -> None:
    client.errors = [failure(*COLLISION)] * 2
    assert storage.cards.save(saving(storage, 1)) is None

    client.errors = [failure(*COLLISION)] * 20
    with pytest.raises(StaleWrite):
        storage.cards.save(saving(storage, 2))


def test_a_wallet_is_whole_when_pages_are_short(client: BadDay, storage: Storage) -> None:
    for number in (1, 2, 3):
        storage.cards.save(saving(storage, number))
        charge = a_payment(status=Status.SUCCESS, customer_id=ADA, saved_card=number, completed_at=NOON)
        storage.payments.create(Change(charge, uses_card=True))
    client.page_size = 1

    assert [(card.number, card.usage_count) for card in read(storage).cards] == [(1, 1), (2, 1), (3, 1)]


def test_a_card_and_its_deletion_are_one_write(client: BadDay, storage: Storage) -> None:
    storage.cards.save(saving(storage, 1))
    client.errors = [failure("InternalServerError")]
    without = read(storage).without(a_card(1), NOON)
    change = WalletChange(without, deleted=1, discards=(Discard(a_card(1), NOON),))

    with pytest.raises(Exception, match="InternalServerError"):
        storage.cards.save(change)
    assert (len(read(storage).cards), storage.cards.due(NOON, 10)) == (1, [])
    assert storage.cards.save(change) is None
    assert (len(read(storage).cards), len(storage.cards.due(NOON, 10))) == (0, 1)
