"""The checkout wears its merchant's colour and logo: on each page, in both schemes, on a phone and on a desk."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.client import Client
from tests.merchants import Onboarded, onboarded
from tests.unit.test_brand import a_png

Shot = Callable[[str], None]
COLOUR = "rgb(122, 31, 92)"


@pytest.fixture
def shop(client: Client) -> Client:
    own = client.using(onboarded(client.base_url).secret)
    looks = {"name": "Bottega Uno", "accent": "#7a1f5c"}
    body = {"version": own.get("/api/merchant/settings")["version"], "settings": looks}
    logo = base64.b64encode(a_png(120, 40)).decode()
    assert own.call("PATCH", "/api/merchant/settings", {**body, "logo": logo}).status_code == 200
    return own


def is_dressed(page: Page) -> None:
    expect(page.locator(".summary")).to_have_css("background-color", COLOUR)
    expect(page.locator(".summary img")).to_have_js_property("naturalWidth", 120)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(("scheme", "language"), [("light", "it"), ("dark", "en")])
def test_the_card_page_and_the_choice_wear_the_merchants_looks(
    shop: Client, page: Page, scheme: Literal["light", "dark"], language: str, shot: Shot
) -> None:
    page.emulate_media(color_scheme=scheme)
    payment = shop.init(150.00, language=language)
    page.goto(payment["redirectUrl"])

    expect(page.locator("form button[type=submit]")).to_have_css("background-color", COLOUR)
    page.locator("#number").fill("5555555555554444")
    expect(page.locator("#brand")).to_have_text("MASTERCARD")
    expect(page.locator("#brand svg")).to_be_visible()
    shot(f"card-{scheme}-{language}")
    is_dressed(page)
    page.locator("#expiry").fill("12/30")
    page.locator("#cvv").fill("123")
    page.locator("#holderName").fill("Ada Rossi")
    page.locator("form button[type=submit]").click()
    page.wait_for_url("**/pay/choice/**")
    shot(f"choice-{scheme}-{language}")
    is_dressed(page)


def test_a_payment_link_wears_them_too(shop: Client, page: Page, shot: Shot) -> None:
    link = shop.call("POST", "/api/payment-links/create", {"amount": 20, "description": "A cake"}).json()
    page.goto(link["linkUrl"])

    is_dressed(page)
    shot("link")


def test_a_shop_without_looks_of_its_own_has_ours(client: Client, page: Page) -> None:
    plain: Onboarded = onboarded(client.base_url)
    page.goto(client.using(plain.secret).init(10)["redirectUrl"])

    expect(page.locator(".summary img")).to_have_count(0)
    expect(page.locator(".summary")).not_to_have_css("background-color", COLOUR)
