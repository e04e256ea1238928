"""A page whose script or whose API does not come: words after five seconds, another try after fifteen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.checkout import Checkout
from tests.browser.conftest import SCREENS
from tests.browser.desk import Desk
from tests.client import Client

Shot = Callable[[str], None]
SLOW = {
    "de": "Das dauert länger als sonst",
    "en": "This takes longer than usual",
    "es": "Esto tarda más de lo normal",
    "fr": "Cela prend plus de temps que d",
    "it": "Ci vuole più del solito",
    "pt": "Isto demora mais que o normal",
}


def after(page: Page, seconds: float) -> None:
    """What stands there so long after the page began: style sheets have no clock that a test could set."""
    stop = "at => document.getAnimations().forEach((one) => { one.pause(); one.currentTime = at; })"
    page.evaluate(stop, seconds * 1000)


def has_no_barriers(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@dataclass
class Hanging:
    """Requests of ``pattern`` hang until ``is_over``; those that hang by then are never answered.

    Whoever takes the route away instead lets them go on, and the page with them.
    """

    page: Page
    pattern: str
    is_over: bool = False

    def __post_init__(self) -> None:
        self.page.route(self.pattern, self._take)

    def _take(self, route: Route) -> None:
        if self.is_over:
            route.continue_()


@pytest.mark.parametrize("step", ["card", "choice", "result", "link"])
def test_without_its_script_a_page_speaks_every_language(
    page: Page, client: Client, gateway_url: str, step: str, shot: Shot, complaints: list[str]
) -> None:
    page.route("**/assets/*.js", lambda route: route.abort())
    page.goto(f"{gateway_url.removesuffix('/paymentgw')}/pay/{step}/?id=1&transactionId=1&paymentID=1#secret")
    after(page, 4.9)
    for text in SLOW.values():
        expect(page.get_by_text(text)).to_be_hidden()
    after(page, 5.1)
    for text in SLOW.values():
        expect(page.get_by_text(text)).to_be_visible()
    expect(page.get_by_role("link", name="Try again")).to_be_hidden()
    has_no_barriers(page)
    after(page, 15.1)
    shot(step)
    has_no_barriers(page)
    # A link would lose the client secret behind the #, which the browser's own reload keeps.
    expect(page.get_by_role("link", name="Try again")).to_have_count(0 if step in ("choice", "result") else 1)
    complaints.clear()


def test_a_blocked_script_can_be_asked_for_again(
    checkout: Checkout, page: Page, client: Client, complaints: list[str]
) -> None:
    page.route("**/assets/*.js", lambda route: route.abort())
    page.goto(client.init(20)["redirectUrl"])
    after(page, 16)
    page.unroute("**/assets/*.js")
    page.get_by_role("link", name="Try again").click()
    checkout.heading("Pay by card")
    complaints.clear()


def test_an_api_that_hangs_is_said_in_the_customers_language_and_tried_again(
    checkout: Checkout, page: Page, shot: Shot
) -> None:
    checkout.reach_choice()
    hanging = Hanging(page, "**/payment/transaction/*")
    page.reload()
    expect(page.get_by_text(SLOW["it"])).to_have_count(0)  # the script runs and knows the language
    after(page, 4.9)
    expect(page.get_by_text(SLOW["en"])).to_be_hidden()
    after(page, 5.1)
    expect(page.get_by_text(SLOW["en"])).to_be_visible()
    expect(checkout.button("Try again")).to_be_hidden()
    after(page, 15.1)
    shot("hanging")
    hanging.is_over = True
    checkout.button("Try again").click()
    checkout.heading("How would you like to pay?")


@pytest.mark.parametrize("language", SLOW)
def test_every_customer_reads_it(browser: Browser, client: Client, language: str, screen: str) -> None:
    context = browser.new_context(locale=language, viewport=SCREENS[screen])
    page = context.new_page()
    Hanging(page, "**/sandbox/card-page/*")
    page.goto(client.init(20)["redirectUrl"])
    expect(page.locator("html")).to_have_attribute("lang", language)
    after(page, 5.1)
    expect(page.get_by_text(SLOW[language])).to_be_visible()
    context.close()


def test_the_dashboard_says_so_too_and_keeps_its_key(page: Page, client: Client, shot: Shot) -> None:
    desk = Desk(page, client)
    desk.sign_in()
    desk.heading("Payments")
    hanging = Hanging(page, "**/merchant/disputes**")
    page.get_by_role("link", name="Disputes").click()
    expect(page.locator(".boot")).to_be_visible()
    after(page, 5.1)
    expect(page.get_by_text("This takes longer than usual")).to_be_visible()
    after(page, 15.1)
    shot("dashboard")
    desk.has_no_barriers()
    hanging.is_over = True
    desk.button("Try again").click()
    desk.heading("Disputes")


def test_a_dashboard_without_its_script_says_so(page: Page, client: Client, complaints: list[str]) -> None:
    desk = Desk(page, client)
    page.route("**/assets/dashboard.*.js", lambda route: route.abort())
    page.goto(desk.address)
    after(page, 5.1)
    expect(page.get_by_text("This takes longer than usual")).to_be_visible()
    expect(page.get_by_text("Ci vuole più del solito")).to_be_visible()
    after(page, 15.1)
    page.unroute("**/assets/dashboard.*.js")
    page.get_by_role("link", name="Try again").click()
    desk.heading("Merchant dashboard")
    complaints.clear()
