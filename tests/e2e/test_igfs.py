"""A merchant that an operator set up at IGFS, paid on the acquirer's own page by plain redirects, on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.e2e.connected import Connected
from tools.testing.far_sides.igfs.books import Order
from tools.testing.far_sides.igfs.server import IgfsAcquirer

APPROVED, DECLINED = "4242424242424242", "4000000000000002"


class Shop(Connected):
    acquirer: IgfsAcquirer

    def opens(self, payment: dict[str, Any]) -> str:
        """The number of the page on which the customer's browser ends up."""
        return parse_qs(urlsplit(self.goes_to_pay(payment, self.acquirer.origin)).query)["referenceData"][0]

    def types(self, page: str, number: str) -> requests.Response:
        """The card, on the acquirer's page, which sends the browser back to where it was told to."""
        action = f"{self.acquirer.origin}/UNI_CG_PP/show"
        return requests.post(action, {"referenceData": page, "pan": number}, timeout=60)

    def order(self, page: str) -> Order:
        return self.acquirer.terminal.page(page)


@pytest.fixture(scope="module")
def shop(gateway_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    acquirer = IgfsAcquirer()
    terminal = acquirer.terminal
    settings = {"server_url": acquirer.server_url, "tid": terminal.tid, "ksig": terminal.key}
    made = Shop(gateway_url, tmp_path_factory.mktemp("settings"), "igfs", settings, terminal.tid)
    made.acquirer = acquirer
    yield made
    acquirer.close()


def test_a_card_is_held_captured_and_refunded_at_the_acquirer(shop: Shop) -> None:
    payment = shop.client.init(150)
    page = shop.opens(payment)

    back = shop.types(page, APPROVED)

    assert urlsplit(back.url).path == "/pay/choice/"
    assert shop.state(payment)["status"] == "CARD_PREAUTH_SUCCESS"
    shop.client.choose(payment)
    assert shop.client.settled(payment)["status"] == "SUCCESS"
    reply = shop.refund(payment)
    assert reply.status_code == 200, reply.text
    order = shop.order(page)
    assert (order.held, order.captured, order.refunded) == (0, 15_000, 15_000)


def test_the_acquirer_rings_before_the_browser_is_back(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    page = shop.opens(payment)
    order = shop.order(page)
    assert order.callback_url.endswith(payment["id"])
    assert urlsplit(order.callback_url).path.startswith(urlsplit(shop.notification_url).path)

    shop.acquirer.terminal.entered(page, APPROVED)
    shop.acquirer.call_back(order)

    assert shop.state(payment)["status"] == "SUCCESS"
    assert shop.state(payment)["capturedAmount"] == 20


def test_a_declined_card_spends_its_page_and_the_same_link_leads_to_the_next(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT", errorUrl="http://localhost:9/oops")
    first = shop.opens(payment)

    with pytest.raises(requests.ConnectionError) as away:  # nobody is at the shop's error page
        shop.types(first, DECLINED)

    asked = away.value.request
    assert asked is not None
    assert parse_qs(urlsplit(str(asked.url)).query)["status"] == ["CARD_PREAUTH_FAILED"]
    second = shop.opens(payment)
    assert second != first
    assert urlsplit(shop.types(second, APPROVED).url).path == "/pay/result/"
    assert shop.state(payment)["status"] == "SUCCESS"


def test_nobody_else_comes_back_and_nobody_else_rings(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    page = shop.opens(payment)
    shop.acquirer.terminal.entered(page, APPROVED)
    back = shop.order(page).notify_url

    forged = requests.get(f"{back.rpartition('/')[0]}/{'0' * 32}", timeout=60, allow_redirects=False)
    rung = requests.post(f"{shop.notification_url.rpartition('/')[0]}/{'0' * 32}/{payment['id']}", timeout=60)

    assert (forged.status_code, rung.status_code) == (404, 404)
    assert shop.state(payment)["status"] == "PENDING"
