"""Several people at one card page or link: who paid goes on, everybody else sees that a payment is under way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.checkout import CHALLENGED, DECLINED, Checkout
from tests.client import Client

Shot = Callable[[str], None]


@pytest.fixture
def ada(context: BrowserContext, client: Client) -> Checkout:
    """Another tab. What a tab keeps for its session, no other tab reads."""
    return Checkout(context.new_page(), client)


@pytest.fixture
def link(client: Client) -> str:
    made = client.call("POST", "/api/payment-links/create", {"amount": 50.00, "description": "Invoice 7"}).json()
    return str(made["linkUrl"])


def test_the_second_visitor_of_a_page_sees_that_a_payment_is_under_way(
    checkout: Checkout, page: Page, ada: Checkout, shot: Shot
) -> None:
    payment = ada.reach_choice()
    for address in (payment["redirectUrl"], payment["checkoutUrl"]):
        page.goto(address)
        checkout.heading("A payment is under way")
        assert "_secret_" not in page.url
    shot("under way")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    ada.card_only()
    ada.heading("Thank you, your payment is complete")
    checkout.button("Look again").click()
    checkout.heading("Already paid")
    shot("paid")


def test_who_paid_goes_on_in_that_tab_from_every_address_of_the_payment(ada: Checkout) -> None:
    payment = ada.reach_choice()
    for address in (payment["redirectUrl"], payment["checkoutUrl"]):
        ada.page.goto(address)
        ada.heading("How would you like to pay?")
        ada.page.reload()
        ada.heading("How would you like to pay?")


def test_a_form_that_was_open_all_the_while_charges_nobody_a_second_time(
    checkout: Checkout, page: Page, ada: Checkout, client: Client
) -> None:
    payment = checkout.open()
    ada.page.goto(payment["redirectUrl"])
    ada.pay_by_card()
    ada.heading("How would you like to pay?")
    checkout.pay_by_card()
    checkout.heading("A payment is under way")
    assert "_secret_" not in page.content()
    assert [call["operation"] for call in client.book(payment)["calls"]].count("PREAUTH") == 1
    assert client.transaction(payment)["status"] == "CARD_PREAUTH_SUCCESS"


def test_after_a_decline_the_next_visitor_may_pay(checkout: Checkout, page: Page, ada: Checkout) -> None:
    payment = ada.open()
    ada.pay_by_card(DECLINED)
    ada.told("declined")
    page.goto(payment["redirectUrl"])
    checkout.pay_by_card()
    checkout.heading("How would you like to pay?")
    ada.page.reload()
    ada.heading("A payment is under way")


def test_the_banks_code_of_one_visitor_pays_no_card_of_another(checkout: Checkout, ada: Checkout) -> None:
    payment = ada.open()
    ada.pay_by_card(CHALLENGED)
    ada.heading("Confirm with your bank")
    checkout.page.goto(payment["redirectUrl"])
    checkout.pay_by_card(CHALLENGED)
    checkout.heading("Confirm with your bank")
    ada.field("Code from your bank").fill("123456")
    ada.button("Confirm").click()
    ada.heading("Pay by card")
    checkout.field("Code from your bank").fill("123456")
    checkout.button("Confirm").click()
    checkout.heading("How would you like to pay?")


def test_a_links_second_visitor_sees_that_a_payment_is_under_way_and_its_first_goes_on(
    checkout: Checkout, page: Page, ada: Checkout, link: str, shot: Shot
) -> None:
    page.goto(link)
    pay = checkout.button("Pay €50.00")
    expect(pay).to_be_visible()
    ada.page.goto(link)
    ada.button("Pay €50.00").click()
    ada.pay_by_card()
    ada.heading("How would you like to pay?")

    pay.click()  # was on the screen before the card was held
    checkout.heading("A payment is under way")
    page.goto(link)
    checkout.heading("A payment is under way")
    shot("link")
    assert "_secret_" not in page.content()

    ada.page.goto(link)
    ada.heading("A payment is under way")
    ada.button("Go on with my payment").click()
    ada.heading("How would you like to pay?")
    ada.card_only()
    ada.heading("Thank you, your payment is complete")
    checkout.page.goto(link)
    checkout.heading("Already paid")


def test_a_link_whose_first_card_was_declined_is_paid_by_the_next_visitor(
    checkout: Checkout, page: Page, ada: Checkout, link: str
) -> None:
    ada.page.goto(link)
    ada.button("Pay €50.00").click()
    ada.pay_by_card(DECLINED)
    ada.told("declined")
    page.goto(link)
    checkout.button("Pay €50.00").click()
    checkout.pay_by_card()
    checkout.heading("How would you like to pay?")


def test_the_shop_leads_a_customer_on_in_a_new_window_with_the_payments_secret(
    checkout: Checkout, page: Page, ada: Checkout
) -> None:
    payment = ada.reach_choice()
    page.goto(f"{payment['checkoutUrl']}#{payment['clientSecret']}")
    checkout.heading("How would you like to pay?")


def test_a_browser_that_keeps_nothing_for_a_page_still_pays(checkout: Checkout, page: Page) -> None:
    refuses = "{ get() { throw new DOMException('no', 'SecurityError'); } }"
    page.add_init_script(f"Object.defineProperty(window, 'sessionStorage', {refuses})")
    checkout.reach_choice()
    page.reload()
    checkout.heading("How would you like to pay?")
    checkout.card_only()
    checkout.heading("Thank you, your payment is complete")


def test_no_address_and_no_answer_without_proof_holds_the_visitors_token(ada: Checkout) -> None:
    seen: list[str] = []
    ada.page.on("request", lambda request: seen.append(request.url))
    payment = ada.reach_choice()
    token = ada.page.evaluate("id => sessionStorage.getItem(`payglobe.visit.${id}`)", payment["igfs"]["paymentId"])
    assert token.startswith("visit_")
    assert not [address for address in seen if token in address]
