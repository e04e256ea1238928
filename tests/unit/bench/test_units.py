"""What DynamoDB charges for a call, by its published rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tools.bench.units import Index, Table, item_bytes, read_units, write_units

PLAIN = Table(("pk",))
INDEXED = Table(("pk",), (Index(("due",), whole=False), Index(("owner",), whole=True)))


def an_item(size: int, **more: str) -> dict[str, Any]:
    """An item of ``size`` bytes, and these text attributes beside."""
    return {"pk": {"S": "x" * (size - 2)}} | {name: {"S": value} for name, value in more.items()}


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"pk": {"S": "abc"}}, 5),
        ({"pk": {"S": "è"}}, 4),
        ({"n": {"N": "1234"}}, 4),
        ({"yes": {"BOOL": True}}, 4),
        ({"m": {"M": {"a": {"S": "b"}}}}, 1 + 3 + 1 + 2),
        ({"l": {"L": [{"S": "ab"}, {"S": "c"}]}}, 1 + 3 + 3 + 2),
        ({"s": {"SS": ["ab", "c"]}}, 4),
        ({"b": {"B": b"abc"}}, 4),
    ],
)
def test_an_item_is_as_large_as_its_names_and_values(item: dict[str, Any], size: int) -> None:
    assert item_bytes(item) == size


@pytest.mark.parametrize(("size", "units"), [(10, 1), (1024, 1), (1025, 2), (4000, 4)])
def test_a_write_is_charged_by_the_begun_kilobyte_and_twice_in_a_transaction(size: int, units: int) -> None:
    assert write_units(PLAIN, None, an_item(size)) == units
    assert write_units(PLAIN, None, an_item(size), transactional=True) == 2 * units


def test_a_write_is_charged_by_the_larger_of_both_images() -> None:
    assert write_units(PLAIN, an_item(3000), an_item(10)) == 3
    assert write_units(PLAIN, an_item(3000), None) == 3


def test_an_index_is_written_when_an_item_enters_changes_in_or_leaves_it() -> None:
    out, within = an_item(10), an_item(10, due="1")

    assert write_units(INDEXED, out, within) == 2
    assert write_units(INDEXED, within, an_item(10, due="2")) == 1 + 2
    assert write_units(INDEXED, within, out) == 2
    assert write_units(INDEXED, within, within) == 1


def test_an_index_of_keys_does_not_mind_what_else_changes() -> None:
    assert write_units(INDEXED, an_item(10, due="1", note="a"), an_item(10, due="1", note="b")) == 1


def test_an_index_of_some_attributes_is_written_when_one_of_them_changes() -> None:
    table = Table(("pk",), (Index(("due",), whole=False, included=("status",)),))
    before = an_item(10, due="1", status="open", note="a")

    assert write_units(table, before, before | {"note": {"S": "b"}}) == 1
    assert write_units(table, before, before | {"status": {"S": "paid"}}) == 1 + 1


def test_an_index_of_whole_items_is_written_with_every_change() -> None:
    assert write_units(INDEXED, an_item(10, owner="1", note="a"), an_item(2000, owner="1", note="b")) == 2 + 2


@pytest.mark.parametrize(("size", "units"), [(10, 1), (4096, 1), (4097, 2)])
def test_a_read_is_charged_by_the_begun_four_kilobytes_and_half_when_it_may_be_old(size: int, units: int) -> None:
    assert read_units([an_item(size)], consistent=True) == units
    assert read_units([an_item(size)], consistent=False) == Decimal(units) / 2


def test_finding_nothing_is_charged_too() -> None:
    assert read_units([], consistent=True) == 1
