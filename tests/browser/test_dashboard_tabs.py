"""Orders, customers with their cards, and API keys in the dashboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.client import Client, until
from tools.ops.onboarding import DEMO_CUSTOMER_ID

Shot = Callable[[str], None]


def an_order(client: Client) -> dict[str, Any]:
    asked = {"customer_id": DEMO_CUSTOMER_ID, "currency": "USD", "amount": 1050, "purpose_code": "P1401"}
    return dict(client.call("POST", "/api/v1/orders", asked).json())


def test_an_order_is_shown_with_its_customer_and_the_payments_tried_for_it(
    desk: Desk, page: Page, client: Client, shot: Shot
) -> None:
    order = an_order(client)
    desk.sign_in("#/orders")
    page.get_by_label("Show", exact=True).select_option("active")
    expect(page).to_have_url(re.compile("status=active$"))
    page.locator(f'a[href$="{order["id"]}"]').click()

    expect(desk.fact("Status")).to_have_text("open")
    expect(desk.fact("Amount")).to_have_text("US$10.50")
    expect(page.get_by_text("No payments yet.")).to_be_visible()
    shot("order")
    desk.has_no_barriers()
    desk.fact("Customer").get_by_role("link").click()

    expect(page.get_by_role("heading", name="Orders")).to_be_visible()
    expect(page.locator(f'a[href$="{order["id"]}"]')).to_be_visible()
    shot("customer")
    desk.has_no_barriers()


def test_a_customers_saved_card_is_made_the_default_and_removed(
    desk: Desk, page: Page, client: Client, screen: str, shot: Shot
) -> None:
    customer = f"shop-{screen}-cards"
    for number in ("4242424242424242", "5555555555554444"):
        payment = client.init(5, customerId=customer, paymentMode="SALE_WITH_TOKENIZATION")
        client.card(payment, number)
        body = {"transactionId": payment["transactionId"], "customerId": customer}
        saved = client.call("POST", "/api/token-payment/save-card", body)
        assert saved.status_code == 200, saved.text
    desk.sign_in(f"#/customers/{customer}")
    desk.heading(customer)
    cards = page.get_by_role("table", name="Saved cards").locator("tbody tr")
    expect(cards).to_have_count(2)
    shot("cards")
    desk.has_no_barriers()

    desk.button("Make it the default").click()
    expect(cards.filter(has_text="VISA").get_by_role("button", name="Make it the default")).to_be_visible()
    expect(cards.filter(has_text="MASTERCARD")).to_contain_text("default")
    cards.filter(has_text="VISA").get_by_role("button", name="Remove").click()
    desk.confirm("Remove")

    expect(cards).to_have_count(1)
    kept = client.get(f"/api/token-payment/cards?customerId={customer}")["cards"]
    assert [card["brand"] for card in kept] == ["MASTERCARD"]


def test_the_publishable_key_is_shown_and_replaced_with_an_overlap(
    desk: Desk, page: Page, client: Client, shot: Shot
) -> None:
    desk.sign_in("#/keys")
    table = page.get_by_role("table", name="API keys")
    expect(table).to_contain_text("pk_test_")
    expect(table).to_contain_text("sk_test_...")
    before = page.locator("tbody tr").count()
    desk.has_no_barriers()

    page.get_by_label("Kind").select_option("publishable")
    page.get_by_label("The old key works for").select_option("168")
    desk.button("Replace a key").click()
    desk.confirm("Replace a key")

    expect(page.get_by_text("The new key, shown this once:")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(before + 1)
    shot("replaced")
    desk.has_no_barriers()
    key = page.locator(".notice code").inner_text()
    asked = client.using(key).call("POST", "/api/payment/init", {"amount": 5})
    assert asked.status_code == 200
    until(lambda: len(client.get("/api/v1/api-keys")["data"]), lambda count: count >= before + 1)
