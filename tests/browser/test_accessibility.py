"""The checkout without a mouse, with a screen reader's eyes, in light and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.checkout import CHALLENGED, DECLINED, Checkout
from tests.client import voucher


def has_no_barriers(page: Page) -> None:
    """Axe finds nothing. It is put in past the page's policy, as a browser extension would be."""
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest, page: Page) -> str:
    page.emulate_media(color_scheme=request.param)
    return str(request.param)


@pytest.mark.usefixtures("scheme")
def test_no_step_has_a_barrier(checkout: Checkout, page: Page) -> None:
    checkout.open()
    page.get_by_text("Test cards").click()
    has_no_barriers(page)
    checkout.button("Pay €").click()
    expect(page.get_by_text("Enter the card number.")).to_be_visible()
    has_no_barriers(page)
    checkout.pay_by_card(DECLINED)
    checkout.told("declined")
    has_no_barriers(page)
    checkout.button("Cancel payment").click()
    has_no_barriers(page)
    page.keyboard.press("Escape")
    checkout.pay_by_card(CHALLENGED)
    checkout.heading("Confirm with your bank")
    has_no_barriers(page)
    checkout.field("Code from your bank").fill("123456")
    checkout.button("Confirm").click()
    checkout.heading("How would you like to pay?")
    checkout.field("Meal voucher code").fill(voucher(5000, "EXPIRED"))
    checkout.button("Add", exact=True).click()
    expect(page.get_by_text("it has expired")).to_be_visible()
    has_no_barriers(page)
    checkout.add_vouchers(voucher(5000))
    has_no_barriers(page)
    checkout.add_vouchers(voucher(2000, "SPENDFAIL"))
    checkout.use_vouchers()
    checkout.told("was not accepted")
    has_no_barriers(page)
    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")
    has_no_barriers(page)


@pytest.mark.usefixtures("scheme")
def test_problem_pages_have_no_barrier(checkout: Checkout, page: Page, gateway_url: str) -> None:
    origin = gateway_url.removesuffix("/paymentgw")
    page.goto(f"{origin}/pay/choice/")
    checkout.heading("This address is incomplete")
    has_no_barriers(page)
    page.goto(f"{origin}/no-such-page")
    checkout.heading("There is no page at this address")
    has_no_barriers(page)


def test_the_whole_payment_works_by_keyboard(checkout: Checkout, page: Page) -> None:
    checkout.open()
    expect(checkout.field("Card number")).to_be_focused()
    for text in ("4242424242424242", "1230", "123", "Ada Rossi"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    expect(checkout.button("Pay €")).to_be_focused()
    page.keyboard.press("Enter")
    expect(checkout.field("Meal voucher code")).to_be_focused()
    page.keyboard.type(voucher(5000))
    page.keyboard.press("Enter")
    expect(checkout.button("Pay with 1 voucher")).to_be_visible()  # its issuer was asked
    expect(checkout.field("Meal voucher code")).to_be_focused()
    for _ in range(3):  # add, remove, pay
        page.keyboard.press("Tab")
    expect(checkout.button("Pay with 1 voucher")).to_be_focused()
    page.keyboard.press("Enter")
    checkout.heading("Thank you, your payment is complete")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_what_changes_is_announced(checkout: Checkout, page: Page) -> None:
    checkout.reach_choice()
    checkout.add_vouchers("V800-HEARD")
    expect(page.locator("#live")).to_have_text("V800-HEARD added, worth €8.00. Vouchers: 1.")


def test_nothing_overflows_when_text_is_twice_as_large(checkout: Checkout, page: Page) -> None:
    checkout.open()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def test_a_narrow_phone_needs_no_sideways_scrolling(checkout: Checkout, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    payment = checkout.client.init(150, language="de")
    page.goto(payment["redirectUrl"])
    checkout.heading("Mit Karte zahlen")
    assert widest(page) <= 320
    page.goto(checkout.client.card(payment)["redirectUrl"])
    checkout.heading("Wie möchten Sie zahlen?")
    checkout.field("Gutscheincode").fill("V5000-WITH-A-RATHER-LONG-SERIAL-NUMBER")
    checkout.button("Hinzufügen", exact=True).click()
    assert widest(page) <= 320


def widest(page: Page) -> int:
    """Where the rightmost thing on the page ends, in pixels."""
    everything = "[...document.querySelectorAll('#app *')].map((e) => e.getBoundingClientRect().right)"
    return int(page.evaluate(f"Math.ceil(Math.max(...{everything}))"))
