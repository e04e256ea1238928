"""What the port ``Allowances`` promises."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.domain.allowance import Allowance
from shared.domain.errors import TooManyRequests
from tests.contract.test_storage_races import at_once
from tests.storage import Storage
from tools.testing.fakes import NOON

MINUTE = timedelta(seconds=60)


def taken(storage: Storage, allowance: Allowance, tries: int) -> int:
    """How many of so many tries are let through."""
    through = 0
    for _ in range(tries):
        try:
            storage.allowances.take(allowance, NOON)
            through += 1
        except TooManyRequests:
            continue
    return through


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 9])
def test_exactly_as_many_as_allowed_are_let_through_in_a_minute(storage: Storage, most: int) -> None:
    assert taken(storage, Allowance("a", most), most + 4) == most


def test_whoever_comes_too_often_is_told_when_the_next_minute_begins(storage: Storage) -> None:
    storage.allowances.take(Allowance("a", 1), NOON)

    with pytest.raises(TooManyRequests) as refused:
        storage.allowances.take(Allowance("a", 1), NOON + timedelta(seconds=17.5))

    assert refused.value.retry_after == 43
    storage.allowances.take(Allowance("a", 1), NOON + timedelta(seconds=17.5 + 43))


def test_each_name_has_its_own(storage: Storage) -> None:
    assert taken(storage, Allowance("a", 2), 3) == 2
    assert taken(storage, Allowance("b", 2), 3) == 2


def test_a_place_that_is_given_back_can_be_taken_again(storage: Storage) -> None:
    allowance = Allowance("a", 2)
    storage.allowances.take(allowance, NOON)
    place = storage.allowances.take(allowance, NOON)

    storage.allowances.give_back(place)

    assert taken(storage, allowance, 3) == 1


def test_a_place_of_a_minute_that_is_over_frees_none_of_this_one(storage: Storage) -> None:
    allowance = Allowance("a", 1)
    early = storage.allowances.take(allowance, NOON)
    storage.allowances.take(allowance, NOON + MINUTE)

    storage.allowances.give_back(early)

    with pytest.raises(TooManyRequests):
        storage.allowances.take(allowance, NOON + MINUTE)


def test_however_many_come_at_once_no_more_are_let_through(shared_storage: Storage) -> None:
    allowance = Allowance("a", 10)

    through = sum(at_once(lambda _: taken(shared_storage, allowance, 3)))

    assert through == 10
