"""What the port ``Operators`` promises: a key by its hash alone, and one per name."""

from __future__ import annotations

import pytest

from shared.domain.errors import NotFound, Unauthenticated
from shared.domain.ids import fingerprint
from shared.domain.operator import Operator, new_key
from tests.storage import Storage
from tools.testing.fakes import NOON

FIRST, SECOND, OTHER = (new_key(bytes([n]) * 20) for n in range(3))


def an_operator(name: str, key: str) -> Operator:
    return Operator(name, fingerprint(key), NOON)


def test_an_operator_is_found_by_its_key_and_by_nothing_else(storage: Storage) -> None:
    storage.operators.put(an_operator("ada", FIRST))

    assert storage.operators.named_by(FIRST) == an_operator("ada", FIRST)
    for wrong in (SECOND, "op_", "sk_test_PayGlobe123456789TestSecret", fingerprint(FIRST)):
        with pytest.raises(Unauthenticated):
            storage.operators.named_by(wrong)


def test_a_new_key_takes_the_place_of_the_one_before_and_of_nobody_elses(storage: Storage) -> None:
    storage.operators.put(an_operator("ada", FIRST))
    storage.operators.put(an_operator("bea", OTHER))
    storage.operators.put(an_operator("ada", SECOND))

    with pytest.raises(Unauthenticated):
        storage.operators.named_by(FIRST)
    assert storage.operators.named_by(SECOND).name == "ada"
    assert [one.name for one in storage.operators.all()] == ["ada", "bea"]


def test_a_removed_operators_key_opens_nothing(storage: Storage) -> None:
    storage.operators.put(an_operator("ada", FIRST))
    storage.operators.remove("ada")

    assert storage.operators.all() == []
    with pytest.raises(Unauthenticated):
        storage.operators.named_by(FIRST)
    with pytest.raises(NotFound):
        storage.operators.remove("ada")
