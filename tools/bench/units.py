"""DynamoDB's capacity units, from the items themselves: what each call is charged for on demand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

Item = Mapping[str, Any]
_WRITE_BYTES: Final = 1024
_READ_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Index:
    """A secondary index: its key attributes, and whether it holds the whole item or the keys and what is included."""

    keys: tuple[str, ...]
    whole: bool
    name: str = ""
    included: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    keys: tuple[str, ...]
    indexes: tuple[Index, ...] = ()

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> Table:
        """From the properties of an AWS::DynamoDB::Table."""
        indexes = [
            Index(
                _keys(index),
                index["Projection"]["ProjectionType"] == "ALL",
                index["IndexName"],
                tuple(index["Projection"].get("NonKeyAttributes", ())),
            )
            for index in properties.get("GlobalSecondaryIndexes", [])
        ]
        return cls(_keys(properties), tuple(indexes))


def item_bytes(item: Item) -> int:
    """The size by DynamoDB's published rules: names and values in UTF-8, a number about a byte per two digits."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def write_units(table: Table, before: Item | None, after: Item | None, *, transactional: bool = False) -> int:
    """One per begun KB of the larger of both images, twice that in a transaction, and what each index then writes."""
    return sum(units for _, _, units in writes(table, before, after, transactional=transactional))


def writes(
    table: Table, before: Item | None, after: Item | None, *, transactional: bool = False
) -> Iterator[tuple[str, str, int]]:
    """(the index, empty for the table itself; the partition key that is written; its units) of one write.

    An item that moves within an index is counted where it goes, both units of it.
    """
    size = max(item_bytes(before or {}), item_bytes(after or {}))
    yield "", _partition(table.keys, after or before), _units(size, _WRITE_BYTES) * (2 if transactional else 1)
    for index in table.indexes:
        units = _index_units(table, index, before, after)
        if units:
            stays = _projected(table, index, after) or _projected(table, index, before)
            yield index.name, _partition(index.keys, stays), units


def read_units(found: Sequence[Item], *, consistent: bool) -> Decimal:
    """One per begun 4 KB of what was read, half of that when eventually consistent; nothing found is the smallest."""
    units = _units(sum(map(item_bytes, found)), _READ_BYTES)
    return Decimal(units) if consistent else Decimal(units) / 2


def _index_units(table: Table, index: Index, before: Item | None, after: Item | None) -> int:
    old, new = _projected(table, index, before), _projected(table, index, after)
    if old == new:
        return 0
    moved = old is not None and new is not None and any(old[key] != new[key] for key in index.keys)
    sizes = [item_bytes(image) for image in (old, new) if image is not None]
    if moved:
        return sum(_units(size, _WRITE_BYTES) for size in sizes)
    return _units(max(sizes), _WRITE_BYTES)


def _projected(table: Table, index: Index, item: Item | None) -> Item | None:
    if item is None or any(key not in item for key in index.keys):
        return None
    if index.whole:
        return item
    return {name: item[name] for name in {*table.keys, *index.keys, *index.included} if name in item}


def _partition(keys: tuple[str, ...], item: Item | None) -> str:
    return "" if item is None else str(next(iter(item[keys[0]].values())))


def _keys(properties: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in properties["KeySchema"])


def _units(size: int, unit: int) -> int:
    return max(1, -(-size // unit))


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return (len(content) + 1) // 2 + 1
        case "M":
            return 3 + len(content) + item_bytes(content)
        case "L":
            return 3 + sum(1 + _value_bytes(element) for element in content)
        case "SS":
            return sum(len(element.encode()) for element in content)
        case "B":
            return len(content)
        case _:
            return 1
