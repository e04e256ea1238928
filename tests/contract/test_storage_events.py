"""What the port ``Events`` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.errors import NotFound
from shared.domain.event import Event, Facts, RefundFacts, VoucherFacts
from shared.domain.ids import MerchantId, RefundId
from shared.domain.operation import Kind
from shared.domain.payment import Environment
from shared.usecases.payment.facts import payment_facts
from tests.storage import Storage
from tools.testing.builders import MERCHANT, TEST, a_payment, an_event, euro
from tools.testing.fakes import NOON

LATER = NOON + timedelta(minutes=5)


def put(storage: Storage, **overrides: object) -> Event:
    event = an_event(**overrides)
    storage.events.put(event)
    return event


def after(storage: Storage, event_id: str | None, limit: int = 10) -> list[Event]:
    return storage.events.after(MERCHANT, TEST, event_id, until=LATER, limit=limit)


def at(seconds: int) -> dict[str, object]:
    return {"created_at": NOON + timedelta(seconds=seconds)}


def test_an_event_keeps_its_amounts_to_the_cent(storage: Storage) -> None:
    voucher = VoucherFacts("SN-1", euro(10), reference=None)
    paid = replace(payment_facts(a_payment(description="è"), Kind.CAPTURE, NOON), vouchers=(voucher,))
    refund = RefundFacts(RefundId("ref_1"), euro(1), euro(1), euro(149_99))
    event = put(storage, facts=Facts(paid, refund), notify_url="https://shop.example/notify", family="other")

    assert storage.events.get(MERCHANT, TEST, event.id) == event


def test_events_are_listed_oldest_first_after_a_given_one(storage: Storage) -> None:
    third, first, second = (put(storage, **at(seconds)) for seconds in (3, 1, 2))

    assert after(storage, None) == [first, second, third]
    assert after(storage, first.id) == [second, third]
    assert after(storage, first.id, limit=1) == [second]
    assert after(storage, third.id) == []


def test_events_younger_than_asked_for_are_held_back(storage: Storage) -> None:
    old, _ = put(storage, **at(299)), put(storage, **at(301))

    assert after(storage, None) == [old]


def test_a_cursor_younger_than_what_is_held_back_lists_nothing(storage: Storage) -> None:
    young = put(storage, **at(301))

    assert after(storage, young.id) == []


@pytest.mark.parametrize("cursor", ["zzz", "evt_zzz", "~"])
def test_a_cursor_beyond_every_event_lists_nothing(storage: Storage, cursor: str) -> None:
    put(storage)

    assert after(storage, cursor) == []


def test_events_of_another_merchant_or_environment_are_not_shown(storage: Storage) -> None:
    other = put(storage, merchant_id=MerchantId("m_other"))
    live = put(storage, environment=Environment.LIVE)

    assert after(storage, None) == []
    for event in (other, live):
        with pytest.raises(NotFound):
            storage.events.get(MERCHANT, TEST, event.id)


def test_what_nobody_fanned_out_is_found_until_it_is_marked(storage: Storage) -> None:
    second, first, young = (put(storage, **at(seconds)) for seconds in (2, 1, 200))
    before = NOON + timedelta(seconds=180)

    assert storage.events.not_fanned_out(before, 10) == [first, second]
    assert storage.events.not_fanned_out(before, 1) == [first]

    storage.events.mark_fanned_out(first, LATER)
    storage.events.mark_fanned_out(first, LATER)

    assert storage.events.not_fanned_out(before, 10) == [second]
    assert after(storage, None) == [first, second, young]
