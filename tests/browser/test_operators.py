"""The operators' page, and the link by which a merchant sees its keys once, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from tests.client import Client
from tests.merchants import onboarded
from tools.ops.operator import main

Shot = Callable[[str], None]


@pytest.fixture
def key(client: Client, screen: str) -> str:
    port = onboarded(client.base_url).port
    done = CliRunner().invoke(main, ["--name", f"ada-{screen}", "--port", str(port)])
    assert done.exit_code == 0, done.output
    return str(json.loads(done.output)["key"])


def has_no_barriers(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_a_merchant_is_made_gets_its_keys_once_and_is_suspended(
    page: Page, client: Client, key: str, screen: str, shot: Shot
) -> None:
    origin, name = client.base_url.removesuffix("/paymentgw"), f"Bottega {screen}"
    page.goto(f"{origin}/operator/")
    page.get_by_label("Operator's key").fill("op_NOBODY234567")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_contain_text("This key is not known")
    has_no_barriers(page)
    page.get_by_label("Operator's key").fill(key)
    page.get_by_role("button", name="Open").click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("textbox", name="E-mail", exact=True).fill("owner@shop.example")
    page.get_by_role("button", name="Make the merchant").click()
    link = page.locator(".notice code").inner_text()
    page.get_by_label("Language").select_option("it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Esercenti")
    expect(page.locator(".notice code")).to_have_text(link)
    page.get_by_label("Lingua").select_option("en")
    page.get_by_label("Number, name or e-mail address").fill(name)
    page.get_by_role("button", name="Search").click()
    row = page.locator("tbody tr", has_text=name)
    expect(row).to_contain_text("has no keys yet")
    shot("desk")
    has_no_barriers(page)

    merchant = page.context.new_page()
    merchant.goto(link)
    merchant.get_by_role("button", name="Show the keys").click()
    expect(merchant.get_by_text("These values are shown this once.")).to_be_visible()
    secret = merchant.locator(".facts div", has_text="Secret key, test").locator("code").inner_text()
    merchant.get_by_label("Language").select_option("it")
    shown_still = merchant.locator(".facts div", has_text="Chiave segreta, test").locator("code")
    expect(shown_still).to_have_text(secret)
    has_no_barriers(merchant)
    merchant.get_by_label("Lingua").select_option("en")
    assert client.using(secret).init(10)["status"] == "PENDING"
    merchant.reload()
    merchant.get_by_role("button", name="Show the keys").click()
    expect(merchant.get_by_role("alert")).to_contain_text("opened already")

    row.get_by_role("button", name="Suspend").click()
    page.get_by_role("dialog").get_by_role("button", name="Suspend").click()
    expect(row).to_contain_text("suspended")
    refused = client.using(secret).call("POST", "/api/payment/init", {"amount": 10})
    assert refused.json()["code"] == "merchant_suspended"
    row.get_by_role("button", name="Resume").click()
    expect(row).to_contain_text("active")


@pytest.mark.parametrize("place", ["/operator/", "/operator/welcome/#nothing"])
def test_the_way_in_stands_in_the_middle_and_speaks_more_languages_than_one(
    page: Page, client: Client, place: str, shot: Shot
) -> None:
    page.goto(client.base_url.removesuffix("/paymentgw") + place)
    panel = page.locator("main .panel")
    box, width = panel.bounding_box(), page.evaluate("document.documentElement.clientWidth")

    assert box is not None
    assert abs(2 * box["x"] + box["width"] - width) < 2
    page.get_by_label("Language").select_option("it")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Esercenti" if place == "/operator/" else "Le vostre chiavi"
    )
    page.reload()
    expect(page.get_by_label("Lingua")).to_have_value("it")
    has_no_barriers(page)
    shot(f"in-italian{place.count('/')}")
