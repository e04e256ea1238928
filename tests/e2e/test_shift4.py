"""A merchant that an operator set up at Shift4: tokens are handed over, held, captured whole and charged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.client import until, voucher
from tests.e2e.connected import Connected
from tools.testing.far_sides.shift4.books import APPROVED, Charge
from tools.testing.far_sides.shift4.server import Shift4Acquirer
from tools.testing.far_sides.shift4.side import DECLINED
from tools.testing.far_sides.switch import Damage, Fault

VISITOR = "visit_" + "5a" * 32


class Shop(Connected):
    acquirer: Shift4Acquirer

    def opens(self, payment: dict[str, Any]) -> str:
        """The number of the card page that takes a card now."""
        reply = requests.get(payment["redirectUrl"], timeout=60)
        assert urlsplit(reply.url).path == "/pay/shift4/"
        return parse_qs(urlsplit(reply.url).query)["paymentID"][0]

    def token(self, number: str = APPROVED) -> str:  # type: ignore[override]
        return self.acquirer.account.tokenized(number, holder="Ada Rossi").id

    def hands(self, payment: dict[str, Any], page: str, token: str, visitor: str = VISITOR) -> requests.Response:
        """What the page's script does with the token."""
        shop = self.client.using(visitor)
        return shop.call("POST", f"/checkout/agree/{payment['id']}", {"paymentID": page, "token": token})

    def pays(self, payment: dict[str, Any], number: str = APPROVED) -> dict[str, Any]:
        reply = self.hands(payment, self.opens(payment), self.token(number))
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def charges(self, payment: dict[str, Any]) -> list[Charge]:
        known = self.acquirer.account.charges.values()
        return [one for one in known if one.metadata.get("transactionId") == payment["id"]]

    def charge(self, payment: dict[str, Any]) -> Charge:
        [one] = [one for one in self.charges(payment) if not one.failure]
        return one

    def saved_cards(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        return super().token(verb, body)


@pytest.fixture(scope="module")
def shop(gateway_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    acquirer = Shift4Acquirer()
    settings = acquirer.settings | {"capture_then_refund": True}
    made = Shop(gateway_url, tmp_path_factory.mktemp("settings"), "shift4", settings, acquirer.account.public)
    made.acquirer = acquirer
    yield made
    acquirer.close()


@pytest.fixture(scope="module", autouse=True)
def refused(shop: Shop) -> dict[str, Any]:
    """A payment whose difference is refused once, begun before the other tests: it is a minute until the next try."""
    payment = shop.client.init(150)
    shop.pays(payment)
    shop.acquirer.account.refusals[shop.charge(payment).card.id] = 1
    shop.client.choose(payment, voucher(5000))
    done = shop.client.settled(payment)
    assert (done["status"], done["difference"]) == ("SUCCESS", {"amount": 50.0, "givenBack": False})
    assert done["attention"] == "DIFFERENCE_NOT_REFUNDED"
    return payment


def test_vouchers_pay_a_part_the_hold_is_captured_whole_and_the_difference_goes_back(shop: Shop) -> None:
    payment = shop.client.init(150)

    said = shop.pays(payment)

    assert urlsplit(said["nextUrl"]).path == "/pay/choice/"
    assert (shop.charge(payment).held, shop.state(payment)["card"]["last4"]) == (150_00, "4242")
    shop.client.choose(payment, voucher(5000))
    done = shop.client.settled(payment)
    assert done["status"] == "SUCCESS"
    assert (done["capturedAmount"], done["releasedAmount"]) == (100.0, 0.0)
    assert done["difference"] == {"amount": 50.0, "givenBack": True}
    charge = shop.charge(payment)
    assert (charge.held, charge.taken, charge.refunded) == (0, 150_00, 50_00)
    assert shop.refund(payment, amount=50).status_code == 200
    assert shop.refund(payment, amount=100.01).status_code == 400
    assert shop.refund(payment).status_code == 200
    assert (shop.state(payment)["status"], shop.charge(payment).refunded) == ("REFUNDED", 150_00)


def test_a_hold_that_is_voided_is_let_go_and_nothing_is_taken(shop: Shop) -> None:
    payment = shop.client.init(30)
    shop.pays(payment)

    assert shop.client.call("POST", f"/api/payment/void/{payment['id']}", {}).status_code in (200, 202)

    shop.client.settled(payment)
    charge = shop.charge(payment)
    assert (charge.held, charge.taken, charge.released) == (0, 0, True)


def test_a_declined_card_spends_its_page_and_the_same_link_leads_to_the_next(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    first = shop.opens(payment)

    said = shop.pays(payment, DECLINED)

    assert (said["status"], said["nextUrl"]) == ("CARD_PREAUTH_FAILED", None)
    assert shop.state(payment)["lastError"]["code"] == "insufficient_funds"
    assert shop.hands(payment, first, shop.token()).json()["status"] == "CARD_PREAUTH_FAILED"
    assert shop.opens(payment) != first
    said = shop.pays(payment)
    assert urlsplit(said["nextUrl"]).path == "/pay/result/"
    assert (shop.state(payment)["status"], shop.charge(payment).taken) == ("SUCCESS", 20_00)


def test_a_token_is_taken_once_from_one_browser_and_a_repeated_one_is_answered_the_same(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    page, token = shop.opens(payment), shop.token()

    first = shop.hands(payment, page, token).json()

    assert shop.hands(payment, page, token).json() == first
    somebody = shop.hands(payment, page, shop.token(), "visit_" + "6b" * 32)
    assert (somebody.status_code, somebody.json()["code"]) == (409, "page_paid")
    assert len(shop.charges(payment)) == 1


@pytest.mark.parametrize("token", ["tok_0000000000", "tok_x", "4242424242424242"])
def test_what_shift4_did_not_make_is_refused_and_the_page_goes_on(shop: Shop, token: str) -> None:
    payment = shop.client.init(20)
    page = shop.opens(payment)

    assert shop.hands(payment, page, token).status_code == 400

    assert shop.opens(payment) == page
    assert shop.state(payment)["status"] == "PENDING"


def test_an_answer_that_is_lost_is_asked_for_and_charges_once(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    page, token = shop.opens(payment), shop.token()

    with shop.acquirer.switch.at(Fault(Damage.LOST, acted=True)):
        said = shop.hands(payment, page, token).json()
    assert (said["status"], said["beingChecked"], said["nextUrl"]) == ("PENDING", True, None)

    paid = until(lambda: shop.hands(payment, page, token).json(), lambda seen: bool(seen["nextUrl"]), 150)
    assert (paid["status"], shop.charge(payment).taken) == ("SUCCESS", 20_00)


def test_a_card_is_saved_charged_and_deleted_there(shop: Shop) -> None:
    payment = shop.client.init(10, paymentMode="SALE_WITH_TOKENIZATION", customerEmail="ada@example.com")
    shop.pays(payment)
    owner = {"customerId": "cust_shift4"}
    saved = shop.saved_cards(
        "save-card", {**owner, "transactionId": payment["id"], "saveCard": True, "consentGiven": True}
    )

    again = shop.saved_cards("pay", {**owner, "cardId": saved["cardId"], "amount": 5, "initiator": "MERCHANT"})

    charge = next(one for one in shop.acquirer.account.charges.values() if one.amount == 5_00 and one.customer)
    assert (again["status"], charge.type, charge.taken) == ("COMPLETED", "merchant_initiated", 5_00)
    gone = shop.client.call("DELETE", f"/api/token-payment/cards/{saved['cardId']}?customerId=cust_shift4")
    assert gone.status_code == 200
    assert shop.acquirer.account.customers[charge.customer] == {}


def test_a_bell_that_names_an_event_has_the_payment_asked_about_and_a_forged_one_is_refused(shop: Shop) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    shop.pays(payment)
    told = shop.acquirer.tells(shop.charge(payment))

    assert requests.post(shop.notification_url, told, timeout=60).status_code in (200, 202)
    forged = told.replace(b'"event_', b'"event_x')
    assert requests.post(shop.notification_url, forged, timeout=60).status_code == 401


def test_a_difference_that_is_refused_is_owed_shown_and_given_back_by_itself(
    shop: Shop, refused: dict[str, Any]
) -> None:
    until(lambda: shop.state(refused), lambda seen: seen["difference"]["givenBack"], 150)

    assert shop.state(refused)["attention"] is None
    assert (shop.charge(refused).taken, shop.charge(refused).refunded) == (150_00, 50_00)
