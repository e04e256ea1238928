"""The payment link's page, with the link's state given: who asks for what, and what can still be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.browser.checkout import Checkout
from tests.client import Client, voucher

Shot = Callable[[str], None]
LINK = {
    "amount": 80.00,
    "currency": "EUR",
    "description": "Catering, 12 November",
    "merchantName": "Bottega Demo",
    "status": "PENDING",
    "expiresAt": "2030-12-01T10:00:00Z",
}


@pytest.fixture
def opened(page: Page, gateway_url: str) -> Callable[..., None]:
    """Open the page of a link with these changes."""

    def open_link(**changes: Any) -> None:
        page.route("**/api/payment-links/*/public", lambda route: route.fulfill(json=LINK | changes))
        page.goto(gateway_url.removesuffix("/paymentgw") + "/pay/link/?id=LINK_00FF00FF00FF00FF")

    return open_link


def test_a_link_says_who_asks_for_what_and_leads_to_the_card(
    checkout: Checkout, page: Page, client: Client, opened: Callable[..., None], shot: Shot
) -> None:
    payment = client.init(80.00, description=LINK["description"])
    page.route("**/open", lambda route: route.fulfill(json={"redirectUrl": payment["redirectUrl"]}))
    opened()
    checkout.heading("Payment request")
    expect(page.get_by_text("Bottega Demo asks you to pay €80.00.")).to_be_visible()
    expect(page.get_by_text("Catering, 12 November")).to_be_visible()
    shot("pending")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    checkout.button("Pay €80.00").click()
    checkout.heading("Pay by card")


@pytest.mark.any_size
def test_an_amount_is_asked_for_with_its_small_coins(checkout: Checkout, opened: Callable[..., None]) -> None:
    opened(amount=1050.5, currency="HUF")

    expect(checkout.button("Pay HUF\u00a01,050.50")).to_be_visible()


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("PAID", "Already paid"),
        ("EXPIRED", "This payment request has expired"),
        ("CANCELLED", "This payment request was withdrawn"),
    ],
)
def test_a_link_that_is_over_offers_no_payment(
    checkout: Checkout, opened: Callable[..., None], shot: Shot, status: str, says: str
) -> None:
    opened(status=status)
    checkout.heading(says)
    shot(status.lower())
    expect(checkout.button("Pay")).to_have_count(0)


def test_a_link_paid_meanwhile_says_so(checkout: Checkout, page: Page, opened: Callable[..., None]) -> None:
    opened()
    expect(checkout.button("Pay €80.00")).to_be_visible()

    def refuse(route: Route) -> None:
        route.fulfill(status=409, json={"success": False, "message": "this link was paid", "code": "link_paid"})

    page.route("**/open", refuse)
    page.route("**/api/payment-links/*/public", lambda route: route.fulfill(json=LINK | {"status": "PAID"}))
    checkout.button("Pay €80.00").click()
    checkout.heading("Already paid")


def test_an_unknown_link_is_explained(checkout: Checkout, page: Page, gateway_url: str) -> None:
    page.goto(gateway_url.removesuffix("/paymentgw") + "/pay/link/?id=LINK_0000000000000000")
    checkout.heading("This payment cannot be shown")


def test_a_real_link_is_paid_by_voucher_and_card_and_then_says_so(
    checkout: Checkout, page: Page, client: Client, shot: Shot
) -> None:
    made = client.call("POST", "/api/payment-links/create", {"amount": 50.00, "description": "Invoice 7"}).json()
    page.goto(made["linkUrl"])
    expect(page.get_by_text("Bottega Demo asks you to pay €50.00.")).to_be_visible()
    checkout.button("Pay €50.00").click()
    checkout.pay_by_card()
    checkout.add_vouchers(voucher(2000))
    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")
    page.goto(made["linkUrl"])
    checkout.heading("Already paid")
    shot("paid for real")


def test_a_real_link_that_was_withdrawn_offers_no_payment(checkout: Checkout, page: Page, client: Client) -> None:
    made = client.call("POST", "/api/payment-links/create", {"amount": 50.00}).json()
    page.goto(made["linkUrl"])
    expect(checkout.button("Pay €50.00")).to_be_visible()
    client.call("POST", f"/api/payment-links/{made['transactionId']}/cancel", {})
    checkout.button("Pay €50.00").click()
    checkout.heading("This payment request was withdrawn")


@pytest.mark.any_size
def test_a_link_of_a_shop_that_takes_nothing_now_says_so(
    checkout: Checkout, page: Page, opened: Callable[..., None], complaints: list[str]
) -> None:
    refusal = {"success": False, "message": "this merchant is suspended", "code": "merchant_suspended"}
    page.route("**/open", lambda route: route.fulfill(status=403, json=refusal))
    opened()
    checkout.button("Pay €80.00").click()

    checkout.heading("This shop takes no payments at the moment")
    complaints.clear()
