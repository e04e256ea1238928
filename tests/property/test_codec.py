"""Whatever a record holds, it is read back as it was."""

from __future__ import annotations

import dataclasses
import typing
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.dynamodb.codec import from_text, to_text
from shared.domain.delivery import Delivery
from shared.domain.merchant import Endpoint, Merchant, Secret
from shared.domain.money import Money
from shared.domain.operation import Operation
from shared.domain.payment import Payment
from shared.domain.refund import Refund
from shared.domain.voucher import Voucher

MONEY = st.builds(Money, st.integers(0, 10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
TIMES = st.datetimes(timezones=st.just(UTC))


def anything(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type; every field is filled, so that a new one is covered by being there."""
    if hint in (Money, datetime):
        return MONEY if hint is Money else TIMES
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{field.name: anything(hints[field.name]) for field in dataclasses.fields(hint)})
    if typing.get_origin(hint) is tuple:
        return st.lists(anything(typing.get_args(hint)[0]), max_size=2).map(tuple)
    if type(None) in typing.get_args(hint):
        return st.none() | anything(next(arg for arg in typing.get_args(hint) if arg is not type(None)))
    return st.from_type(hint)


@pytest.mark.parametrize("cls", [Payment, Refund, Merchant, Endpoint, Secret, Operation, Voucher, Delivery])
def test_a_record_is_read_back_as_it_was(cls: type) -> None:
    @settings(max_examples=40, deadline=None)
    @given(anything(cls))
    def read_back(record: Any) -> None:
        assert from_text(cls, to_text(record)) == record

    read_back()
