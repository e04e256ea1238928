"""A merchant that an operator set up at IGFS, paid on the acquirer's own page by plain redirects, on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from click.testing import CliRunner

from tests.client import Client
from tools.ops import connector, merchant
from tools.testing.far_sides.igfs.books import Order
from tools.testing.far_sides.igfs.server import IgfsAcquirer

APPROVED, DECLINED = "4242424242424242", "4000000000000002"


def operator(program: Any, *command: str, port: int) -> dict[str, Any]:
    done = CliRunner().invoke(program, [*command, "--port", str(port)])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


@dataclass(slots=True)
class Shop:
    client: Client
    acquirer: IgfsAcquirer
    notification_url: str

    def goes_to_pay(self, payment: dict[str, Any]) -> str:
        """The customer's browser follows the shop's link; the number of the page on which it ends up."""
        reply = requests.get(payment["redirectUrl"], timeout=60)
        assert reply.status_code == 200, reply.text
        assert urlsplit(reply.url).netloc == urlsplit(self.acquirer.origin).netloc
        return parse_qs(urlsplit(reply.url).query)["referenceData"][0]

    def types(self, page: str, number: str) -> requests.Response:
        """The card, on the acquirer's page, which sends the browser back to where it was told to."""
        action = f"{self.acquirer.origin}/UNI_CG_PP/show"
        return requests.post(action, {"referenceData": page, "pan": number}, timeout=60)

    def order(self, page: str) -> Order:
        return self.acquirer.terminal.page(page)


@pytest.fixture(scope="module")
def shop(gateway_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    port = urlsplit(gateway_url).port
    assert port is not None
    acquirer = IgfsAcquirer()
    made = operator(merchant.main, "create", "--name", "IGFS Shop", port=port)
    terminal = acquirer.terminal
    settings = Path(tmp_path_factory.mktemp("settings")) / "igfs.json"
    settings.write_text(json.dumps({"server_url": acquirer.server_url, "tid": terminal.tid, "ksig": terminal.key}))
    which = ("--merchant", made["merchantId"], "--env-mode", "test", "--gateway", "igfs")
    shown = operator(connector.main, "set", *which, "--settings", f"@{settings}", port=port)
    assert operator(connector.main, "test", *which, port=port) == {"ok": True, "account": terminal.tid}
    yield Shop(Client(gateway_url, made["keys"]["sk_test"]), acquirer, shown["notificationUrl"])
    acquirer.close()


def test_a_card_is_held_captured_and_refunded_at_the_acquirer(shop: Shop) -> None:
    payment = shop.client.init(150)
    page = shop.goes_to_pay(payment)

    back = shop.types(page, APPROVED)

    assert urlsplit(back.url).path == "/pay/choice/"
    state = f"/api/payment/transaction/{payment['id']}"
    assert shop.client.get(state)["status"] == "CARD_PREAUTH_SUCCESS"
    shop.client.choose(payment)
    assert shop.client.settled(payment)["status"] == "SUCCESS"
    reply = shop.client.call("POST", f"/api/payment/refund/{payment['id']}", {})
    assert reply.status_code == 200, reply.text
    order = shop.order(page)
    assert (order.held, order.captured, order.refunded) == (0, 15_000, 15_000)


def test_the_acquirer_rings_before_the_browser_is_back(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    page = shop.goes_to_pay(payment)
    order = shop.order(page)
    assert order.callback_url.endswith(payment["id"])
    assert urlsplit(order.callback_url).path.startswith(urlsplit(shop.notification_url).path)

    shop.acquirer.terminal.entered(page, APPROVED)
    shop.acquirer.call_back(order)

    assert shop.client.get(f"/api/payment/transaction/{payment['id']}")["status"] == "SUCCESS"
    assert shop.client.get(f"/api/payment/transaction/{payment['id']}")["capturedAmount"] == 20


def test_a_declined_card_spends_its_page_and_the_same_link_leads_to_the_next(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT", errorUrl="http://localhost:9/oops")
    first = shop.goes_to_pay(payment)

    with pytest.raises(requests.ConnectionError) as away:  # nobody is at the shop's error page
        shop.types(first, DECLINED)

    asked = away.value.request
    assert asked is not None
    assert parse_qs(urlsplit(str(asked.url)).query)["status"] == ["CARD_PREAUTH_FAILED"]
    second = shop.goes_to_pay(payment)
    assert second != first
    assert urlsplit(shop.types(second, APPROVED).url).path == "/pay/result/"
    assert shop.client.get(f"/api/payment/transaction/{payment['id']}")["status"] == "SUCCESS"


def test_nobody_else_comes_back_and_nobody_else_rings(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    page = shop.goes_to_pay(payment)
    shop.acquirer.terminal.entered(page, APPROVED)
    back = shop.order(page).notify_url

    forged = requests.get(f"{back.rpartition('/')[0]}/{'0' * 32}", timeout=60, allow_redirects=False)
    rung = requests.post(f"{shop.notification_url.rpartition('/')[0]}/{'0' * 32}/{payment['id']}", timeout=60)

    assert (forged.status_code, rung.status_code) == (404, 404)
    assert shop.client.get(f"/api/payment/transaction/{payment['id']}")["status"] == "PENDING"
