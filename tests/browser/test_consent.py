"""Saving a card: the page says so, names merchant and purpose, and asks."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.checkout import DECLINED, Checkout
from tests.browser.test_languages import CATALOGS
from tests.client import Client

Shot = Callable[[str], None]
QUESTION = "I agree that Bottega Demo saves this card"


def saving(client: Client, payment: dict[str, object]) -> tuple[int, str]:
    body = {"transactionId": payment["transactionId"], "customerId": "cust_consent"}
    reply = client.call("POST", "/api/token-payment/save-card", body)
    return reply.status_code, reply.json().get("code", "")


@pytest.mark.parametrize("agrees", [True, False])
def test_a_card_is_saved_only_where_the_customer_ticked_it(
    checkout: Checkout, client: Client, page: Page, shot: Shot, agrees: bool
) -> None:
    payment = checkout.open(20.00, paymentMode="SALE_WITH_TOKENIZATION")
    box = page.get_by_role("checkbox", name=QUESTION)
    expect(box).not_to_be_checked()
    expect(box).to_have_accessible_description("Optional: you can pay without it.")
    shot("asked")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    if agrees:
        page.get_by_text(QUESTION).click()
    checkout.pay_by_card()
    checkout.heading("Thank you, your payment is complete")

    said = client.transaction(payment)["cardConsent"]
    assert (said["given"], said["text"], said["language"]) == (agrees, CATALOGS["en"]["consent_version"], "en")
    assert saving(client, payment) == ((200, "") if agrees else (409, "no_consent"))


def test_where_no_card_is_saved_nobody_is_asked(checkout: Checkout, client: Client, page: Page) -> None:
    payment = checkout.open(20.00, paymentMode="SALE_DIRECT")
    expect(page.get_by_role("checkbox")).to_have_count(0)
    checkout.pay_by_card()
    checkout.heading("Thank you, your payment is complete")
    assert client.transaction(payment)["cardConsent"] is None


def test_the_answer_stays_through_a_decline_and_another_language(
    checkout: Checkout, client: Client, page: Page
) -> None:
    payment = checkout.open(20.00, paymentMode="SALE_WITH_TOKENIZATION")
    page.get_by_role("checkbox").check()
    checkout.pay_by_card(DECLINED)
    checkout.told("declined")
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_role("checkbox", name="Ich bin einverstanden")).to_be_checked()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.get_by_label("Kartennummer").fill("4242424242424242")
    page.locator("#cvv").fill("123")
    page.get_by_role("button", name="20,00").or_(page.get_by_role("button", name="20.00")).click()
    expect(page.get_by_role("heading", level=1, name="Danke")).to_be_visible()

    assert json.loads(next(body for body in sent if "saveCard" in body))["saveCard"]["language"] == "de"
    assert client.transaction(payment)["cardConsent"]["given"] is True


@pytest.mark.parametrize("language", CATALOGS)
def test_every_customer_is_asked_in_words_that_name_the_merchant(
    browser: Browser, client: Client, language: str
) -> None:
    context = browser.new_context(locale=language)
    page = context.new_page()
    page.goto(client.init(20, paymentMode="SALE_WITH_TOKENIZATION")["redirectUrl"])
    words = CATALOGS[language]["consent_text"].replace("{merchant}", "Bottega Demo")
    expect(page.get_by_role("checkbox", name=words)).not_to_be_checked()
    context.close()
