"""A merchant that an operator set up at Stripe: cards on its Checkout, vouchers beside them, events that it signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.client import Client, until, voucher
from tests.e2e.connected import Connected
from tools.testing.far_sides.stripe.books import Account, Intent
from tools.testing.far_sides.stripe.presented import ASKED_BY_BANK
from tools.testing.far_sides.stripe.server import StripeAcquirer
from tools.testing.far_sides.switch import Damage, Fault

CLOSED = "charge.dispute.closed"
APPROVED, DECLINED = "4242424242424242", "4000000000009995"


class Shop(Connected):
    acquirer: StripeAcquirer

    @property
    def account(self) -> Account:
        return self.acquirer.account

    def opens(self, payment: dict[str, Any]) -> str:
        return self.goes_to_pay(payment, self.acquirer.origin)

    def pays(self, payment: dict[str, Any], number: str = APPROVED) -> requests.Response:
        return requests.post(self.opens(payment), {"number": number}, timeout=60)

    def presents(self, number: str) -> tuple[dict[str, Any], Client]:
        """What the shop is told that hands a card over with its order, and the holder's window."""
        order = {"customer_id": self.customer(), "currency": "EUR", "amount": 1000}
        made = self.client.call("POST", "/api/v1/orders", order).json()
        card = {"number": number, "holder_name": "Ada", "expiry_month": "12", "expiry_year": "2030", "cvv": "123"}
        body = {"order_id": made["id"], "method": "card", "card": card, "callback_url": "https://shop.example/back"}
        begun = self.client.call("POST", "/api/v1/payments", body)
        assert begun.status_code == 201, begun.text
        page = parse_qs(urlsplit(begun.json()["next_steps"][0]["payload"]["url"]).query)
        return dict(begun.json()), self.client.using(page["authToken"][0])

    def intent(self, payment: dict[str, Any]) -> Intent:
        (found,) = [one for one in self.account.intents.values() if one.metadata["transactionId"] == payment["id"]]
        return found

    def disputes(self, payment: dict[str, Any]) -> list[dict[str, Any]]:
        """Those of the payment, as the merchant's list has them."""
        listed = self.client.get("/api/merchant/disputes?size=50")["disputes"]
        return [each for each in listed if each["originalTransactionId"] == payment["id"]]


@pytest.fixture(scope="module")
def shop(gateway_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    acquirer = StripeAcquirer()
    account = acquirer.account
    settings = {
        "api_base": acquirer.origin,
        "secret_key": account.key,
        "webhook_secret": [account.webhook_secret],
        "raw_cards": True,
    }
    made = Shop(gateway_url, tmp_path_factory.mktemp("settings"), "stripe", settings, account.id)
    made.acquirer = acquirer
    yield made
    acquirer.close()


def test_a_voucher_pays_a_part_the_card_the_difference_and_both_parts_of_it_go_back(shop: Shop) -> None:
    payment = shop.client.init(150)

    back = shop.pays(payment)

    assert urlsplit(back.url).path == "/pay/choice/"
    shop.client.choose(payment, voucher(5000))
    assert shop.client.settled(payment)["status"] == "SUCCESS"
    intent = shop.intent(payment)
    assert (intent.status, intent.held, intent.received) == ("succeeded", 0, 10_000)
    for _ in range(2):
        reply = shop.refund(payment, amount=50)
        assert reply.status_code == 200, reply.text
    assert intent.refunded == 10_000
    assert len(shop.account.refunds) == 2


def test_a_voucher_that_pays_everything_cancels_the_hold(shop: Shop) -> None:
    payment = shop.client.init(30)
    shop.pays(payment)

    shop.client.choose(payment, voucher(5000))

    assert shop.client.settled(payment)["status"] == "SUCCESS"
    assert (shop.intent(payment).status, shop.intent(payment).received) == ("canceled", 0)


def test_a_declined_card_is_followed_by_another_on_the_same_page(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    assert "declined" in shop.pays(payment, DECLINED).text
    assert shop.state(payment)["status"] == "PENDING"

    back = shop.pays(payment)

    assert urlsplit(back.url).path == "/pay/result/"
    assert shop.state(payment)["status"] == "SUCCESS"
    assert shop.intent(payment).received == 20_00


def test_a_capture_whose_answer_is_lost_is_made_once_and_known(shop: Shop) -> None:
    payment = shop.client.init(40)
    shop.pays(payment)

    with shop.acquirer.switch.at(Fault(Damage.LOST, acted=True)):
        shop.client.choose(payment)
        until(lambda: shop.intent(payment).received, bool)
    seen = shop.client.settled(payment, {"SUCCESS"})

    assert seen["capturedAmount"] == 40.0
    assert (shop.intent(payment).received, shop.intent(payment).refunded) == (40_00, 0)


def test_an_event_is_a_bell_and_a_forged_one_is_none(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    page = shop.opens(payment).rpartition("/")[2]
    shop.account.entered(page, APPROVED)
    body = shop.acquirer.tells_of(shop.account.sessions[page])

    assert shop.acquirer.rings(shop.notification_url, body, secret="whsec_of_somebody_else") == 401
    assert shop.state(payment)["status"] == "PENDING"
    assert shop.acquirer.rings(shop.notification_url, body) == 200

    assert shop.state(payment)["status"] == "SUCCESS"


def test_a_customer_who_leaves_has_cancelled_and_the_page_takes_no_card(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT", errorUrl="http://localhost:9/oops")
    page = shop.opens(payment).rpartition("/")[2]
    left = shop.account.sessions[page].given["cancel_url"]

    led = requests.get(left, timeout=60, allow_redirects=False)

    assert parse_qs(urlsplit(led.headers["Location"]).query)["error"] == ["cancelled"]
    assert not shop.account.entered(page, APPROVED)
    assert shop.state(payment)["status"] == "FAILED"


def test_a_dispute_finds_its_payment_by_stripes_own_number_of_it(shop: Shop) -> None:
    payment = shop.client.init(60)
    shop.pays(payment)
    shop.client.choose(payment)
    shop.client.settled(payment, {"SUCCESS"})
    dispute = shop.account.dispute(shop.intent(payment))
    opened = shop.acquirer.tells_of_dispute(dispute)

    assert shop.acquirer.rings(shop.notification_url, opened, secret="whsec_of_somebody_else") == 401
    assert shop.acquirer.rings(shop.notification_url, opened) == 200

    (seen,) = shop.disputes(payment)
    assert (seen["status"], seen["amountDisputed"]) == ("OPEN", 60.0)
    assert shop.refund(payment, amount=10).status_code >= 400  # the bank has taken all of it for now
    dispute.status = "won"
    assert shop.acquirer.rings(shop.notification_url, shop.acquirer.tells_of_dispute(dispute, CLOSED)) == 200
    (seen,) = shop.disputes(payment)
    assert seen["status"] == "WON"
    assert shop.refund(payment, amount=10).status_code == 200


def test_an_answer_to_a_dispute_reaches_stripe_with_its_file_and_a_refused_one_is_told(shop: Shop) -> None:
    payment = shop.client.init(35, paymentMode="SALE_DIRECT")
    shop.pays(payment)
    shop.state(payment)
    dispute = shop.account.dispute(shop.intent(payment))
    assert shop.acquirer.rings(shop.notification_url, shop.acquirer.tells_of_dispute(dispute)) == 200
    (seen,) = shop.disputes(payment)
    path = f"/api/merchant/disputes/{seen['disputeId']}"
    text = {"fileName": "a.txt", "contentType": "text/plain", "size": 3}
    assert shop.client.call("POST", f"{path}/evidence", text).json()["code"] == "file_type"
    given_up = shop.account.dispute(shop.intent(payment))
    assert shop.acquirer.rings(shop.notification_url, shop.acquirer.tells_of_dispute(given_up)) == 200
    both = {each["disputeId"] for each in shop.disputes(payment)}
    (other,) = both - {seen["disputeId"]}

    place = shop.client.call(
        "POST",
        f"{path}/evidence",
        {"fileName": "proof.pdf", "contentType": "application/pdf", "size": 8, "purpose": "RECEIPT"},
    ).json()
    form = place["upload"]
    up = requests.post(form["url"], data=form["fields"], files={"file": b"%PDF-1.7"}, timeout=60)
    assert up.status_code in (200, 204), up.text
    answer = {"response": "Delivered on Monday", "evidence": [place["evidenceId"]]}
    assert shop.client.call("POST", f"{path}/respond", answer).json()["delivery"] == "WAITING"
    given_up.status = "won"  # so that giving it up comes too late
    accept = shop.client.call("POST", f"/api/merchant/disputes/{other}/respond", {"accept": True})
    assert accept.json()["status"] == "UNDER_REVIEW"

    def delivered(name: str) -> str:
        return str(shop.client.get(f"/api/merchant/disputes/{name}")["responses"][0]["delivery"])

    assert until(lambda: delivered(seen["disputeId"]), lambda state: state != "WAITING", seconds=150) == "SENT"
    assert (dispute.status, dispute.submissions) == ("under_review", 1)
    assert dispute.evidence["uncategorized_text"] == "Delivered on Monday"
    assert shop.account.files[dispute.evidence["receipt"]].content == b"%PDF-1.7"
    assert until(lambda: delivered(other), lambda state: state != "WAITING", seconds=150) == "REFUSED"
    shown = shop.client.get(f"/api/merchant/disputes/{other}")
    assert (shown["status"], shown["responses"][0]["accepted"]) == ("OPEN", True)
    assert shop.state(payment)["attention"] == "DISPUTE_ANSWER_NOT_TAKEN"


def test_a_saved_card_is_charged_without_its_holder_and_forgotten(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_WITH_TOKENIZATION")
    shop.pays(payment)
    saved = shop.token("save-card", {"transactionId": payment["id"], "customerId": "cust_1"})

    charged = shop.token("pay", {"cardId": saved["cardId"], "amount": 12.5, "customerId": "cust_1"})

    listed = shop.client.get("/api/token-payment/cards?customerId=cust_1")["cards"]
    assert (charged["success"], charged["gateway"], listed[0]["gateway"]) == (True, "STRIPE", "STRIPE")
    assert [one.amount for one in shop.account.intents.values() if one.customer][-1] == 12_50


def test_a_card_that_the_shop_presents_is_shown_to_its_bank_and_charged_once(shop: Shop) -> None:
    begun, holder = shop.presents(ASKED_BY_BANK)
    path = f"/api/v1/authentication/{begun['payment_id']}"
    waits = holder.call("POST", path, {})
    assert (waits.status_code, waits.json()["status"]) == (202, "pending")
    bank = waits.json()["bank_url"]
    assert urlsplit(bank).netloc == urlsplit(shop.acquirer.origin).netloc
    assert holder.get(path)["bank_url"] == bank
    assert shop.intent(begun | {"id": begun["payment_id"]}).received == 0

    back = requests.post(bank, {"passes": "1"}, timeout=60, allow_redirects=False).headers["Location"]

    assert (urlsplit(back).path, "authToken" in back) == ("/pay/authenticate/", False)
    done = holder.call("POST", path, {}).json()
    assert (done["status"], done["bank_url"]) == ("success", None)
    assert done["redirect_url"].startswith("https://shop.example/back?")
    assert shop.intent(begun | {"id": begun["payment_id"]}).received == 10_00
    assert shop.client.get(f"/api/v1/orders/{begun['order_id']}")["status"] == "paid"


def test_a_holder_whom_their_bank_does_not_know_pays_nothing(shop: Shop) -> None:
    begun, holder = shop.presents(ASKED_BY_BANK)
    path = f"/api/v1/authentication/{begun['payment_id']}"
    bank = holder.call("POST", path, {}).json()["bank_url"]

    requests.post(bank, {"passes": ""}, timeout=60, allow_redirects=False)

    assert holder.call("POST", path, {}).json()["status"] == "failed"
    assert shop.intent(begun | {"id": begun["payment_id"]}).received == 0


def test_a_presented_cards_charge_whose_answer_is_lost_is_asked_for(shop: Shop) -> None:
    begun, holder = shop.presents(APPROVED)
    path = f"/api/v1/authentication/{begun['payment_id']}"

    with shop.acquirer.switch.at(Fault(Damage.LOST, acted=True)):
        holder.call("POST", path, {})
    done = until(lambda: holder.call("POST", path, {}).json(), lambda said: said["status"] != "pending")

    assert done["status"] == "success"
    assert shop.intent(begun | {"id": begun["payment_id"]}).received == 10_00
