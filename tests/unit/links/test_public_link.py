"""What whoever holds a link is shown: how it stands, never what opens its payment; and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.payment_link.open import handler as open_handler
from functions.payment_link.public import handler as public
from shared.bootstrap import core, runtime
from shared.domain.statuses import LinkStatus
from tests.unit.edge.requests import ask
from tests.unit.links.desk import Desk
from tests.unit.usecases.till import DECLINED

Look = Callable[[], dict[str, Any]]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk()
    made.ask()
    built = {"world": made.world, "links": made.links, "payments": made.world.payments}
    for name, value in built.items():
        monkeypatch.setattr(core, name, lambda value=value: value)
    monkeypatch.setattr(runtime, "now", made.world.now)
    return made


@pytest.fixture
def look(desk: Desk) -> Look:
    """The link's public view; fails when looking changes anything."""

    def ask_for_it() -> dict[str, Any]:
        before = desk.links.all(), desk.world.payments.all()
        answer = ask(public, path={"id": desk.link_id})
        assert answer.status == 200
        assert "_secret_" not in answer.text
        assert (desk.links.all(), desk.world.payments.all()) == before
        return answer.json

    return ask_for_it


def standing(seen: dict[str, Any]) -> tuple[str, bool]:
    return seen["status"], seen["underWay"]


def test_a_link_can_be_paid_before_a_card_is_held_and_after_a_decline(desk: Desk, look: Look) -> None:
    assert standing(look()) == ("PENDING", False)
    desk.follow()
    assert standing(look()) == ("PENDING", False)
    desk.pay_by_card(DECLINED)
    assert standing(look()) == ("PENDING", False)


def test_once_a_card_is_held_a_payment_is_under_way(desk: Desk, look: Look) -> None:
    desk.follow()
    desk.pay_by_card()

    assert standing(look()) == ("PENDING", True)
    opened = ask(open_handler, {}, path={"id": desk.link_id})
    assert opened.json["redirectUrl"] == f"https://pages.example/pay/checkout/?paymentID={desk.payment.page_id}"


def test_after_a_hold_was_released_it_can_be_paid_again(desk: Desk, look: Look) -> None:
    desk.follow()
    desk.pay_by_card()
    desk.wait(24 * 3600)
    assert desk.payment.is_final

    assert standing(look()) == ("PENDING", False)


def test_it_is_paid_as_soon_as_its_payment_is_whoever_has_recorded_that(desk: Desk, look: Look) -> None:
    desk.pay()
    assert desk.links.get(desk.link_id).status is LinkStatus.PENDING  # nobody has told the link yet

    assert standing(look()) == ("PAID", False)


def test_what_is_under_way_when_the_link_ends_is_left_to_housekeeping(desk: Desk, look: Look) -> None:
    desk.follow()
    desk.pay_by_card()
    desk.change(expires_at=desk.world.now() + timedelta(days=40))  # a hold that nobody has ended yet
    desk.world.now.advance(days=31)

    assert standing(look()) == ("EXPIRED", False)
