"""What the port ``Links`` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain import ids
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.ids import LinkId, MerchantId, PaymentId
from shared.domain.payment import Environment
from shared.domain.payment_link import LinkType, Opening, PaymentLink
from shared.domain.statuses import LinkStatus
from shared.ports.links import WantedLinks
from shared.ports.numbered import NumberedPage
from tests.storage import Storage
from tools.testing.builders import MERCHANT, TEST, an_event, euro
from tools.testing.fakes import NOON

HOUR = timedelta(hours=1)


def a_link(number: int = 1, **settings: Any) -> PaymentLink:
    made = PaymentLink(
        id=ids.link_id(number.to_bytes(8, "big")),
        merchant_id=MERCHANT,
        merchant_name="Shop",
        environment=TEST,
        amount=euro(50_00),
        type=LinkType.LINK,
        pages_origin="https://pages.example",
        created_at=NOON + timedelta(seconds=number),
        expires_at=NOON + 24 * HOUR,
        due_at=NOON + 24 * HOUR,
    )
    return replace(made, **settings)


def listed(storage: Storage, **query: Any) -> tuple[list[LinkId], str | None]:
    wanted: dict[str, Any] = {"status": None, "limit": 10, "cursor": None, **query}
    found, cursor = storage.links.of_merchant(MERCHANT, TEST, **wanted)
    return [link.id for link in found], cursor


def test_a_new_link_is_written_once_and_a_second_finds_the_first(storage: Storage) -> None:
    link = a_link(opening=Opening(PaymentId("TXN_1"), "aa", NOON))

    assert storage.links.create(link) is None
    assert storage.links.create(a_link(description="another")) == replace(link, version=1)
    assert storage.links.get(link.id) == replace(link, version=1)


def test_an_unknown_link_is_not_found(storage: Storage) -> None:
    with pytest.raises(NotFound):
        storage.links.get(LinkId("LINK_0000000000000000"))


def test_of_two_changes_of_one_version_the_second_gets_the_newer_link(storage: Storage) -> None:
    storage.links.create(a_link())
    read = storage.links.get(a_link().id)

    assert storage.links.save(replace(read, sends=1)) is None
    assert storage.links.save(replace(read, sends=7)) == replace(read, sends=1, version=2)


def test_links_are_listed_newest_first_page_by_page(storage: Storage) -> None:
    for number in (1, 2, 3):
        storage.links.create(a_link(number))

    first, cursor = listed(storage, limit=2)
    second, end = listed(storage, limit=2, cursor=cursor)
    assert (first, second) == ([a_link(3).id, a_link(2).id], [a_link(1).id])
    assert end is None


def test_a_status_lists_only_its_links_page_by_page(storage: Storage) -> None:
    for number in range(1, 7):
        storage.links.create(a_link(number))
        if number % 2:
            storage.links.save(storage.links.get(a_link(number).id).closed(LinkStatus.CANCELLED))

    first, cursor = listed(storage, status=LinkStatus.CANCELLED, limit=2)
    second, _ = listed(storage, status=LinkStatus.CANCELLED, limit=2, cursor=cursor)
    assert first + second == [a_link(5).id, a_link(3).id, a_link(1).id]
    assert listed(storage, status=LinkStatus.PENDING)[0] == [a_link(6).id, a_link(4).id, a_link(2).id]


def test_other_merchants_and_environments_have_their_own_links(storage: Storage) -> None:
    storage.links.create(a_link(1, merchant_id=MerchantId("m_other")))
    storage.links.create(a_link(2, environment=Environment.LIVE))

    assert listed(storage) == ([], None)


def test_a_cursor_that_no_list_returned_is_refused(storage: Storage) -> None:
    with pytest.raises(InvalidRequest):
        listed(storage, cursor="nonsense")


def test_due_links_come_oldest_first_and_closed_ones_never(storage: Storage) -> None:
    for number, due in ((1, NOON + 2 * HOUR), (2, NOON + HOUR), (3, NOON + 3 * HOUR)):
        storage.links.create(a_link(number, due_at=due))
    storage.links.create(a_link(4, due_at=NOON))
    storage.links.save(storage.links.get(a_link(4).id).closed(LinkStatus.EXPIRED))

    assert storage.links.due(NOON + 2 * HOUR, 10) == [a_link(2).id, a_link(1).id]
    assert storage.links.due(NOON + 9 * HOUR, 1) == [a_link(2).id]


def test_links_of_a_family_are_listed_by_page_number_in_the_status_that_holds(storage: Storage) -> None:
    storage.links.create(a_link(9))
    for number in range(1, 6):
        storage.links.create(a_link(number, family="glomopay", customer_id=f"cust_{number % 2}"))
    storage.links.save(replace(storage.links.get(a_link(1).id), expires_at=NOON + HOUR))
    storage.links.save(storage.links.get(a_link(2).id).closed(LinkStatus.EXPIRED))
    storage.links.save(storage.links.get(a_link(3).id).closed(LinkStatus.CANCELLED))

    def listed_so(page: NumberedPage | None = None, **wanted: Any) -> list[LinkId]:
        asked = WantedLinks("glomopay", NOON + 2 * HOUR, **wanted)
        return [link.id for link in storage.links.of_family(MERCHANT, TEST, asked, page or NumberedPage()).items]

    assert listed_so(NumberedPage(2, 2)) == [a_link(3).id, a_link(2).id]
    assert listed_so(customer_id="cust_0") == [a_link(4).id, a_link(2).id]
    assert listed_so(status=LinkStatus.PENDING) == [a_link(5).id, a_link(4).id]
    assert listed_so(status=LinkStatus.EXPIRED) == [a_link(2).id, a_link(1).id]
    assert listed_so(status=LinkStatus.CANCELLED, customer_id="cust_1") == [a_link(3).id]
    assert listed_so(status=LinkStatus.PAID) == []


def test_an_event_is_written_with_the_change_it_tells_of_or_not_at_all(storage: Storage) -> None:
    storage.links.create(a_link(family="glomopay"))
    read = storage.links.get(a_link().id)
    told, late = an_event(subject=read.id), an_event(subject=read.id)

    assert storage.links.save(read.closed(LinkStatus.CANCELLED), [told]) is None
    assert storage.links.save(read.closed(LinkStatus.EXPIRED), [late]) is not None
    assert storage.events.get(MERCHANT, TEST, told.id) == told
    with pytest.raises(NotFound):
        storage.events.get(MERCHANT, TEST, late.id)
