"""What the port ``Bells`` promises."""

from __future__ import annotations

from datetime import timedelta

from shared.domain.ids import PaymentId
from tests.contract.test_storage_races import at_once
from tests.storage import Storage
from tools.testing.fakes import NOON

PAYMENT = PaymentId("TXN_20260302_AAAAAAAAAAAAAAAA")


def test_after_one_nobody_is_let_through_for_three_seconds(storage: Storage) -> None:
    moments = [0, 0.001, 2.999, 3, 5.9, 6.5]

    let = [storage.bells.first(PAYMENT, NOON + timedelta(seconds=moment)) for moment in moments]

    assert let == [True, False, False, True, False, True]


def test_each_payment_has_its_own(storage: Storage) -> None:
    assert storage.bells.first(PAYMENT, NOON)
    assert storage.bells.first(PaymentId("TXN_20260302_BBBBBBBBBBBBBBBB"), NOON)


def test_of_many_at_once_one_is_let_through(shared_storage: Storage) -> None:
    let = at_once(lambda _: shared_storage.bells.first(PAYMENT, NOON), 8)

    assert sorted(let) == [False] * 7 + [True]
