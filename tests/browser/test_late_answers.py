"""An answer that comes late takes nothing away from whoever has gone on meanwhile: no letter, no cursor, no page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checkout import Checkout
from tests.browser.desk import Desk
from tests.browser.held import Held
from tests.browser.test_method_page import begun, opened
from tests.client import Client, voucher
from tests.merchants import Onboarded, onboarded

__all__ = ["begun", "opened"]
SCREENS_USED = ("phone",)


@pytest.fixture
def shop(client: Client) -> Onboarded:
    return onboarded(client.base_url)


def tab(page: Page, name: str) -> None:
    link = page.get_by_role("navigation").get_by_role("link", name=name)
    link.click()
    expect(link).to_have_attribute("aria-current", "page")  # what is typed sooner goes with the frame that was left


# ---- a customer ----


def test_who_types_while_the_texts_of_a_language_come_goes_on_in_it(checkout: Checkout, page: Page) -> None:
    texts = Held(page, re.compile(r"/assets/checkout\.it\.\w+\.json$"))
    checkout.open()
    page.get_by_label("Language").select_option("it")
    checkout.field("Card number").press_sequentially("42424")
    texts.let_go()

    number = checkout.field("Numero della carta")
    expect(number).to_be_focused()
    page.keyboard.type("24242424242")
    expect(number).to_have_value("4242 4242 4242 4242")


def test_of_two_languages_the_one_that_was_chosen_last_stays(checkout: Checkout, page: Page) -> None:
    texts = Held(page, re.compile(r"/assets/checkout\.it\.\w+\.json$"))
    checkout.open()
    page.get_by_label("Language").select_option("it")
    page.get_by_label("Language").select_option("de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    texts.let_go()
    texts.came_to_nothing()

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page).to_have_url(re.compile("lang=de"))
    expect(checkout.field("Kartennummer")).to_be_visible()


def test_a_card_that_is_being_paid_with_is_not_written_over(checkout: Checkout, page: Page) -> None:
    answer = Held(page, "**/sandbox/card-page/*", "POST")
    checkout.open()
    checkout.pay_by_card("4000000000000002")
    answer.is_asked()
    expect(checkout.field("Card number")).not_to_be_editable()
    answer.let_go()
    checkout.told("declined")
    expect(checkout.field("Card number")).to_be_editable()


def test_a_code_that_is_typed_while_another_is_looked_at_stays(checkout: Checkout, page: Page) -> None:
    first, second = voucher(2000), voucher(3000)
    checkout.reach_choice()
    checkout.add_vouchers(first)
    answer = Held(page, "**/voucher-check/*", "POST")
    checkout.field("Meal voucher code").fill(second)
    checkout.button("Add", exact=True).click()
    answer.is_asked()
    page.get_by_role("listitem").filter(has_text=first).get_by_role("button").click()
    checkout.field("Meal voucher code").fill("V100-NEXT")
    answer.let_go()

    expect(page.get_by_role("listitem").filter(has_text=second)).to_be_visible()
    expect(checkout.field("Meal voucher code")).to_have_value("V100-NEXT")


def test_what_a_method_asks_for_stays_while_another_is_chosen(page: Page, opened: Callable[..., str]) -> None:
    opened(pg_country="BR", pg_method="bradesco")
    chosen = Held(page, "**/api/pay-direct/*/method", "POST")
    page.locator("[data-method=itau]").click()
    chosen.is_asked()
    page.locator("input[name=pg_email]").press_sequentially("ada@")
    chosen.let_go()

    expect(page.locator("[data-method=itau]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("input[name=pg_email]")).to_be_focused()
    page.keyboard.type("shop.example")
    expect(page.locator("input[name=pg_email]")).to_have_value("ada@shop.example")


def test_a_method_that_is_chosen_before_the_country_is_answered_is_chosen(
    page: Page, opened: Callable[..., str]
) -> None:
    opened(pg_country="DE")
    country = Held(page, "**/api/pay-direct/*/method", "POST")
    page.locator("select[name=pg_country]").select_option("NL")
    country.is_asked()
    page.locator("[data-method=creditcard]").click()
    country.let_go()

    expect(page.locator("[data-method=creditcard]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("select[name=pg_country]")).to_have_value("NL")


# ---- a merchant ----


def test_what_is_typed_in_one_form_stays_when_another_was_saved(desk: Desk, page: Page, shop: Onboarded) -> None:
    desk.sign_in("#/settings", shop.secret)
    saved = Held(page, "**/api/merchant/settings", "PATCH")
    page.get_by_label("Name of the shop").fill("Bottega Due")
    page.get_by_label("Send customers mails about their payments").uncheck()
    desk.button("Save").first.click()
    saved.is_asked()
    expect(page.get_by_label("Name of the shop")).not_to_be_editable()
    hosts = page.get_by_label("Hosts that customers may be led back to")
    hosts.press_sequentially("shop.")
    saved.let_go()

    expect(page.get_by_role("table", name="Last changes")).to_contain_text("name")
    expect(hosts).to_be_focused()
    page.keyboard.type("example")
    expect(hosts).to_have_value("shop.example")
    expect(page.get_by_label("Send customers mails about their payments")).not_to_be_checked()
    expect(page.get_by_label("Name of the shop")).to_have_value("Bottega Due")
    desk.button("Save").nth(2).click()
    expect(page.get_by_role("table", name="Last changes")).to_contain_text("callback_hosts")


def test_who_went_elsewhere_is_not_called_back_by_what_was_saved(desk: Desk, page: Page, shop: Onboarded) -> None:
    desk.sign_in("#/settings", shop.secret)
    saved = Held(page, "**/api/merchant/settings", "PATCH")
    page.get_by_label("Name of the shop").fill("Bottega Tre")
    desk.button("Save").first.click()
    saved.is_asked()
    tab(page, "Payment links")
    page.get_by_text("New payment link").click()
    page.get_by_label("Amount").press_sequentially("12")
    saved.let_go()

    expect(page.locator(".told")).to_have_text("Saved")
    page.keyboard.type(".50")
    expect(page.get_by_label("Amount")).to_have_value("12.50")


def test_what_was_made_calls_nobody_back_and_its_secret_waits(desk: Desk, page: Page, shop: Onboarded) -> None:
    desk.sign_in("#/webhooks", shop.secret)
    made = Held(page, "**/api/merchant/webhooks", "POST")
    page.get_by_label("Address").fill("https://shop.example/late")
    desk.button("Add the webhook").click()
    made.is_asked()
    tab(page, "Customers")
    sought = page.get_by_role("searchbox", name="E-mail address, or your own id")
    sought.fill("ada")
    made.let_go()
    made.came_to_nothing()

    expect(page).to_have_url(re.compile("#/customers$"))
    expect(sought).to_have_value("ada")
    tab(page, "Webhooks")
    page.get_by_role("link", name="https://shop.example/late").click()
    expect(page.get_by_text("Signing secret, shown this once")).to_be_visible()
    page.get_by_label("Language").select_option("it")
    desk.heading("https://shop.example/late")
    expect(page.locator(".notice code")).to_contain_text("whsec_test_")


def test_what_failed_behind_somebodys_back_is_told_and_leaves_them_the_cursor(
    desk: Desk, page: Page, shop: Onboarded
) -> None:
    desk.sign_in("#/settings", shop.secret)
    saved = Held(page, "**/api/merchant/settings", "PATCH")
    page.get_by_label("Name of the shop").fill("Bottega Quattro")
    desk.button("Save").first.click()
    saved.is_asked()
    tab(page, "Payments")
    find = page.get_by_role("searchbox", name="Find by number")
    find.press_sequentially("TXN")
    saved.let_go({"success": False, "message": "somebody was faster", "code": "conflict"})

    desk.told("Somebody changed the settings meanwhile")
    expect(find).to_be_focused()
    page.keyboard.type("_1")
    expect(find).to_have_value("TXN_1")
    desk.heading("Payments")
    desk.told("Somebody changed the settings meanwhile")


def test_a_plan_is_of_the_amount_that_is_shown(desk: Desk, page: Page, client: Client) -> None:
    payment = client.paid(voucher(5000))
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    plan = Held(page, "**/refund/*preview=true", "POST")
    page.get_by_label("Amount").fill("30")
    desk.button("See what goes where").click()
    plan.is_asked()
    expect(page.get_by_label("Amount")).not_to_be_editable()
    plan.let_go()

    expect(desk.button("Refund €30.00")).to_be_focused()
    page.get_by_label("Amount").fill("20")
    expect(desk.button("Refund €30.00")).to_be_hidden()


def test_who_signed_out_is_not_shown_the_door_while_typing_another_key(
    desk: Desk, page: Page, shop: Onboarded
) -> None:
    desk.sign_in("#/overview", shop.secret)
    desk.heading("Overview")
    rows = Held(page, "**/api/merchant/transactions?*")
    tab(page, "Payments")
    rows.is_asked()
    desk.button("Sign out").click()
    page.get_by_label("Secret key").press_sequentially("sk_te")
    rows.let_go({"success": False, "message": "the key is over", "code": "unauthenticated"}, 401)
    rows.came_to_nothing()

    expect(page.get_by_label("Secret key")).to_be_focused()
    page.keyboard.type("st_1")
    expect(page.get_by_label("Secret key")).to_have_value("sk_test_1")


def test_who_types_a_key_while_a_link_is_mailed_keeps_the_cursor(desk: Desk, page: Page) -> None:
    page.goto(desk.address)
    mailed = Held(page, "**/api/merchant/session/link", "POST")
    page.get_by_label("Your e-mail").fill("nobody@shop.example")
    desk.button("Mail me a link").click()
    mailed.is_asked()
    page.get_by_label("Secret key").press_sequentially("sk_te")
    mailed.let_go()

    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your mail")
    expect(page.get_by_label("Secret key")).to_be_focused()
    expect(page.get_by_label("Secret key")).to_have_value("sk_te")


def test_a_list_that_was_left_changes_no_other_views_address(desk: Desk, page: Page, shop: Onboarded) -> None:
    desk.sign_in("#/links", shop.secret)
    paid = Held(page, "**/api/payment-links?*status=PAID*")
    page.get_by_label("Show", exact=True).select_option("PAID")
    paid.is_asked()
    tab(page, "Customers")
    desk.heading("Customers")
    paid.let_go()
    paid.came_to_nothing()

    expect(page).to_have_url(re.compile("#/customers$"))


def test_who_has_just_pressed_a_link_goes_where_it_leads(desk: Desk, page: Page, shop: Onboarded) -> None:
    # The address changes at once, and the page hears of it a moment later.
    page.add_init_script("addEventListener('hashchange', (event) => window.slow && event.stopImmediatePropagation())")
    desk.sign_in("#/links", shop.secret)
    paid = Held(page, "**/api/payment-links?*status=PAID*")
    page.get_by_label("Show", exact=True).select_option("PAID")
    paid.is_asked()
    page.evaluate("window.slow = true")
    page.get_by_role("navigation").get_by_role("link", name="Customers").click()
    paid.let_go()
    paid.came_to_nothing()
    page.evaluate("window.slow = false; dispatchEvent(new HashChangeEvent('hashchange'))")

    desk.heading("Customers")
    expect(page).to_have_url(re.compile("#/customers$"))


def test_who_stands_at_a_tab_while_a_view_is_awaited_stays_there(desk: Desk, page: Page, shop: Onboarded) -> None:
    desk.sign_in("#/overview", shop.secret)
    desk.heading("Overview")
    rows = Held(page, "**/api/merchant/transactions?*")
    tab(page, "Payments")
    rows.is_asked()
    orders = page.get_by_role("navigation").get_by_role("link", name="Orders")
    orders.focus()
    rows.let_go()

    expect(page.get_by_label("Search for")).to_be_visible()
    expect(orders).to_be_focused()


def test_a_question_ends_with_the_page_it_was_about(desk: Desk, page: Page, shop: Onboarded) -> None:
    desk.sign_in("#/overview", shop.secret)
    desk.heading("Overview")
    tab(page, "API keys")
    desk.button("Replace a key").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.go_back()

    desk.heading("Overview")
    expect(page.get_by_role("dialog")).to_have_count(0)


# ---- the documentation ----


def test_a_search_that_is_sent_before_the_index_came_leads_there(page: Page, gateway_url: str) -> None:
    index = Held(page, "**/assets/docs.*.json")
    page.goto(f"{gateway_url.removesuffix('/paymentgw')}/docs/")
    field = page.get_by_role("combobox", name="Search the documentation")
    field.fill("refunds")
    index.is_asked()
    page.keyboard.press("Enter")
    index.let_go()

    expect(page).to_have_url(re.compile(r"/docs/payments\.html#refunds$"))


def test_a_search_that_was_given_up_opens_nothing(page: Page, gateway_url: str) -> None:
    index = Held(page, "**/assets/docs.*.json")
    page.goto(f"{gateway_url.removesuffix('/paymentgw')}/docs/")
    field = page.get_by_role("combobox", name="Search the documentation")
    field.fill("refunds")
    index.is_asked()
    page.keyboard.press("Escape")
    index.let_go()
    index.came_to_nothing()

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("refunds")
