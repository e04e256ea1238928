"""The page of a payment method: chosen by country, what it asks for filled in, paid elsewhere, back to the shop."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from shared.families.paygol.auth import new_token
from shared.families.paygol.reasons import texts_of as reasons_in
from shared.families.paygol.signing import HEADER, signature
from tests.browser.desk import Desk
from tests.client import Client
from tools.ops.onboarding import DEMO_SERVICE, DEMO_SERVICE_SECRET, now

Shot = Callable[[str], None]
SECRET = DEMO_SERVICE_SECRET.encode()
JOHN = {"pg_first_name": "John", "pg_last_name": "Doe", "pg_email": "jdoe@my-site.com"}
TITLES = {
    "en": "How would you like to pay?", "es": "¿Cómo quiere pagar?", "it": "Come vuoi pagare?",
    "de": "Wie möchten Sie bezahlen?", "fr": "Comment souhaitez-vous payer ?", "pt": "Como deseja pagar?",
}  # fmt: skip


@pytest.fixture
def begun(gateway_url: str) -> Callable[..., str]:
    """The number of a new web checkout."""

    def begin(**given: Any) -> str:
        token = new_token(DEMO_SERVICE, SECRET, now())
        fields = {"pg_serviceid": DEMO_SERVICE, "pg_token": token, "pg_price": "11.00", "pg_currency": "EUR"}
        shop = gateway_url.removesuffix("/paymentgw")  # any page will do as the shop's
        there = f"{shop}/scripts-inventory.json"
        urls = {"pg_return_url": f"{there}?paid=1", "pg_cancel_url": f"{there}?left=1"}
        body = json.dumps(fields | urls | {"pg_country": "DE"} | given).encode()
        headers = {HEADER: signature(SECRET, body), "Content-Type": "application/json"}
        reply = requests.post(f"{gateway_url}/api/v2/payment/webcheckout", data=body, headers=headers, timeout=60)
        assert reply.json()["result"] == 0, reply.text
        return str(reply.json()["data"]["transaction_id"])

    return begin


@pytest.fixture
def opened(page: Page, gateway_url: str, begun: Callable[..., str]) -> Callable[..., str]:
    def open_page(**given: Any) -> str:
        number = begun(**given)
        page.goto(f"{gateway_url}/api/pay-direct/{number}")
        return number

    return open_page


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1, name=text)).to_be_visible()


def test_a_method_is_chosen_filled_in_and_paid_and_the_browser_comes_back(
    page: Page, opened: Callable[..., str], shot: Shot
) -> None:
    opened(pg_name="Coffee", pg_custom="order 7")
    heading(page, TITLES["en"])
    drawn = page.locator("[data-method] svg path").evaluate_all("all => all.map((one) => one.getAttribute('d'))")
    assert len(drawn) == page.locator("[data-method]").count() > len(set(drawn)) > 2  # one for each kind
    page.locator("select[name=pg_country]").select_option("NL")
    page.locator("[data-method=ideal]").click()
    expect(page.get_by_label("First name")).to_be_visible()
    page.locator("[data-action=continue]").click()
    expect(page.locator("#pg_first_name-error")).to_have_text("Please fill this in.")
    shot("asked")
    assert Axe().run(page).violations_count == 0
    for name, value in JOHN.items():
        page.locator(f"input[name={name}]").fill(value)
    page.locator("[data-action=continue]").click()
    heading(page, "Pay with this reference")
    shot("slip")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    page.locator("[data-action=pay]").click()
    page.wait_for_url("**/scripts-inventory.json?paid=1&PGID=*&status=completed&custom=*&key=*")


@pytest.mark.parametrize("language", TITLES)
def test_what_is_wrong_with_a_field_is_said_in_the_customers_language(
    page: Page, opened: Callable[..., str], language: str, shot: Shot
) -> None:
    opened(pg_language=language, pg_country="BR", pg_method="bradesco")
    wrong = {"email": "no", "phone": "12", "personalid": "x", "first_name": "y" * 101, "last_name": "z"}
    for name, value in wrong.items():
        page.locator(f"input[name=pg_{name}]").fill(value)
    page.locator("[data-action=continue]").click()

    said = reasons_in(language)
    whys = {"email": "EMAIL", "phone": "PHONE_WITH_PREFIX", "personalid": "PERSONAL_ID", "first_name": "TOO_LONG"}
    for name, why in whys.items():
        expect(page.locator(f"#pg_{name}-error")).to_have_text(f"{said['THIS']} {said[why].format(most=100)}.")
    shot(f"wrong-{language}")


@pytest.mark.any_size
def test_a_provider_that_does_not_begin_leads_back_to_the_other_methods(
    page: Page, opened: Callable[..., str]
) -> None:
    opened(**JOHN | {"pg_last_name": "BEGINFAIL"}, pg_method="bitcoin", pg_language="es")
    page.locator("[data-action=continue]").click()

    expect(page.get_by_text("Este medio no acepta el pago. Elija otro.")).to_be_visible()
    expect(page.locator("[data-method=creditcard]")).to_be_visible()


@pytest.mark.any_size
def test_an_unknown_payment_is_answered_in_the_browsers_language(gateway_url: str) -> None:
    address = f"{gateway_url}/api/pay-direct/ABCD-ZZZZ-BIKE-R234"
    reply = requests.get(address, headers={"Accept-Language": "pt-BR,en;q=0.5"}, timeout=60)

    assert (reply.status_code, "Este pagamento não existe" in reply.text) == (404, True)
    assert '<html lang="pt">' in reply.text


@pytest.mark.any_size
def test_the_page_goes_on_by_itself_when_the_money_comes(
    page: Page, opened: Callable[..., str], gateway_url: str
) -> None:
    number = opened(**JOHN, pg_method="bitcoin")
    page.locator("[data-action=continue]").click()
    heading(page, "Pay with this reference")

    requests.post(f"{gateway_url}/sandbox/methods/{number}", json={"action": "reject"}, timeout=60)

    page.wait_for_url("**/scripts-inventory.json?left=1&PGID=*&status=rejected&*")


@pytest.mark.any_size
def test_who_opens_a_payment_that_is_over_is_sent_nowhere(
    page: Page, begun: Callable[..., str], gateway_url: str, shot: Shot
) -> None:
    number = begun(**JOHN, pg_method="bitcoin")
    requests.post(f"{gateway_url}/sandbox/methods/{number}", json={"action": "pay"}, timeout=60)

    page.goto(f"{gateway_url}/api/pay-direct/{number}")

    heading(page, "Thank you, your payment is complete")
    shot("end")
    assert Axe().run(page).violations_count == 0
    there = f"{gateway_url}/api/pay-direct/{number}/return"
    expect(page.locator("[data-action=back]")).to_have_attribute("href", there)


def test_a_customer_leaves_after_being_asked(page: Page, opened: Callable[..., str]) -> None:
    opened()
    page.locator("[data-action=cancel]").click()
    heading(page, "Cancel this payment?")
    page.locator("[data-action=cancel]").click()

    page.wait_for_url("**/scripts-inventory.json?left=1&PGID=*&status=cancelled&*")


def test_a_card_is_one_of_the_methods(page: Page, opened: Callable[..., str]) -> None:
    opened(**JOHN)
    page.locator("[data-method=creditcard]").click()
    page.locator("[data-action=continue]").click()

    expect(page.get_by_label("Card number", exact=True)).to_be_visible()


@pytest.mark.any_size
def test_the_card_page_goes_on_in_the_language_of_the_chooser(page: Page, opened: Callable[..., str]) -> None:
    """Portuguese is the one that only methods of Brazil bring."""
    opened(**JOHN, pg_language="pt", pg_country="BR")
    page.locator("[data-method=creditcard]").click()
    page.locator("[data-action=continue]").click()

    heading(page, "Pagar com cartão")
    expect(page.locator("html")).to_have_attribute("lang", "pt")


@pytest.mark.parametrize("language", TITLES)
def test_the_page_speaks_the_payments_language(page: Page, opened: Callable[..., str], language: str) -> None:
    opened(pg_language=language)

    heading(page, TITLES[language])


def test_a_slip_prints_its_number_and_no_buttons(page: Page, opened: Callable[..., str]) -> None:
    opened(**JOHN, pg_country="BR", pg_method="boleto", pg_personalid="12345678909")
    page.locator("[data-action=continue]").click()
    heading(page, "Pay with this reference")

    page.emulate_media(media="print")

    expect(page.locator(".slip-number")).to_be_visible()
    expect(page.locator("[data-action=pay]")).to_be_hidden()


def test_the_merchant_reads_the_method_and_its_own_number_at_the_dashboard(
    page: Page, begun: Callable[..., str], client: Client, gateway_url: str, shot: Shot
) -> None:
    number = begun(**JOHN, pg_method="bitcoin", pg_custom="order 7", pg_name="Coffee for two")
    requests.post(f"{gateway_url}/sandbox/methods/{number}", json={"action": "pay"}, timeout=60)
    desk = Desk(page, client)
    desk.sign_in()
    page.get_by_role("link", name="Coffee for two").first.click()
    desk.heading("Coffee for two")

    expect(desk.fact("By method")).to_have_text("bitcoin")
    expect(desk.fact("The shop's own number")).to_have_text("order 7")
    expect(page.get_by_text("By card", exact=True)).to_have_count(0)
    shot("dashboard")
    desk.has_no_barriers()
