"""A merchant that an operator set up at Nexi: cards on its page, vouchers beside them, saved cards, and its bell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.client import until, voucher
from tests.e2e.connected import Connected
from tools.testing.far_sides.nexi.api import BASE, PAGE
from tools.testing.far_sides.nexi.books import APPROVED, DECLINES, Order
from tools.testing.far_sides.nexi.server import NexiAcquirer
from tools.testing.far_sides.switch import Damage, Fault

TERMINAL = "026404399"


class Shop(Connected):
    acquirer: NexiAcquirer

    def opens(self, payment: dict[str, Any]) -> str:
        return parse_qs(urlsplit(self.goes_to_pay(payment, self.acquirer.origin)).query)["order"][0]

    def pays(self, payment: dict[str, Any], number: str = APPROVED) -> requests.Response:
        """The customer types a card, and the browser goes where Nexi sends it."""
        form = {"order": self.opens(payment), "number": number}
        return requests.post(f"{self.acquirer.origin}{PAGE}", form, timeout=60)

    def order(self, payment: dict[str, Any]) -> Order:
        orders = self.acquirer.terminal.orders.values()
        return [order for order in orders if order.custom_field == payment["id"]][-1]


@pytest.fixture(scope="module")
def shop(gateway_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    acquirer = NexiAcquirer()
    settings = {
        "api_base": f"{acquirer.origin}{BASE}",
        "api_key": acquirer.terminal.key,
        "terminal_id": TERMINAL,
    }
    made = Shop(gateway_url, tmp_path_factory.mktemp("settings"), "nexi", settings, TERMINAL)
    made.acquirer = acquirer
    yield made
    acquirer.close()


def test_a_voucher_pays_a_part_the_card_the_difference_and_nothing_stays_held(shop: Shop) -> None:
    payment = shop.client.init(150)
    shop.acquirer.terminal.orders[shop.opens(payment)].keeps_rest = True

    back = shop.pays(payment)

    assert urlsplit(back.url).path == "/pay/choice/"
    assert (shop.order(payment).held, shop.order(payment).taken) == (150_00, 0)
    shop.client.choose(payment, voucher(5000))
    assert shop.client.settled(payment)["status"] == "SUCCESS"
    assert until(lambda: shop.order(payment).held, lambda held: held == 0) == 0
    assert shop.order(payment).taken == 100_00
    assert shop.state(payment)["cardAuthentication"]["threeDSecure"]["status"] == shop.order(payment).three_ds
    for _ in range(2):
        assert shop.refund(payment, amount=50).status_code == 200
    assert shop.order(payment).refunded == 100_00


def test_a_declined_card_spends_its_order_and_the_same_link_leads_to_the_next(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    shop.pays(payment, next(iter(DECLINES)))
    assert shop.state(payment)["status"] == "CARD_PREAUTH_FAILED"
    first = shop.order(payment)

    back = shop.pays(payment)

    assert urlsplit(back.url).path == "/pay/result/"
    assert shop.state(payment)["status"] == "SUCCESS"
    assert (first.taken, shop.order(payment).taken) == (0, 20_00)


def test_a_customer_whose_browser_never_comes_back_is_told_of_by_nexis_bell(shop: Shop) -> None:
    payment = shop.client.init(30, paymentMode="SALE_DIRECT")
    order = shop.acquirer.terminal.orders[shop.opens(payment)]
    bell = f"{shop.notification_url}/{payment['id']}"

    assert requests.post(bell, b'{"operation": {"operationResult": "EXECUTED"}}', timeout=60).status_code < 300
    assert shop.state(payment)["status"] == "PENDING"  # whoever rang, Nexi was asked
    shop.acquirer.terminal.entered(order.id)

    def rung() -> object:
        requests.post(bell, shop.acquirer.tells(order), timeout=60)
        return shop.state(payment)["status"]

    until(rung, lambda status: status == "SUCCESS")


def test_a_capture_whose_answer_is_lost_is_asked_for_and_stands_once(shop: Shop) -> None:
    payment = shop.client.init(40)
    shop.pays(payment)

    with shop.acquirer.switch.at(Fault(Damage.LOST, acted=True)):
        shop.client.choose(payment)
        until(lambda: shop.order(payment).taken, lambda taken: taken == 40_00)
    assert shop.client.settled(payment)["status"] == "SUCCESS"
    assert (shop.order(payment).held, shop.order(payment).taken) == (0, 40_00)


def test_a_saved_card_is_charged_without_its_holder(shop: Shop) -> None:
    payment = shop.client.init(25, paymentMode="SALE_WITH_TOKENIZATION")
    shop.pays(payment)
    saved = shop.token("save-card", {"transactionId": payment["id"], "customerId": "cust_1"})

    charged = shop.token("pay", {"cardId": saved["cardId"], "amount": 12.5, "customerId": "cust_1"})

    assert charged["success"] is True
    assert [order.taken for order in shop.acquirer.terminal.orders.values()][-1] == 12_50
