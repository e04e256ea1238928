"""What receivers were promised to the byte: every kind of event, in every format, as it was first published."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from shared.domain.payment import Mode
from shared.domain.statuses import DisputeStatus
from shared.families.payglobe.notices import PUBLISHED
from tests.published import FORMATS, NAME
from tests.unit.disputes.bank import Bank
from tests.unit.usecases.till import CAPTURE_FAILS, DECLINED, Till
from tools.testing.builders import euro

_WHERE_KEPT = re.compile(r"(evt_[0-9a-f]{32})[0-7]")  # the last digit of an id, which is no promise
GOLDEN = Path(__file__).with_name("published_bytes.json")


def _vouchers() -> Till:
    till = Till()
    till.open(
        description="Order 7", customer_id="cust_1", email="ada@shop.example", notify_url="https://shop.example/n"
    )
    till.pay_by_card()
    till.spend("V2000-INVALID")
    till.spend("V5000-A1", "V2550-A2")
    till.refund(euro(60_00))
    till.refund()
    return till


def _covered() -> Till:
    till = Till()
    till.held()
    till.spend("V10000-A1", "V5000-A2")
    return till


def _refused() -> Till:
    till = Till()
    till.open()
    till.pay_by_card(DECLINED)
    till.pay_by_card(CAPTURE_FAILS)
    till.spend("V5000-A1")
    return till


def _expired() -> Till:
    till = Till()
    till.held()
    till.wait(3600)
    return till


def _sold() -> Till:
    till = Till()
    till.open(euro(12_34), Mode.SALE_DIRECT)
    till.pay_by_card(DECLINED)
    till.pay_by_card()
    return till


def _disputed() -> Bank:
    bank = Bank()
    bank.sold()
    bank.says()
    bank.says(DisputeStatus.UNDER_REVIEW, 5)
    bank.says(DisputeStatus.LOST, 9)
    return bank


STORIES = {
    "vouchers": _vouchers,
    "covered": _covered,
    "refused": _refused,
    "expired": _expired,
    "sold": _sold,
    "disputed": _disputed,
}


def written(story: str) -> dict[str, list[str]]:
    """Name and bytes of each event of a story, in each format."""
    told = STORIES[story]().world.events.told
    published = [event for event in told if event.type in PUBLISHED]
    return {
        form: [_WHERE_KEPT.sub(r"\1", f"{NAME(event)} {write(event).decode()}") for event in published]
        for form, write in FORMATS.items()
    }


@pytest.mark.parametrize("story", STORIES)
def test_every_event_is_written_as_it_was_first_published(story: str) -> None:
    assert written(story) == json.loads(GOLDEN.read_text())[story]
