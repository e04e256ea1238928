"""A narrow phone and long words: what belongs side by side stays in line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.checkout import Checkout
from tests.client import Client

SCREENS_USED = ("phone",)
NARROW: ViewportSize = {"width": 360, "height": 740}


def top(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"]


def left(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["x"]


def right(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["x"] + box["width"]


@pytest.mark.parametrize("is_wrong", [False, True])
def test_the_fields_of_a_card_are_in_line_however_long_their_names(
    page: Page, client: Client, is_wrong: bool
) -> None:
    page.set_viewport_size(NARROW)
    page.goto(client.init(150, language="it")["redirectUrl"])
    expiry, code = page.get_by_label("Scadenza"), page.get_by_label("Codice di sicurezza")
    expect(code).to_be_visible()
    if is_wrong:
        page.get_by_role("button", name="Paga 150").click()
        expect(page.get_by_text("Inserisci la scadenza.")).to_be_visible()

    assert top(expiry) == pytest.approx(top(code), abs=1)


def test_the_button_that_adds_a_voucher_follows_its_code_and_is_in_line_with_it(
    page: Page, checkout: Checkout
) -> None:
    page.set_viewport_size(NARROW)
    checkout.reach_choice()
    page.get_by_label("Language").select_option("it")
    code = page.get_by_label("Codice del buono pasto")
    expect(code).to_be_visible()

    add = page.get_by_role("button", name="Aggiungi")
    for width in (NARROW["width"], 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert top(code) == pytest.approx(top(add), abs=1)
        assert right(code) <= left(add), width
    page.set_viewport_size({"width": 320, "height": 740})
    assert top(code) < top(add)
