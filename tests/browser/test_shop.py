"""The sample shop: paying both ways, and what its server makes of the webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.checkout import Checkout
from tests.browser.test_payglobe_js import in_frame
from tests.client import voucher
from tools.local.shop.merchant import BadBasket, Merchant, verified
from tools.local.shop.plugin import Plugin
from tools.ops.onboarding import DEMO_SERVICE_SECRET

Shot = Callable[[str], None]
SECRET = "whsec_test_c2VjcmV0IG9mIHRoZSBzaG9w"


@pytest.fixture
def shop(page: Page, gateway_url: str) -> Page:
    page.goto(gateway_url.removesuffix("/paymentgw") + "/")
    expect(page.get_by_role("button", name="Pay here")).to_be_enabled()
    return page


def test_paying_in_the_page_turns_the_order_paid_by_webhook(checkout: Checkout, shop: Page, shot: Shot) -> None:
    shot("start")
    shop.get_by_role("button", name="Add Caffè").click()
    expect(shop.locator(".total")).to_contain_text("€28.20")
    shop.get_by_role("button", name="Pay here").click()
    inside = in_frame(checkout, "#payment-container")
    inside.pay_by_card()
    inside.add_vouchers(voucher(800))
    inside.use_vouchers()
    inside.heading("Thank you, your payment is complete")
    expect(shop.locator("#banner")).to_contain_text("€28.20): paid")
    seen = shop.locator("#received > li").filter(has_text="payment_intent.succeeded").first
    expect(seen).to_contain_text("✓ X-PayGlobe-Signature")
    expect(seen).to_contain_text("✓ Stripe-Signature")
    shot("paid")


def test_vouchers_pay_for_the_food_of_a_basket_and_for_nothing_else_in_it(
    checkout: Checkout, shop: Page, shot: Shot
) -> None:
    shop.get_by_role("button", name="Add Tazza della bottega").click()
    expect(shop.locator(".total")).to_contain_text("€35.80")
    shop.get_by_role("button", name="Pay here").click()
    inside = in_frame(checkout, "#payment-container")
    inside.pay_by_card()
    expect(inside.at.get_by_text("€26.80 of this purchase can be paid by meal vouchers.")).to_be_visible()
    inside.add_vouchers(voucher(5000))
    inside.row("Vouchers pay", "€26.80")
    shot("part")
    inside.use_vouchers()
    expect(shop.locator("#banner")).to_contain_text("€35.80): paid")


def test_an_order_of_which_vouchers_paid_more_than_the_food_is_not_cooked() -> None:
    merchant = Merchant(SECRET)
    order = merchant.place({"mug": 1, "coffee": 1})
    event = {"status": "SUCCESS", "totalAmount": 10.40, "voucherAmount": 1.41}

    merchant.told(order.number, {"any": True}, event)
    assert (order.status, merchant.received[-1]["note"]) == (
        "waiting",
        "ignored: vouchers paid for more than the food",
    )
    merchant.told(order.number, {"any": True}, event | {"voucherAmount": 1.40})
    assert order.status == "paid"


def test_paying_on_the_payment_page_leads_back_to_the_shop(checkout: Checkout, shop: Page, shot: Shot) -> None:
    shop.get_by_role("button", name="Pay on the payment page").click()
    checkout.pay_by_card()
    checkout.card_only()
    shop.get_by_role("link", name="Back to Bottega Demo").click()
    expect(shop.locator("#banner")).to_contain_text("€26.80): paid")
    shot("back")


def test_a_form_leads_to_the_other_ways_to_pay_and_its_notification_pays_the_order(shop: Page, shot: Shot) -> None:
    shop.get_by_role("button", name="Other ways to pay").click()
    expect(shop.get_by_role("heading", level=1)).to_have_text("How would you like to pay?")
    shop.locator("select[name=pg_country]").select_option("DE")
    shop.locator("[data-method=bitcoin]").click()
    for name, value in {"first_name": "Ada", "last_name": "Rossi", "email": "ada@example.com"}.items():
        shop.locator(f"input[name=pg_{name}]").fill(value)
    shop.locator("[data-action=continue]").click()
    shop.locator("[data-action=pay]").click()

    expect(shop.locator("#banner")).to_contain_text("€26.80): paid")
    seen = shop.locator("#received > li").filter(has_text="notification").first
    expect(seen).to_contain_text("✓ key")
    seen.get_by_text("The whole message").click()
    expect(seen.locator("pre")).to_contain_text('"method": "bitcoin"')
    expect(seen.locator("pre")).not_to_contain_text(DEMO_SERVICE_SECRET)
    shot("paid")


def by_query(**changes: str) -> dict[str, str]:
    whole = {"key": "the secret", "service_id": "123", "custom": "1001", "frmprice": "9.50", "frmcurrency": "EUR"}
    return whole | changes


@pytest.mark.parametrize(
    ("changes", "taken", "status"),
    [({}, True, "paid"), ({"key": "guessed"}, False, "waiting"), ({"service_id": "9"}, False, "waiting"),
     ({"frmprice": "0.50"}, True, "waiting"), ({"frmcurrency": "CLP"}, False, "waiting"),
     ({"custom": "7"}, True, "waiting")],
    ids=str,
)  # fmt: skip
def test_a_notification_by_query_pays_the_order_it_is_right_about(
    changes: dict[str, str], taken: bool, status: str
) -> None:
    merchant, plugin = Merchant(SECRET), Plugin("http://shop.example", "123", "the secret", "sk")
    order = merchant.place({"trofie": 1})
    told_now = by_query(**changes)

    checks, said = plugin.read(told_now)

    assert merchant.told(int(told_now["custom"]), checks, said) is taken
    assert order.status == status
    assert "the secret" not in str(merchant.seen(0))


def test_a_cancelled_payment_keeps_the_basket(checkout: Checkout, shop: Page) -> None:
    shop.get_by_role("button", name="Pay here").click()
    inside = in_frame(checkout, "#payment-container")
    inside.button("Cancel payment").click()
    inside.at.get_by_role("dialog").get_by_role("button", name="Cancel payment").click()
    expect(shop.get_by_role("alert")).to_contain_text("Your basket is still here")
    expect(shop.get_by_role("button", name="Pay here")).to_be_enabled()


def test_the_shop_has_no_barriers(shop: Page) -> None:
    results = Axe().run(shop)
    assert results.violations_count == 0, results.generate_report()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    stamp = int(time.time())
    stripe = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "x-payglobe-signature": base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode(),
        "stripe-signature": f"t={stamp},v1={stripe}",
    }


def event(status: str = "SUCCESS", total: float = 9.5) -> bytes:
    return json.dumps({"type": "payment_intent.succeeded", "status": status, "totalAmount": total}).encode()


def told(merchant: Merchant, body: bytes, **headers: str) -> dict[str, Any]:
    merchant.notified(1001, headers or signed(body), body)
    return dict(merchant.seen(0)["received"][-1])


def test_an_order_is_paid_once_by_a_genuine_message_of_the_right_amount() -> None:
    merchant = Merchant(SECRET)
    order = merchant.place({"trofie": 1})
    assert told(merchant, event(total=0.5))["note"] == "ignored: the amount is not the order's"
    assert told(merchant, event("PROCESSING"))["note"] == "noted: nothing to do yet"
    assert order.status == "waiting"
    assert "order paid" in told(merchant, event())["note"]
    assert "known already" in told(merchant, event())["note"]
    assert order.status == "paid"


def test_a_forged_message_moves_nothing_and_is_shown_as_forged() -> None:
    merchant = Merchant(SECRET)
    order = merchant.place({"trofie": 1})
    body = event()
    for headers in (signed(body, "whsec_test_wrong"), signed(event(total=9.4)), {"user-agent": "someone"}):
        assert told(merchant, body, **headers)["genuine"] is False
    assert order.status == "waiting"


def test_one_bad_signature_among_good_ones_is_enough_to_refuse() -> None:
    body = event()
    headers = signed(body) | {"stripe-signature": f"t={int(time.time()) - 9999},v1=00"}
    assert verified(headers, body, SECRET) == {"X-PayGlobe-Signature": True, "Stripe-Signature": False}
    merchant = Merchant(SECRET)
    order = merchant.place({"trofie": 1})
    assert merchant.notified(1001, headers, body) is False
    assert order.status == "waiting"


@pytest.mark.parametrize("basket", [None, {}, {"caviar": 1}, {"trofie": 0}, {"trofie": -1}, {"trofie": True}, [1]])
def test_only_what_the_shop_sells_can_be_ordered(basket: object) -> None:
    with pytest.raises(BadBasket):
        Merchant(SECRET).place(basket)
