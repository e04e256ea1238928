"""Records that somebody else writes every time: whoever changes one pauses, decides again, gives up in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.delivery import Outcome
from shared.domain.errors import StaleWrite
from shared.domain.merchant import Endpoint, EndpointStatus
from shared.domain.payment import Tender
from shared.usecases.contended import MOST_TRIES
from shared.usecases.link.look_after_links import look_after_link
from shared.usecases.webhook.manage_endpoints import EndpointSettings, rotate_secret, update_endpoint
from tests.unit.cards.customer import Customer
from tests.unit.disputes.bank import Bank
from tests.unit.links.desk import Desk
from tests.unit.usecases.till import VISA, Till
from tests.webhook_fakes import Shop


class Busy:
    """A ``save`` that somebody else always comes before, and the pauses between its tries."""

    def __init__(self, world: object, newer: Callable[[], Any]) -> None:
        self.newer = newer
        self.tries = 0
        self.pauses: list[int] = []
        object.__setattr__(world, "pause", self.pauses.append)

    def __call__(self, change: object) -> Any:
        self.tries += 1
        assert self.tries <= 1000, "there is no bound"
        return self.newer()


Story = tuple[Busy, Callable[[], object]]


def a_choice() -> Story:
    till = Till()
    till.held()
    payments: Any = till.world.payments
    payments.save = busy = Busy(till.world, lambda: till.payment)
    return busy, lambda: till.choose(Tender.CARD_ONLY)


def a_link_is(act: Callable[[Desk], object]) -> Story:
    desk = Desk()
    desk.ask()
    links: Any = desk.links
    links.save = busy = Busy(desk.world, lambda: desk.links.get(desk.link_id))
    return busy, lambda: act(desk)


def a_link_expires(desk: Desk) -> None:
    desk.world.now.advance(days=31)
    look_after_link(desk.links.get(desk.link_id), world=desk.world, links=desk.links)


def a_default_card() -> Story:
    customer = Customer()
    first, second = customer.has(VISA, "5555555555554444")
    other = second if customer.wallet.default == first.number else first
    cards: Any = customer.cards
    wallet = customer.wallet
    cards.save = busy = Busy(customer.world, lambda: wallet)
    return busy, lambda: customer.prefers(other)


def a_dispute() -> Story:
    bank = Bank()
    bank.sold()
    disputes: Any = bank.disputes
    disputes.save = busy = Busy(bank.world, lambda: False)
    return busy, bank.says


def an_endpoint_is(act: Callable[[Endpoint, Shop], object]) -> Story:
    shop = Shop()
    endpoint = shop.endpoint()
    merchants: Any = shop.merchants
    merchants.save_endpoint = busy = Busy(shop.world, lambda: replace(endpoint, version=busy.tries + 1))
    return busy, lambda: act(endpoint, shop)


def paused(endpoint: Endpoint, shop: Shop) -> Endpoint:
    return update_endpoint(endpoint, EndpointSettings(status=EndpointStatus.PAUSED), world=shop.world)


STORIES: dict[str, Callable[[], Story]] = {
    "a choice": a_choice,
    "a link that is opened": lambda: a_link_is(Desk.follow),
    "a link that is cancelled": lambda: a_link_is(Desk.cancel),
    "a link that expires": lambda: a_link_is(a_link_expires),
    "a customer's default card": a_default_card,
    "a dispute": a_dispute,
    "an endpoint that is paused": lambda: an_endpoint_is(paused),
    "an endpoint's new secret": lambda: an_endpoint_is(lambda e, shop: rotate_secret(e, world=shop.world)),
}


@pytest.mark.parametrize("what", STORIES)
def test_who_is_overtaken_every_time_pauses_and_gives_up(what: str) -> None:
    busy, act = STORIES[what]()

    with pytest.raises(StaleWrite, match="too many"):
        act()

    assert busy.tries == MOST_TRIES
    assert busy.pauses == list(range(MOST_TRIES))


def test_delivery_does_not_fail_because_the_health_of_its_endpoint_cannot_be_noted() -> None:
    shop = Shop()
    endpoint = shop.endpoint()
    shop.sender.default = Outcome(duration_ms=10_000, error="timeout")
    event = shop.happens()
    merchants: Any = shop.merchants
    merchants.save_endpoint = busy = Busy(shop.world, lambda: replace(endpoint, version=busy.tries + 1))

    shop.work()

    assert busy.tries == MOST_TRIES
    assert len(shop.delivery(event).attempts) == 1
