"""The card step, as a customer walks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.checkout import CAPTURE_FAILS, CHALLENGED, DECLINED, Checkout
from tests.client import VISA, Client
from tests.merchants import onboarded

Shot = Callable[[str], None]


def test_card_alone_ends_with_a_receipt(checkout: Checkout, client: Client, shot: Shot) -> None:
    payment = checkout.open(returnUrl="https://shop.example/orders/{transactionId}")
    shot("card")
    checkout.pay_by_card()
    checkout.heading("How would you like to pay?")
    shot("choice")
    checkout.card_only()
    checkout.heading("Thank you, your payment is complete")
    shot("receipt")
    checkout.row("Charged to your card", "€150.00")
    checkout.row("Total", "€150.00")
    back = checkout.page.get_by_role("link", name="Back to Bottega Demo")
    expect(back).to_have_attribute("href", f"https://shop.example/orders/{payment['transactionId']}")
    assert client.transaction(payment)["capturedAmount"] == 150.00


def test_a_sale_goes_from_card_to_receipt(checkout: Checkout) -> None:
    checkout.open(30.00, paymentMode="SALE_DIRECT")
    checkout.pay_by_card()
    checkout.heading("Thank you, your payment is complete")
    checkout.row("Charged to your card", "€30.00")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (DECLINED, "without giving a reason"),
        ("4000000000009995", "not enough funds"),
        ("4000000000000069", "this card has expired"),
    ],
)
def test_a_declined_card_says_why_and_another_one_can_be_tried(
    checkout: Checkout, shot: Shot, number: str, reason: str
) -> None:
    checkout.open()
    checkout.pay_by_card(number)
    checkout.told(reason)
    expect(checkout.page.get_by_role("alert")).to_be_in_viewport(ratio=1)
    shot(number[-4:])
    all_but_the_security_code_is_still_there(checkout, number)
    checkout.pay_by_card()
    checkout.heading("How would you like to pay?")


def all_but_the_security_code_is_still_there(checkout: Checkout, number: str) -> None:
    """A second try costs three digits, not the whole form."""
    shown = checkout.field("Card number").input_value()
    assert shown.replace(" ", "") == number
    expect(checkout.field("Expiry date")).to_have_value("12/30")
    expect(checkout.field("Name on card")).to_have_value("Ada Rossi")
    expect(checkout.field("Security code")).to_have_value("")
    expect(checkout.at.locator("#brand")).to_have_text("VISA")


@pytest.mark.any_size
def test_the_next_card_is_typed_over_the_declined_one(checkout: Checkout, page: Page) -> None:
    checkout.open()
    checkout.pay_by_card(DECLINED)
    checkout.told("declined")
    expect(checkout.field("Card number")).to_be_focused()
    page.keyboard.type(VISA)
    expect(checkout.field("Card number")).to_have_value("4242 4242 4242 4242")


@pytest.mark.any_size
def test_nothing_typed_is_lost_when_the_connection_is(checkout: Checkout, page: Page, complaints: list[str]) -> None:
    checkout.open()
    page.route("**/sandbox/card-page/*", lambda route: route.abort())
    checkout.pay_by_card()
    checkout.told("What you typed is still here, but for the security code: enter it again")
    all_but_the_security_code_is_still_there(checkout, VISA)
    page.unroute("**/sandbox/card-page/*")
    checkout.field("Security code").fill("123")
    checkout.button("Pay €").click()
    checkout.heading("How would you like to pay?")
    complaints.clear()


def test_the_bank_may_ask_for_a_code(checkout: Checkout, shot: Shot) -> None:
    checkout.open()
    checkout.pay_by_card(CHALLENGED)
    checkout.heading("Confirm with your bank")
    shot("challenge")
    checkout.field("Code from your bank").fill("123456")
    checkout.button("Confirm").click()
    checkout.heading("How would you like to pay?")


@pytest.mark.any_size
def test_the_third_wrong_code_declines_the_card_and_leaves_another_try(checkout: Checkout) -> None:
    checkout.open()
    checkout.pay_by_card(CHALLENGED)
    checkout.button("Confirm").click()
    expect(checkout.page.get_by_text("Enter the code.")).to_be_visible()
    for left in ("2", "1"):
        checkout.field("Code from your bank").fill("000000")
        checkout.button("Confirm").click()
        checkout.told(f"This code is not right. Tries left: {left}.")
    checkout.field("Code from your bank").fill("000000")
    checkout.button("Confirm").click()
    checkout.told("The bank's code was not right")
    all_but_the_security_code_is_still_there(checkout, CHALLENGED)
    expect(checkout.field("Security code")).to_be_focused()
    checkout.pay_by_card()
    checkout.heading("How would you like to pay?")


def test_mistakes_are_shown_at_their_fields_before_anything_is_sent(checkout: Checkout, shot: Shot) -> None:
    checkout.open()
    sent: list[str] = []
    checkout.page.on("request", lambda request: sent.append(request.method))
    checkout.enter_card("4242424242424241", "13/30", "12")
    checkout.button("Pay €").click()
    number = checkout.field("Card number")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_be_focused()
    expect(number).to_have_accessible_description("This card number is not right. Please check the digits.")
    expect(checkout.field("Expiry date")).to_have_accessible_description(
        "Enter the expiry date as month and year, for example 09/28."
    )
    shot("mistakes")
    number.fill("4242424242424242")
    expect(number).not_to_have_attribute("aria-invalid", "true")
    assert "POST" not in sent


@pytest.mark.any_size
def test_a_real_card_number_is_refused_on_the_test_page(checkout: Checkout) -> None:
    checkout.open()
    checkout.pay_by_card("4012888888881881")
    expect(checkout.field("Card number")).to_have_accessible_description(
        "Only test cards work here, such as 4242 4242 4242 4242."
    )


@pytest.mark.any_size
def test_typing_groups_the_number_and_puts_the_slash_into_the_date(checkout: Checkout) -> None:
    checkout.open()
    checkout.field("Card number").press_sequentially("378282246310005")
    expect(checkout.field("Card number")).to_have_value("3782 822463 10005")
    checkout.field("Expiry date").press_sequentially("1230")
    expect(checkout.field("Expiry date")).to_have_value("12/30")
    checkout.field("Security code").fill("1234")
    checkout.field("Name on card").fill("Ada Rossi")
    checkout.button("Pay €").click()
    checkout.heading("How would you like to pay?")


@pytest.mark.any_size
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("12/30", "12/30"),
        ("1230", "12/30"),
        ("330", "03/30"),
        ("3/30", "03/30"),
        ("1/30", "01/30"),
        ("0330", "03/30"),
        ("130", "01/30"),
        ("12 / 30", "12/30"),
        ("12-30", "12/30"),
        ("12/2030", "12/2030"),
        ("122030", "12/2030"),
    ],
)
def test_a_date_typed_in_any_way_is_shown_in_one(checkout: Checkout, typed: str, shown: str) -> None:
    checkout.open()
    checkout.field("Expiry date").press_sequentially(typed)
    expect(checkout.field("Expiry date")).to_have_value(shown)


@pytest.mark.any_size
def test_a_date_that_a_browser_fills_in_is_understood(checkout: Checkout) -> None:
    checkout.open()
    for given, shown in {"2030-12": "12/2030", "12/30": "12/30", "0330": "03/30", "3/2030": "03/2030"}.items():
        checkout.field("Expiry date").fill(given)
        expect(checkout.field("Expiry date")).to_have_value(shown)


@pytest.mark.any_size
def test_a_date_can_be_taken_back_and_corrected(checkout: Checkout, page: Page) -> None:
    checkout.open()
    date = checkout.field("Expiry date")
    date.press_sequentially("330")
    for left in ("03/3", "03/", "03", "0", ""):
        page.keyboard.press("Backspace")
        expect(date).to_have_value(left)
    date.press_sequentially("1230")
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    page.keyboard.type("0")
    expect(date).to_have_value("02/30")


@pytest.mark.any_size
def test_browsers_can_fill_the_card_in(checkout: Checkout) -> None:
    checkout.open()
    wanted = {"number": "cc-number", "expiry": "cc-exp", "cvv": "cc-csc", "holderName": "cc-name"}
    for name, kind in wanted.items():
        expect(checkout.page.locator(f"input[name={name}]")).to_have_attribute("autocomplete", kind)


@pytest.mark.any_size
def test_a_double_click_pays_once(checkout: Checkout, client: Client) -> None:
    payment = checkout.open()
    posts: list[str] = []
    checkout.page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    checkout.enter_card()
    checkout.button("Pay €").dblclick()
    checkout.heading("How would you like to pay?")
    assert len(posts) == 1
    assert [call["operation"] for call in client.book(payment)["calls"]].count("PREAUTH") == 1


def test_back_and_reload_lead_to_where_the_payment_stands(checkout: Checkout, page: Page) -> None:
    page.goto("about:blank")
    payment = checkout.reach_choice()
    page.reload()
    checkout.heading("How would you like to pay?")
    page.goto(payment["redirectUrl"])  # the card page again, as a bookmark or an old tab would
    checkout.heading("How would you like to pay?")
    checkout.card_only()
    checkout.heading("Thank you, your payment is complete")
    page.reload()
    checkout.heading("Thank you, your payment is complete")
    page.goto(payment["checkoutUrl"])
    checkout.heading("Thank you, your payment is complete")


@pytest.mark.any_size
def test_back_after_the_card_does_not_show_a_card_form_again(checkout: Checkout, page: Page) -> None:
    page.goto("about:blank")
    checkout.reach_choice()
    page.go_back()
    assert "/pay/card/" not in page.url


def test_cancelling_asks_first_and_charges_nothing(checkout: Checkout, client: Client, shot: Shot) -> None:
    payment = checkout.open()
    checkout.button("Cancel payment").click()
    dialog = checkout.page.get_by_role("dialog", name="Cancel this payment?")
    shot("question")
    dialog.get_by_role("button", name="Go on paying").click()
    expect(dialog).to_be_hidden()
    checkout.button("Cancel payment").click()
    dialog.get_by_role("button", name="Cancel payment").click()
    checkout.heading("Payment cancelled")
    shot("cancelled")
    assert client.settled(payment)["status"] == "FAILED"
    checkout.page.goto(payment["redirectUrl"])
    checkout.heading("Payment cancelled")


@pytest.mark.any_size
def test_a_declined_card_goes_to_the_shops_error_page_when_there_is_one(checkout: Checkout, page: Page) -> None:
    page.route("http://localhost:9/**", lambda route: route.fulfill(body="the shop's own page"))
    payment = checkout.open(errorUrl="http://localhost:9/sorry?basket=7")
    checkout.pay_by_card(DECLINED)
    page.wait_for_url("http://localhost:9/sorry**")
    assert "basket=7" in page.url
    assert payment["transactionId"] in page.url


@pytest.mark.any_size
def test_an_accepted_card_goes_to_the_shops_own_page_when_there_is_one(checkout: Checkout, page: Page) -> None:
    page.route("http://localhost:9/**", lambda route: route.fulfill(body="the shop's own page"))
    payment = checkout.open(callbackUrl="http://localhost:9/pay/{transactionId}/voucher-choice")
    checkout.pay_by_card()
    page.wait_for_url("http://localhost:9/**")
    assert page.url == f"http://localhost:9/pay/{payment['transactionId']}/voucher-choice"
    page.goto(payment["checkoutUrl"])
    checkout.heading("How would you like to pay?")


@pytest.mark.any_size
def test_a_lost_answer_is_looked_up_and_never_paid_twice(
    checkout: Checkout, client: Client, page: Page, complaints: list[str]
) -> None:
    payment = checkout.open()

    def lose_the_answer(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        route.fetch()
        route.abort()

    page.route("**/sandbox/card-page/*", lose_the_answer)
    checkout.pay_by_card()
    checkout.heading("How would you like to pay?")
    assert [call["operation"] for call in client.book(payment)["calls"]].count("PREAUTH") == 1
    complaints.clear()


@pytest.mark.any_size
def test_a_request_that_never_arrived_can_be_sent_again(
    checkout: Checkout, page: Page, complaints: list[str]
) -> None:
    checkout.open()
    page.route("**/sandbox/card-page/*", lambda r: r.abort() if r.request.method == "POST" else r.continue_())
    checkout.pay_by_card()
    checkout.told("The answer got lost on the way")
    all_but_the_security_code_is_still_there(checkout, VISA)
    page.unroute("**/sandbox/card-page/*")
    checkout.field("Security code").fill("123")
    checkout.button("Pay €").click()
    checkout.heading("How would you like to pay?")
    complaints.clear()


def test_a_card_whose_charge_fails_ends_with_the_hold_released(
    checkout: Checkout, client: Client, shot: Shot
) -> None:
    payment = checkout.open()
    checkout.pay_by_card(CAPTURE_FAILS)
    checkout.card_only()
    checkout.heading("The payment did not go through")
    shot("failed")
    assert client.settled(payment)["status"] == "CARD_CAPTURE_FAILED"


def with_card_page(page: Page, **changes: Any) -> None:
    """The card page API, with these fields of its reply changed."""

    def changed(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=json.dumps(reply.json() | changes))

    page.route("**/sandbox/card-page/*", changed)


def test_an_expired_checkout_says_so_instead_of_taking_a_card(
    checkout: Checkout, page: Page, client: Client, shot: Shot
) -> None:
    payment = client.init(20.00)
    with_card_page(page, expiresIn=0)
    page.goto(payment["redirectUrl"])
    checkout.heading("The time to pay is over")
    shot("expired")
    expect(page.locator("input")).to_have_count(0)


@pytest.mark.any_size
def test_a_customer_whose_clock_is_wrong_can_still_pay(checkout: Checkout, page: Page) -> None:
    page.clock.install(time="2031-01-01T00:00:00Z")
    checkout.open()
    checkout.enter_card(expiry="12/35")
    checkout.button("Pay €").click()
    checkout.heading("How would you like to pay?")
    checkout.card_only()
    page.clock.run_for(5000)
    checkout.heading("Thank you, your payment is complete")


def test_the_form_closes_when_its_time_runs_out(checkout: Checkout, page: Page, client: Client) -> None:
    page.clock.install()
    checkout.open()
    page.clock.run_for(15 * 60 * 1000)
    checkout.heading("The time to pay is over")


@pytest.mark.any_size
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/pay/card/", "This address is incomplete"),
        ("/pay/card/?paymentID=PAYNOSUCHPAGE", "This payment cannot be shown"),
        ("/pay/choice/?transactionId=TXN_1", "This address is incomplete"),
        ("/pay/result/?transactionId=TXN_1#TXN_1_secret_x", "This payment cannot be shown"),
    ],
)
def test_a_wrong_address_is_explained(
    checkout: Checkout, page: Page, gateway_url: str, shot: Shot, address: str, says: str
) -> None:
    page.goto(gateway_url.removesuffix("/paymentgw") + address)
    checkout.heading(says)
    shot("wrong-address")


def test_an_outage_offers_another_try(
    checkout: Checkout, page: Page, client: Client, shot: Shot, complaints: list[str]
) -> None:
    payment = client.init(20.00)
    page.route("**/sandbox/card-page/*", lambda route: route.abort())
    page.goto(payment["redirectUrl"])
    checkout.heading("No connection")
    shot("offline")
    page.unroute("**/sandbox/card-page/*")
    checkout.button("Try again").click()
    checkout.heading("Pay by card")
    complaints.clear()


@pytest.mark.any_size
def test_while_too_many_cards_are_declined_none_is_tried_and_the_page_says_when_again(
    checkout: Checkout, gateway_url: str
) -> None:
    shop = onboarded(gateway_url, "declines-a-minute=1")
    customer = replace(checkout, client=checkout.client.using(shop.publishable))
    customer.open()
    customer.pay_by_card(DECLINED)
    customer.told("declined")
    for _ in range(2):  # a minute may end between two of them, not between all
        with customer.page.expect_response(lambda reply: reply.request.method == "POST") as answer:
            customer.pay_by_card(DECLINED)
        if answer.value.status == 429:
            break
    customer.told("Too many cards are being declined at this shop right now")
    expect(customer.field("Card number")).to_be_visible()


@pytest.mark.any_size
def test_a_bank_that_is_undecided_is_waited_for(checkout: Checkout, shot: Shot) -> None:
    checkout.open(30.00, paymentMode="SALE_DIRECT")
    checkout.pay_by_card("4000000000000101")
    checkout.heading("Your bank is checking the payment")
    shot("undecided")
    checkout.page.reload()
    checkout.heading("Your bank is checking the payment")
    expect(checkout.page.get_by_role("heading", level=1)).to_have_text("Thank you, your payment is complete")


@pytest.mark.any_size
def test_a_bank_that_says_no_in_the_end_leaves_another_try(checkout: Checkout) -> None:
    checkout.open()
    checkout.pay_by_card("4000000000000127")
    checkout.heading("Your bank is checking the payment")
    expect(checkout.page.get_by_role("alert")).to_contain_text("without giving a reason")
    checkout.pay_by_card()
    checkout.heading("How would you like to pay?")


@pytest.mark.any_size
def test_a_test_card_needs_no_check_digit(checkout: Checkout) -> None:
    checkout.open(30.00, paymentMode="SALE_DIRECT")
    checkout.pay_by_card("4532491111111111")
    checkout.heading("Thank you, your payment is complete")


@pytest.mark.any_size
def test_a_hold_that_is_placed_by_us_looks_like_any_other(checkout: Checkout) -> None:
    checkout.open()
    checkout.pay_by_card("4000000000000093")
    checkout.heading("How would you like to pay?")


@pytest.mark.any_size
@pytest.mark.parametrize(
    ("number", "code", "says"),
    [
        ("4242424242424242", "1234", "Enter the 3 digits on the back of the card."),
        ("5555555555554444", "12", "Enter the 3 digits on the back of the card."),
        ("378282246310005", "123", "Enter the 4 digits on the front of the card."),
    ],
)
def test_a_security_code_of_another_length_is_told_the_right_one(
    checkout: Checkout, number: str, code: str, says: str
) -> None:
    checkout.open()
    checkout.enter_card(number, cvv=code)
    checkout.button("Pay €").click()
    expect(checkout.field("Security code")).to_have_accessible_description(says)


@pytest.mark.any_size
def test_the_code_that_is_asked_for_is_as_long_as_the_network_prints_it(checkout: Checkout) -> None:
    checkout.open()
    code = checkout.field("Security code")
    for number, sample in (("378282246310005", "1234"), ("4242424242424242", "123"), ("3782", "1234")):
        checkout.field("Card number").fill(number)
        expect(code).to_have_attribute("placeholder", sample)
