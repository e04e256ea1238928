"""A merchant that an operator set up at PayPal: buyers agree there, and our calls hold, capture and give back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.client import until, voucher
from tests.e2e.connected import Connected
from tools.testing.far_sides.paypal.books import Order
from tools.testing.far_sides.paypal.server import DECLINED, PAGE, PayPalAcquirer
from tools.testing.far_sides.switch import Damage, Fault

MODES = "PREAUTH_VOUCHER_CAPTURE,SALE_DIRECT,SALE_WITH_TOKENIZATION"


class Shop(Connected):
    acquirer: PayPalAcquirer

    def opens(self, payment: dict[str, Any]) -> str:
        return parse_qs(urlsplit(self.goes_to_pay(payment, self.acquirer.origin)).query)["token"][0]

    def decides(self, payment: dict[str, Any], **form: str) -> requests.Response:
        """The buyer's word on the page, which sends the browser back to where it was told to."""
        form["token"] = self.opens(payment)
        return requests.post(f"{self.acquirer.origin}{PAGE}", form, timeout=60)

    def order(self, payment: dict[str, Any]) -> Order:
        orders = self.acquirer.business.orders.values()
        return [order for order in orders if order.custom_id == payment["id"]][-1]


@pytest.fixture(scope="module")
def shop(gateway_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    acquirer = PayPalAcquirer()
    business = acquirer.business
    settings = {
        "api_base": acquirer.origin,
        "client_id": business.client_id,
        "client_secret": business.secret,
    }
    made = Shop(gateway_url, tmp_path_factory.mktemp("settings"), "paypal", settings, business.client_id, MODES)
    made.acquirer = acquirer
    yield made
    acquirer.close()


def test_a_voucher_pays_a_part_paypal_the_difference_and_it_goes_back(shop: Shop) -> None:
    payment = shop.client.init(150)

    back = shop.decides(payment)

    assert urlsplit(back.url).path == "/pay/choice/"
    assert (shop.order(payment).held, shop.order(payment).taken) == (150_00, 0)
    shop.client.choose(payment, voucher(5000))
    assert shop.client.settled(payment)["status"] == "SUCCESS"
    assert (shop.order(payment).held, shop.order(payment).taken) == (0, 100_00)
    covered = shop.state(payment)["cardAuthentication"]["sellerProtection"]
    assert (covered["status"], "UNAUTHORIZED_TRANSACTION" in covered["disputes"]) == ("ELIGIBLE", True)
    for _ in range(2):
        assert shop.refund(payment, amount=50).status_code == 200
    assert shop.order(payment).refunded == 100_00


def test_a_declined_way_of_paying_spends_its_order_and_the_same_link_leads_to_the_next(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    shop.decides(payment, declines=DECLINED)
    assert shop.state(payment)["status"] == "CARD_PREAUTH_FAILED"
    first = shop.order(payment)

    back = shop.decides(payment)

    assert urlsplit(back.url).path == "/pay/result/"
    assert shop.state(payment)["status"] == "SUCCESS"
    assert (first.taken, shop.order(payment).taken) == (0, 20_00)


def test_a_buyer_who_leaves_has_cancelled_and_what_they_agree_to_later_takes_nothing(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    name = shop.opens(payment)

    requests.post(f"{shop.acquirer.origin}{PAGE}", {"token": name, "cancel": "1"}, timeout=60)

    assert shop.state(payment)["status"] == "FAILED"
    requests.post(f"{shop.acquirer.origin}{PAGE}", {"token": name}, timeout=60)
    assert (shop.order(payment).status, shop.order(payment).taken) == ("APPROVED", 0)
    assert shop.state(payment)["status"] == "FAILED"


def test_a_hold_whose_answer_is_lost_is_asked_for_and_stands_once(shop: Shop) -> None:
    payment = shop.client.init(40)
    name = shop.opens(payment)

    with shop.acquirer.switch.at(Fault(Damage.LOST, acted=True)):
        requests.post(f"{shop.acquirer.origin}{PAGE}", {"token": name}, timeout=60)
    assert shop.order(payment).held == 40_00
    assert shop.state(payment)["status"] == "PENDING"
    requests.get(payment["redirectUrl"], timeout=60)  # the customer comes again, and PayPal is asked
    assert shop.state(payment)["status"] == "CARD_PREAUTH_SUCCESS"
    shop.client.choose(payment)
    assert shop.client.settled(payment)["status"] == "SUCCESS"
    assert (shop.order(payment).held, shop.order(payment).taken) == (0, 40_00)


def test_an_account_is_saved_charged_with_its_owner_there_or_not_given_back_and_deleted(shop: Shop) -> None:
    vault = shop.acquirer.business.vault
    others = set(vault)
    payment = shop.client.init(20, paymentMode="SALE_WITH_TOKENIZATION", customerId="cust_ada")
    shop.decides(payment)
    saved = shop.token("save-card", {"transactionId": payment["id"], "customerId": "cust_ada"})
    card = {"cardId": saved["cardId"], "customerId": "cust_ada"}

    charges = [shop.token("pay", {**card, "amount": 30, "initiator": who}) for who in ("CUSTOMER", "MERCHANT")]

    assert (saved["alias"], saved["last4"]) == ("PAYPAL b***@example.com", "")
    assert [(charge["status"], charge["cardAlias"]) for charge in charges] == [("COMPLETED", saved["alias"])] * 2
    charged = {"id": charges[1]["transactionId"]}
    assert shop.refund(charged, amount=10).status_code == 200
    assert (shop.order(charged).taken, shop.order(charged).refunded) == (30_00, 10_00)
    assert len(set(vault) - others) == 1
    assert shop.client.call("DELETE", f"/api/token-payment/cards/{saved['cardId']}").status_code == 200
    assert set(vault) == others


def test_a_charge_whose_answer_is_lost_is_found_by_its_order_and_made_once(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_WITH_TOKENIZATION", customerId="cust_bob")
    shop.decides(payment)
    saved = shop.token("save-card", {"transactionId": payment["id"], "customerId": "cust_bob"})
    wanted = {"cardId": saved["cardId"], "customerId": "cust_bob", "amount": 30}
    once = f"renewal-{payment['id']}"

    with shop.acquirer.switch.at(Fault(Damage.LOST, acted=True)):
        first = shop.client.call("POST", "/api/token-payment/pay", wanted, Idempotency_Key=once)
    assert (first.status_code, first.json()["outcome"]) == (202, "unknown")
    charged = {"id": first.json()["transactionId"]}
    again = until(
        lambda: shop.client.call("POST", "/api/token-payment/pay", wanted, Idempotency_Key=once),
        lambda reply: reply.status_code == 200,
    )

    assert again.json()["transactionId"] == charged["id"]
    assert shop.order(charged).taken == 30_00
