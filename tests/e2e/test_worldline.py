"""A merchant that an operator set up at Worldline: its hosted page, vouchers beside it, saved cards, its webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.client import until, voucher
from tests.e2e.connected import Connected
from tools.testing.far_sides.switch import Damage, Fault
from tools.testing.far_sides.worldline.books import APPROVED, DECLINES, Checkout, Payment
from tools.testing.far_sides.worldline.server import WEBHOOK_SECRET, WorldlineAcquirer, signed


class Shop(Connected):
    acquirer: WorldlineAcquirer

    def pays(self, payment: dict[str, Any], number: str = APPROVED, **form: str) -> requests.Response:
        """The customer types a card, and the browser goes where Worldline sends it."""
        address = self.goes_to_pay(payment, self.acquirer.origin)
        return requests.post(address, {"number": number, **form}, timeout=60)

    def checkout(self, payment: dict[str, Any]) -> Checkout:
        checkouts = self.acquirer.shop.checkouts.values()
        return [one for one in checkouts if one.reference == payment["id"]][-1]

    def theirs(self, payment: dict[str, Any]) -> Payment:
        made = self.checkout(payment).payment
        assert made is not None
        return made


@pytest.fixture(scope="module")
def shop(gateway_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    acquirer = WorldlineAcquirer()
    settings = {
        "api_base": acquirer.origin,
        "merchant_id": acquirer.shop.merchant_id,
        "api_key_id": acquirer.shop.key_id,
        "secret_api_key": acquirer.shop.secret,
        "webhook_secret": [WEBHOOK_SECRET],
    }
    folder = tmp_path_factory.mktemp("settings")
    made = Shop(gateway_url, folder, "worldline", settings, acquirer.shop.merchant_id)
    made.acquirer = acquirer
    yield made
    acquirer.close()


def test_a_voucher_pays_a_part_the_card_the_difference_and_both_parts_of_it_go_back(shop: Shop) -> None:
    payment = shop.client.init(150)

    shop.pays(payment)

    assert (shop.theirs(payment).held, shop.theirs(payment).taken) == (150_00, 0)
    shop.client.choose(payment, voucher(5000))
    assert shop.client.settled(payment)["status"] == "SUCCESS"
    assert (shop.theirs(payment).held, shop.theirs(payment).taken) == (0, 100_00)
    for _ in range(2):
        assert shop.refund(payment, amount=50).status_code == 200
    assert shop.theirs(payment).refunded == 100_00


def test_a_declined_card_spends_its_page_and_the_same_link_leads_to_the_next(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    shop.pays(payment, next(iter(DECLINES)))
    told = shop.state(payment)
    assert told["status"] == "CARD_PREAUTH_FAILED"
    first = shop.theirs(payment)

    shop.pays(payment)

    assert shop.state(payment)["status"] == "SUCCESS"
    assert (first.taken, shop.theirs(payment).taken) == (0, 20_00)


def test_a_customer_who_cancels_there_has_cancelled_here(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")

    shop.pays(payment, cancel="1")

    assert shop.checkout(payment).status == "CANCELLED_BY_CONSUMER"
    assert shop.state(payment)["status"] == "FAILED"


def test_a_webhook_tells_of_a_customer_whose_browser_never_comes_back_and_a_forged_one_does_not(shop: Shop) -> None:
    payment = shop.client.init(30, paymentMode="SALE_DIRECT")
    shop.goes_to_pay(payment, shop.acquirer.origin)
    shop.acquirer.shop.entered(shop.checkout(payment).id)
    body = shop.acquirer.tells(shop.theirs(payment), "payment.captured")

    forged = requests.post(shop.notification_url, body, headers=signed(body, "somebody-elses-secret"), timeout=60)
    assert (forged.status_code, shop.state(payment)["status"]) == (401, "PENDING")
    rung = requests.post(shop.notification_url, body, headers=signed(body), timeout=60)

    assert rung.status_code < 300, rung.text
    assert until(lambda: shop.state(payment)["status"], lambda status: status == "SUCCESS")


def test_a_capture_whose_answer_is_lost_is_asked_for_and_stands_once(shop: Shop) -> None:
    payment = shop.client.init(40)
    shop.pays(payment)

    with shop.acquirer.switch.at(Fault(Damage.LOST, acted=True)):
        shop.client.choose(payment)
        until(lambda: shop.theirs(payment).taken, lambda taken: taken == 40_00)
    assert shop.client.settled(payment)["status"] == "SUCCESS"
    assert (shop.theirs(payment).held, len(shop.theirs(payment).captures)) == (0, 1)


def test_a_saved_card_is_charged_without_its_holder(shop: Shop) -> None:
    payment = shop.client.init(25, paymentMode="SALE_WITH_TOKENIZATION")
    shop.pays(payment)
    saved = shop.token("save-card", {"transactionId": payment["id"], "customerId": "cust_1"})

    charged = shop.token("pay", {"cardId": saved["cardId"], "amount": 12.5, "customerId": "cust_1"})

    assert charged["success"] is True
    assert [one.taken for one in shop.acquirer.shop.payments.values()][-1] == 12_50
