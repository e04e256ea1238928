"""The page on which a card's holder agrees: in this tab, in a new one, in a narrow window, in every language."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from pages.build import SOURCES
from tests.browser.merchant_site import Site, merchant_site
from tests.client import Client
from tests.e2e.connected import Connected
from tools.testing.far_sides.stripe.presented import ASKED_BY_BANK
from tools.testing.far_sides.stripe.server import StripeAcquirer

Shot = Callable[[str], None]
OTP_CARD, PLAIN_CARD, DECLINED_CARD = "4111111111111111", "4532491111111111", "4597262222222223"
BACK = "/payment/callback"


@pytest.fixture
def shop() -> Iterator[Site]:
    """A shop on a site of its own, whose callback says that one has come back."""
    with merchant_site() as site:
        site.pages["/"] = "<title>Shop</title><p>The shop</p>"
        site.pages[BACK] = "<title>Back</title><p>Back at the shop</p>"
        yield site


def begun(client: Client, shop: Site, number: str = OTP_CARD, customer: str = "cust_E602dMzgjpDC") -> dict[str, Any]:
    order = {"customer_id": customer, "currency": "USD", "amount": 1000}
    made = client.call("POST", "/api/v1/orders", order).json()
    card = {"holder_name": "John Doe", "number": number, "expiry_month": "09", "expiry_year": "2030", "cvv": "123"}
    body = {"order_id": made["id"], "method": "card", "card": card, "callback_url": f"{shop.origin}{BACK}?cart=7"}
    answer = client.call("POST", "/api/v1/payments", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def address(payment: dict[str, Any]) -> str:
    return str(payment["next_steps"][0]["payload"]["url"])


def came_back(page: Page) -> dict[str, str]:
    """What the shop is told, once the browser is there."""
    expect(page.get_by_text("Back at the shop")).to_be_visible()
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def code(page: Page) -> Any:
    return page.get_by_label("Code from your bank", exact=True)


def test_the_right_code_pays_and_leads_back_past_the_page(page: Page, client: Client, shop: Site, shot: Shot) -> None:
    payment = begun(client, shop)
    page.goto(f"{shop.origin}/")
    page.goto(address(payment))
    expect(page.get_by_role("heading", name="Confirm with your bank")).to_be_visible()
    expect(page.get_by_text("it is you who pays USD 10.00 to Bottega Demo")).to_be_visible()
    expect(page.get_by_text("Card: Visa ending in 1111")).to_be_visible()
    expect(page.get_by_text("123456")).to_be_visible()
    assert code(page).get_attribute("autocomplete") == "one-time-code"
    assert code(page).get_attribute("inputmode") == "numeric"
    shot("asked")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    code(page).fill("123456")
    page.get_by_role("button", name="Pay USD 10.00").click()

    said = came_back(page)
    assert (said["cart"], said["status"], said["payment_id"]) == ("7", "success", payment["payment_id"])
    assert client.get(f"/api/v1/payments/{payment['payment_id']}")["status"] == "success"
    page.go_back()
    expect(page.get_by_text("The shop", exact=True)).to_be_visible()
    page.goto(address(payment))
    assert came_back(page) == said


@pytest.mark.any_size
def test_a_card_without_a_code_needs_no_click(page: Page, client: Client, shop: Site) -> None:
    page.goto(address(begun(client, shop, PLAIN_CARD)))

    assert came_back(page)["status"] == "success"


@pytest.mark.any_size
def test_a_declined_card_leads_back_with_a_sentence(page: Page, client: Client, shop: Site) -> None:
    page.goto(address(begun(client, shop, DECLINED_CARD)))
    code(page).fill("123456")
    page.get_by_role("button", name="Pay USD 10.00").click()

    said = came_back(page)
    assert (said["status"], said["error"]) == ("failed", "Your bank declined the payment. Please try another card.")


@pytest.mark.any_size
def test_a_wrong_code_may_be_entered_again_and_the_third_ends_it(page: Page, client: Client, shop: Site) -> None:
    page.goto(address(begun(client, shop)))
    for left in (2, 1):
        code(page).fill("000000")
        page.get_by_role("button", name="Pay USD 10.00").click()
        expect(page.get_by_text(f"This code is not right. Tries left: {left}.")).to_be_visible()
        expect(code(page)).to_have_value("")
    page.get_by_role("button", name="Pay USD 10.00").click()
    expect(page.get_by_text("Enter the code.")).to_be_visible()
    code(page).fill("000000")
    page.get_by_role("button", name="Pay USD 10.00").click()

    assert came_back(page)["status"] == "failed"


def test_who_gives_up_is_asked_once_and_led_back(page: Page, client: Client, shop: Site) -> None:
    page.goto(address(begun(client, shop)))
    page.get_by_role("button", name="Cancel payment").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel payment").click()

    said = came_back(page)
    assert (said["status"], said["error"]) == ("failed", "The payment was cancelled.")


@pytest.mark.any_size
def test_it_works_in_a_tab_that_the_shop_opened(page: Page, client: Client, shop: Site) -> None:
    shop.pages["/"] = f'<title>Shop</title><a id="pay" target="_blank" href="{address(begun(client, shop))}">Pay</a>'
    page.goto(f"{shop.origin}/")
    with page.context.expect_page() as opened:
        page.locator("#pay").click()
    tab = opened.value
    code(tab).fill("123456")
    tab.get_by_role("button", name="Pay USD 10.00").click()

    assert came_back(tab)["status"] == "success"
    tab.close()


def test_it_keeps_nothing_in_the_browser_and_fits_a_narrow_window(page: Page, client: Client, shop: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(address(begun(client, shop)))
    expect(code(page)).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "pt"])
def test_it_speaks_every_language(page: Page, client: Client, shop: Site, language: str) -> None:
    texts = json.loads((SOURCES / "lang" / "checkout" / f"{language}.json").read_text())
    page.goto(f"{address(begun(client, shop))}&lang={language}")

    expect(page.get_by_role("heading", name=texts["challenge_title"])).to_be_visible()
    page.get_by_label(texts["challenge_code"], exact=True).fill("1")
    page.get_by_role("button", name=texts["pay"].replace("{amount}", "USD 10.00")).click()
    expect(page.get_by_text(texts["auth_wrong"].replace("{count}", "2"))).to_be_visible()


@pytest.mark.any_size
def test_an_address_that_is_not_whole_or_not_genuine_shows_nothing(page: Page, client: Client, shop: Site) -> None:
    whole = address(begun(client, shop))
    page.goto(whole.partition("?")[0])
    expect(page.get_by_text("This address is incomplete")).to_be_visible()
    page.goto(whole.replace("authToken=ey", "authToken=ex"))
    expect(page.get_by_text("This payment cannot be shown")).to_be_visible()


@pytest.mark.any_size
def test_the_address_itself_leads_nowhere(page: Page, client: Client, shop: Site) -> None:
    whole = address(begun(client, shop, PLAIN_CARD)).partition("&redirectUrl=")[0]
    page.goto(f"{whole}&redirectUrl=https%3A%2F%2Fevil.example%2F")

    assert came_back(page)["status"] == "success"


def test_a_holder_goes_to_the_page_of_their_bank_and_from_there_to_the_shop(
    page: Page, gateway_url: str, shop: Site, tmp_path: Path
) -> None:
    acquirer = StripeAcquirer()
    account = acquirer.account
    settings = {"api_base": acquirer.origin, "secret_key": account.key, "raw_cards": True}
    connected = Connected(gateway_url, tmp_path, "stripe", settings, account.id)
    for button, came_to in (("Confirm", "success"), ("Refuse", "failed")):
        page.goto(address(begun(connected.client, shop, ASKED_BY_BANK, connected.customer())))
        expect(page).to_have_title("Simulated bank")
        page.get_by_role("button", name=button).click()

        assert came_back(page)["status"] == came_to
    acquirer.close()
