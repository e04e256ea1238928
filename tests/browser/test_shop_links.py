"""The sample shop's desk for payment links: make one, show its code, and see it being paid."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.checkout import Checkout
from tests.client import Client

Shot = Callable[[str], None]


@pytest.fixture
def desk(page: Page, gateway_url: str) -> Page:
    page.goto(gateway_url.removesuffix("/paymentgw") + "/shop/links")
    expect(page.get_by_role("heading", name="Ask for money with a link")).to_be_visible()
    return page


def test_link_is_made_shown_as_a_code_and_turns_paid_by_itself(
    desk: Page, context: BrowserContext, client: Client, shot: Shot
) -> None:
    desk.get_by_label("What it is for").fill("Table 9")
    desk.get_by_role("button", name="Create the link").click()
    code = desk.get_by_role("img", name="QR code of the link for €50.00")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth)") == 440
    expect(desk.locator("#shown .state")).to_have_text("PENDING")
    expect(desk.locator("#asked")).to_contain_text("POST /api/payment-links/create")
    expect(desk.locator("#asked")).not_to_contain_text("sk_test")
    shot("made")

    customer = Checkout(context.new_page(), client)
    customer.page.goto(desk.locator("#shown a").get_attribute("href") or "")
    customer.button("Pay €50.00").click()
    customer.pay_by_card()
    customer.card_only()
    customer.heading("Thank you, your payment is complete")

    expect(desk.locator("#shown .state")).to_have_text("PAID")
    expect(desk.get_by_role("button", name="Withdraw", exact=True)).to_have_count(0)
    shot("paid")


def test_link_is_withdrawn(desk: Page) -> None:
    desk.get_by_role("button", name="Create the link").click()
    desk.get_by_role("button", name="Withdraw", exact=True).click()
    expect(desk.locator("#shown .state")).to_have_text("CANCELLED")


def test_form_says_what_is_missing(desk: Page) -> None:
    desk.get_by_label("Amount in euro").fill("nothing")
    desk.get_by_role("button", name="Create the link").click()
    expect(desk.get_by_role("alert")).to_contain_text("The amount must be a number")

    desk.get_by_label("Amount in euro").fill("12.50")
    desk.get_by_label("How it is sent").select_option("MAIL")
    expect(desk.get_by_label("Customer's e-mail")).to_be_visible()
    desk.get_by_label("Customer's e-mail").fill("ada@example.com")
    desk.get_by_role("button", name="Create the link").click()
    expect(desk.locator("#shown")).to_contain_text("sent once")


def test_desk_has_no_barriers(desk: Page) -> None:
    desk.get_by_role("button", name="Create the link").click()
    expect(desk.get_by_role("button", name="Withdraw", exact=True)).to_be_visible()
    results = Axe().run(desk)
    assert results.violations_count == 0, results.generate_report()
