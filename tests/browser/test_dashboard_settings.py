"""A merchant's settings in the dashboard: changed by their form, refused at their field, seen by customers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shared.families.payglobe.notices import NAMES
from tests.browser.desk import Desk
from tests.client import Client
from tests.merchants import Onboarded, onboarded
from tests.unit.test_brand import a_png

Shot = Callable[[str], None]
SOURCE = Path(__file__).parents[2] / "pages" / "src" / "dashboard" / "webhooks.js"


@pytest.fixture
def shop(client: Client) -> Onboarded:
    return onboarded(client.base_url)


def test_what_customers_see_is_changed_and_stays_after_a_reload(
    desk: Desk, page: Page, shop: Onboarded, shot: Shot
) -> None:
    desk.sign_in("#/settings", shop.secret)
    desk.heading("Settings")
    page.get_by_label("Name of the shop").fill("Bottega Uno")
    page.get_by_label("Colour").fill("#7a1f5c")
    page.get_by_label("Logo", exact=True).set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": a_png(64, 24)}
    )
    shot("filled")
    desk.button("Save").first.click()

    logo = page.get_by_role("img", name="Your logo now")
    expect(logo).to_be_visible()
    expect(logo).to_have_js_property("naturalWidth", 64)
    expect(page.get_by_label("Name of the shop")).to_have_value("Bottega Uno")
    expect(page.get_by_label("Colour")).to_have_value("#7a1f5c")
    shot("saved")
    desk.has_no_barriers()
    desk.button("Remove the logo").click()
    expect(logo).to_be_hidden()


def test_a_colour_that_cannot_be_read_on_is_refused_at_its_field_with_the_ratio(
    desk: Desk, page: Page, shop: Onboarded, shot: Shot
) -> None:
    desk.sign_in("#/settings", shop.secret)
    page.get_by_label("Colour").fill("#ffcc00")
    desk.button("Save").first.click()

    expect(page.locator("#accent-error")).to_contain_text("1.51 to 1")
    expect(page.get_by_label("Colour")).to_be_focused()
    shot("refused")
    desk.has_no_barriers()


@pytest.mark.any_size
def test_each_of_several_mistakes_is_told_at_its_own_field(desk: Desk, page: Page, shop: Onboarded) -> None:
    desk.sign_in("#/settings", shop.secret)
    page.get_by_label("Hosts that customers may be led back to").fill("shop example/")
    page.locator("#origins").fill("shop")
    desk.button("Save").nth(2).click()

    expect(page.locator("#origins-error")).to_contain_text("Addresses of sites such as https://shop.example")
    expect(page.locator("#origins")).to_be_focused()
    expect(page.locator("#callback-hosts-error")).to_contain_text("Names of hosts such as shop.example")
    expect(page.locator("#notify-hosts-error")).to_be_empty()
    page.locator("#origins").fill("https://shop.example")
    expect(page.locator("#origins-error")).to_be_empty()
    expect(page.locator("#callback-hosts")).to_have_attribute("aria-invalid", "true")


@pytest.mark.any_size
def test_a_usual_mode_that_is_not_allowed_is_refused_at_its_field(desk: Desk, page: Page, shop: Onboarded) -> None:
    desk.sign_in("#/settings", shop.secret)
    page.get_by_role("checkbox", name="Charge at once and save the card").uncheck()
    page.locator("#default-mode").select_option("SALE_WITH_TOKENIZATION")
    desk.button("Save").nth(1).click()

    expect(page.locator("#default-mode-error")).to_contain_text("default-mode must be one of allowed-modes")
    expect(page.locator("#default-mode")).to_be_focused()


def test_modes_mails_and_hosts_are_set_and_read_again(
    desk: Desk, page: Page, shop: Onboarded, client: Client
) -> None:
    desk.sign_in("#/settings", shop.secret)
    page.get_by_role("checkbox", name="Charge at once and save the card").uncheck()
    page.get_by_role("checkbox", name="Send customers mails").uncheck()
    desk.button("Save").nth(1).click()
    expect(page.locator("code", has_text="receipts")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Send customers mails")).not_to_be_checked()
    page.get_by_label("Hosts that customers may be led back to").fill("shop.example, www.shop.example")
    desk.button("Save").nth(2).click()
    expect(page.locator("code", has_text="callback_hosts")).to_be_visible()

    settings = client.using(shop.secret).get("/api/merchant/settings")["settings"]
    assert settings["callback-hosts"] == ["shop.example", "www.shop.example"]
    assert (settings["receipts"], "SALE_WITH_TOKENIZATION" in settings["allowed-modes"]) == ("off", False)


def test_who_read_the_settings_before_somebody_changed_them_is_told_and_overwrites_nothing(
    desk: Desk, page: Page, shop: Onboarded, client: Client
) -> None:
    desk.sign_in("#/settings", shop.secret)
    desk.heading("Settings")
    expect(page.get_by_label("Whom customers may ask")).to_have_value("")  # read before the change, not after it
    own = client.using(shop.secret)
    version = own.get("/api/merchant/settings")["version"]
    body = {"version": version, "settings": {"contact": "first@shop.example"}}
    assert own.call("PATCH", "/api/merchant/settings", body).status_code == 200
    page.get_by_label("Name of the shop").fill("Second")
    desk.button("Save").first.click()

    desk.told("Somebody changed the settings meanwhile")
    assert own.get("/api/merchant/settings")["settings"]["contact"] == "first@shop.example"


def test_the_events_of_an_endpoint_are_chosen(desk: Desk, page: Page, shop: Onboarded, client: Client) -> None:
    own = client.using(shop.secret)
    made = own.call("POST", "/api/merchant/webhooks", {"url": "https://shop.example/hook"}).json()
    desk.sign_in(f"#/webhooks/{made['id']}", shop.secret)
    page.get_by_role("checkbox", name="charge.refunded").check()
    desk.button("Save").click()

    expect(desk.fact("Events")).to_have_text("charge.refunded")
    assert own.get(f"/api/merchant/webhooks/{made['id']}")["events"] == ["charge.refunded"]
    desk.has_no_barriers()


def test_every_event_that_is_published_can_be_chosen() -> None:
    listed = SOURCE.read_text().partition("const EVENTS = [")[2].partition("]")[0]

    # A test of an endpoint is sent to it whatever it has chosen.
    assert {part.strip().strip('"') for part in listed.split(",") if part.strip()} == NAMES - {"endpoint.test"}
