"""A merchant whose methods an operator set up at Stripe: paid at a bank or a counter, told later, given back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from shared.domain.method import STRIPE_METHODS
from tests.client import Client, until
from tests.e2e.connected import operator
from tests.paygol_service import JOHN, Service
from tools.ops import connector, merchant
from tools.testing.far_sides.stripe import methods, objects
from tools.testing.far_sides.stripe.books import Intent
from tools.testing.far_sides.stripe.server import StripeAcquirer
from tools.testing.far_sides.switch import Damage, Fault

IDEAL = {**JOHN, "pg_price": "11.00", "pg_currency": "EUR", "pg_country": "NL", "pg_method": "ideal"}
OXXO = {**IDEAL, "pg_currency": "MXN", "pg_country": "MX", "pg_method": "oxxo", "pg_personalid": "VECJ880326XXX"}


class Shop:
    """A merchant with a service of its own, and customers on its pages."""

    def __init__(self, gateway_url: str, folder: Path) -> None:
        port = urlsplit(gateway_url).port
        assert port is not None
        self.acquirer = StripeAcquirer()
        made = operator(merchant.main, "create", "--name", "Methods at Stripe", port=port)
        which = ("--merchant", made["merchantId"], "--env-mode", "test", "--methods", STRIPE_METHODS)
        written = folder / "methods.json"
        account = self.acquirer.account
        known = {
            "api_base": self.acquirer.origin,
            "secret_key": account.key,
            "webhook_secret": account.webhook_secret,
        }
        written.write_text(json.dumps(known))
        shown = operator(connector.main, "set", *which, "--settings", f"@{written}", port=port)
        assert operator(connector.main, "test", *which, port=port) == {"ok": True, "account": account.id}
        self.notification_url = str(shown["notificationUrl"])
        self.client = Client(gateway_url, made["keys"]["sk_test"])
        secret = self.client.call("POST", "/api/merchant/paygol/rotate-secret", {}).json()["secret_key"]
        number = self.client.get("/api/merchant/paygol")["service_id"]
        self.service = Service(gateway_url, str(number), secret)

    def page(self, verb: str, number: str, body: dict[str, Any] | None = None) -> Any:
        method = "GET" if body is None else "POST"
        reply = self.client.using(None).call(method, f"/api/pay-direct/{number}/{verb}", body)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def begins(self, **given: Any) -> tuple[str, dict[str, Any]]:
        number = self.service.creates(**given)
        return number, dict(self.page("start", number, {}))

    def intent(self, number: str) -> Intent:
        (found,) = [one for one in self.acquirer.account.intents.values() if one.metadata["transactionId"] == number]
        return found

    def tells(self, number: str, kind: str = "payment_intent.succeeded") -> int:
        body = self.acquirer.event(kind, objects.intent(self.intent(number)))
        return self.acquirer.rings(self.notification_url, body)


@pytest.fixture(scope="module")
def shop(gateway_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = Shop(gateway_url, tmp_path_factory.mktemp("settings"))
    yield made
    made.acquirer.close()


def test_a_bank_pays_and_the_money_goes_back_in_parts(shop: Shop) -> None:
    number, view = shop.begins(**IDEAL)
    assert view["payUrl"].startswith(shop.acquirer.origin)
    assert urlsplit(shop.intent(number).return_url).path == "/pay/method/"

    assert methods.paid(shop.acquirer.account, shop.intent(number))
    assert shop.tells(number) == 200

    assert shop.page("checkout", number)["status"] == "completed"
    assert shop.page("checkout", number)["payUrl"] is None
    for _ in range(2):
        reply = shop.client.call("POST", f"/api/payment/refund/{number}", {"amount": 5.5})
        assert reply.status_code == 200, reply.text
    assert shop.intent(number).refunded == 11_00


def test_a_slip_is_paid_at_its_counter_and_its_cash_stays(shop: Shop) -> None:
    number, view = shop.begins(**OXXO)
    assert view["instructions"]["reference"].isdigit()

    assert methods.paid(shop.acquirer.account, shop.intent(number))
    shop.tells(number)

    assert shop.page("checkout", number)["status"] == "completed"
    refused = shop.client.call("POST", f"/api/payment/refund/{number}", {"amount": 5})
    assert (refused.status_code, refused.json()["code"]) == (422, "refund_not_supported")
    assert shop.intent(number).refunded == 0


def test_a_bank_that_says_no_ends_it_and_a_customer_who_leaves_can_not_be_charged(shop: Shop) -> None:
    refused, _ = shop.begins(**IDEAL)
    methods.refused(shop.intent(refused), "payment_intent_authentication_failure")
    shop.tells(refused, "payment_intent.payment_failed")
    left, _ = shop.begins(**IDEAL)
    shop.page("cancel", left, {})

    assert shop.page("checkout", refused)["status"] in ("rejected", "failed")
    assert shop.intent(left).status == "canceled"
    assert not methods.paid(shop.acquirer.account, shop.intent(left))


def test_a_beginning_whose_answer_is_lost_is_asked_for_and_is_one(shop: Shop) -> None:
    number = shop.service.creates(**IDEAL)
    with shop.acquirer.switch.at(Fault(Damage.LOST, acted=True)):
        lost = shop.client.using(None).call("POST", f"/api/pay-direct/{number}/start", {})
    assert lost.status_code >= 500

    view = until(
        lambda: shop.client.using(None).call("POST", f"/api/pay-direct/{number}/start", {}),
        lambda reply: reply.status_code == 200,
    ).json()

    assert view["payUrl"].endswith(shop.intent(number).id)


def test_only_what_stripe_has_is_offered(shop: Shop) -> None:
    offered = shop.service.asks("payment/methods", pg_country="BR")
    number = shop.service.by_form(pg_country="NL", pg_currency="EUR", pg_method="creditcard")

    codes = {method["code"] for method in shop.page("checkout", number)["methods"]}

    assert "boleto" not in json.dumps(offered)
    assert {"ideal"} <= codes
    assert not {"paysafecard", "bitcoin", "sofort"} & codes
