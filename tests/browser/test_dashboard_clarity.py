"""What somebody who runs a shop needs to trust the dashboard: whose clocks, how many, what was done, in words."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from shared.adapters.voucher_providers.sandbox import REFUSALS
from shared.domain import attention
from shared.domain.currencies import DIGITS
from tests.browser.desk import Desk
from tests.browser.test_languages import DASHBOARD
from tests.client import Client, until, voucher
from tests.merchants import onboarded
from tools.ops.onboarding import DEMO_CUSTOMER_ID

SHEET = (
    "day,currency,tender,issuer,paid,refunded,net,returned,lost\r\n"
    "2026-11,EUR,card,,100.10,0.00,95.10,5.00,0.00\r\n"
    "2026-11,EUR,voucher,sandbox,0.20,0.10,0.10,0.00,0.00\r\n"
    "2026-11,USD,card,,7.00,0.00,7.00,0.00,0.00\r\n"
)


def test_moments_are_told_by_the_shops_clocks_and_the_foot_says_so(desk: Desk, page: Page, client: Client) -> None:
    shop = onboarded(client.base_url, "time-zone=Asia/Tokyo")
    begun = client.using(shop.secret).init(10, description="By another clock")
    created = client.using(shop.secret).transaction(begun)["createdAt"]
    desk.sign_in("#/payments", shop.secret)

    shown = page.get_by_role("row", name=re.compile("By another clock")).locator("time")
    hour = page.evaluate(
        "iso => new Date(iso).toLocaleTimeString('en-GB', { timeStyle: 'short', timeZone: 'Asia/Tokyo' })",
        created,
    )
    expect(shown).to_contain_text(hour)
    expect(page.get_by_role("contentinfo")).to_contain_text("Times are by the clocks of Asia/Tokyo.")


def test_what_was_saved_is_said_to_who_looks_and_to_who_listens(desk: Desk, page: Page, client: Client) -> None:
    desk.sign_in("#/settings", onboarded(client.base_url).secret)
    page.get_by_label("Whom customers may ask").fill("help@shop.example")
    desk.button("Save").first.click()

    told = page.locator(".told")
    expect(told).to_have_text("Saved")
    expect(told).to_be_in_viewport()
    expect(page.locator("#live")).to_have_text("Saved")
    desk.has_no_barriers()
    changed = page.get_by_role("row", name=re.compile("Settings changed"))
    expect(changed).to_contain_text("contact")
    expect(changed).to_contain_text(re.compile("the API key [0-9a-f]{8}"))


def test_the_open_tab_is_in_sight(desk: Desk, page: Page) -> None:
    desk.sign_in("#/settings")
    desk.heading("Settings")
    tab = page.get_by_role("navigation").get_by_role("link", name="Settings")
    expect(tab).to_be_in_viewport(ratio=1)


def test_a_list_says_how_many_it_has_and_whether_there_are_more(desk: Desk, page: Page, client: Client) -> None:
    shop = onboarded(client.base_url)
    for number in range(21):
        client.using(shop.secret).init(10 + number)
    desk.sign_in("#/payments", shop.secret)
    expect(page.get_by_text("20 shown so far")).to_be_visible()
    desk.button("Show more").click()
    expect(page.get_by_text("21 in all")).to_be_visible()


def test_a_span_that_ends_before_it_begins_is_told_at_its_end(desk: Desk, page: Page) -> None:
    desk.sign_in("#/payments?from=2026-11-22")
    page.get_by_label("Until").fill("2026-11-21")
    page.get_by_label("At least").fill("10")
    page.get_by_label("At most").fill("9,99")
    desk.button("Search").click()
    expect(page.get_by_text("This day is before the first one.")).to_be_visible()
    expect(page.get_by_text("This is less than the other.")).to_be_visible()


def test_a_statement_has_the_sum_of_all_tenders_of_a_currency(desk: Desk, page: Page) -> None:
    page.route("**/api/merchant/statement?*", lambda route: route.fulfill(content_type="text/csv", body=SHEET))
    desk.sign_in("#/statement?month=2026-11")
    rows = page.get_by_role("table").first.locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.last.locator("td")).to_have_text(["All together", "€100.30", "€0.10", "€5.00", "€95.20"])


def test_amounts_to_be_changed_have_the_decimals_of_their_currency(desk: Desk, page: Page, client: Client) -> None:
    payment = client.paid(amount=30)
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    expect(page.get_by_label("Amount")).to_have_value("30.00")
    desk.button("See what goes where").click()
    desk.button("Refund €30.00").click()
    expect(page.get_by_role("row", name=re.compile("To the card €30.00"))).to_contain_text("done")


def test_an_endpoint_that_does_not_answer_is_not_shown_as_well(desk: Desk, page: Page, client: Client) -> None:
    shop = onboarded(client.base_url)
    own = client.using(shop.secret)
    hook = own.call("POST", "/api/merchant/webhooks", {"url": "https://nobody.invalid/hooks"}).json()
    assert own.call("POST", f"/api/merchant/webhooks/{hook['id']}/test", {}).status_code in (200, 202)
    until(lambda: own.get(f"/api/merchant/webhooks/{hook['id']}")["failingSince"], lambda since: since is not None)
    desk.sign_in("#/webhooks", shop.secret)
    expect(page.get_by_role("row", name=re.compile("nobody.invalid"))).to_contain_text("not answering")


def test_what_needs_a_person_and_why_a_card_was_declined_are_told_in_words(
    desk: Desk, page: Page, client: Client
) -> None:
    payment = client.init(44)
    client.submit(payment, "4000000000000143")
    until(lambda: client.transaction(payment)["attention"], lambda word: word is not None)
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    expect(desk.fact("Needs a person")).to_contain_text("It counts as not paid.")
    page.get_by_label("Language").select_option("it")
    expect(desk.fact("Problema")).to_have_text("Il gateway aveva un importo diverso da questo pagamento.")


def test_a_refusal_is_told_in_the_language_of_the_page(desk: Desk, page: Page, client: Client) -> None:
    desk.sign_in("#/settings", onboarded(client.base_url).secret)
    page.get_by_label("Language").select_option("it")
    page.get_by_label("Colore").fill("#ffffff")
    desk.button("Salva").first.click()
    expect(page.get_by_text("Troppo chiaro per un testo bianco")).to_be_visible()
    expect(page.get_by_label("Colore")).to_be_focused()
    page.get_by_label("Fuso orario").fill("Roma")
    desk.button("Salva").nth(1).click()
    expect(page.get_by_text("Un fuso orario come Europe/Rome.")).to_be_visible()
    desk.has_no_barriers()


def test_a_view_that_did_not_come_can_be_asked_for_again(desk: Desk, page: Page, complaints: list[str]) -> None:
    desk.sign_in("#/payments")
    desk.heading("Payments")
    page.context.set_offline(True)
    page.get_by_role("link", name="Payment links").click()
    expect(page.get_by_text("The gateway did not answer.")).to_be_visible()
    desk.has_no_barriers()
    page.context.set_offline(False)
    desk.button("Try again").click()
    expect(page.get_by_text("New payment link")).to_be_visible()
    complaints.clear()  # the browser notes that there was no network


def test_every_word_that_needs_a_person_has_its_sentence() -> None:
    from shared.domain import method_course

    words = {value for module in (attention, method_course) for name, value in vars(module).items() if name == value}
    assert len(words) >= 10
    for texts in DASHBOARD.values():
        assert {f"needs_{word}" for word in words} <= set(texts)


def test_what_people_did_is_told_in_words_that_lead_to_it(desk: Desk, page: Page) -> None:
    done = {
        "at": "2026-11-22T10:00:00Z", "who": "person anna@shop.example", "environment": "test", "method": "POST",
        "route": "/api/payment/refund/{transactionId}", "about": {"transactionId": "TXN_20261122_AAAABBBBCCCCDDDD"},
    }  # fmt: skip
    reply = json.dumps({"success": True, "doings": [done], "count": 1})
    page.route("**/people/doings", lambda route: route.fulfill(content_type="application/json", body=reply))
    desk.sign_in("#/people")
    row = page.get_by_role("row", name=re.compile("anna@shop.example"))
    expect(row).to_contain_text("Refunded")
    expect(row.get_by_role("link")).to_have_attribute("href", "#/payments/TXN_20261122_AAAABBBBCCCCDDDD")


def test_every_change_that_the_dashboard_offers_people_has_its_words() -> None:
    from pages.build import SOURCES
    from shared.domain.person import Role
    from shared.families.rights import RIGHTS

    source = (SOURCES / "dashboard" / "people.js").read_text()
    named = set(re.findall(r'"((?:POST|PATCH|DELETE) /[^"]+)":', source))
    asked = {f"{method} {path}" for method, path in changes_of_the_dashboard()}
    assert asked <= named <= {route for route, role in RIGHTS.items() if role is not Role.READ and role is not None}


def changes_of_the_dashboard() -> set[tuple[str, str]]:
    """The rows of rights that are not only read and are no business of a server's API family."""
    from shared.domain.person import Role
    from shared.families.rights import RIGHTS

    wanted = set()
    for route, role in RIGHTS.items():
        method, path = route.split(" ", 1)
        mere_api = path.startswith("/api/v1/") and "api-keys" not in path
        elsewhere = path in ("/api/merchant/webhooks/{id}/replay", "/api/payment/cancel/{transactionId}")
        if method != "GET" and role in (Role.REFUNDS, Role.OWNER) and not mere_api and not elsewhere:
            wanted.add((method, path))
    return wanted


@pytest.mark.any_size
def test_why_something_was_refused_is_told_in_the_pages_language_and_else_in_its_own_words(
    desk: Desk, page: Page, client: Client
) -> None:
    declined = client.init(20)
    client.card(declined, "4000000000009995")
    page.goto(f"{desk.address}?lang=it#/payments/{declined['transactionId']}")
    page.get_by_label("Chiave segreta").fill(client.key or "")
    page.get_by_label("Chiave segreta").press("Enter")
    operations = page.get_by_role("table", name="Cosa è stato fatto").get_by_role("row")
    expect(operations.filter(has_text="Fondi insufficienti sulla carta.")).to_have_count(1)

    kept = client.init(50)
    client.card(kept)
    client.choose(kept, voucher(2000, "NOREVERSE"), voucher(3000, "SPENDFAIL"))
    client.settled(kept, {"VOUCHER_FAILED"})
    page.evaluate("place => { location.hash = place }", f"#/payments/{kept['transactionId']}")
    expect(operations.filter(has_text="Questo buono non si può restituire.")).to_have_count(1)
    expect(operations.filter(has_text="L'emittente non ha accettato il buono.")).to_have_count(1)
    expect(operations.locator("q")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="Transaction OK")).to_have_count(0)

    said = json.dumps(client.transaction(kept)).replace('"104"', '"E-77"').replace(REFUSALS["104"], "Not today")
    page.route("**/transaction/TXN_*", lambda route: route.fulfill(content_type="application/json", body=said))
    page.get_by_role("link", name="Persone", exact=True).click()
    desk.heading("Persone")
    page.evaluate("place => { location.hash = place }", f"#/payments/{kept['transactionId']}")
    expect(operations.locator("q")).to_have_text(["Not today"])


def test_every_refusal_of_a_test_voucher_has_its_sentence() -> None:
    for texts in DASHBOARD.values():
        assert {f"why_voucher_{code}" for code in REFUSALS} <= set(texts)


@pytest.mark.any_size
def test_every_amount_has_the_decimals_that_the_gateway_counts_its_currency_in(
    desk: Desk, page: Page, client: Client
) -> None:
    like = client.transaction(client.init(1)) | {"attention": None, "card": None, "voucherAmount": 0, "method": None}
    rows = [like | {"currency": code, "description": f"In {code}", "totalAmount": 7} for code in DIGITS]
    reply = json.dumps({"success": True, "transactions": rows, "nextCursor": "", "count": len(rows)})
    page.route("**/merchant/transactions?*", lambda route: route.fulfill(content_type="application/json", body=reply))
    desk.sign_in("#/payments")
    expect(page.locator("tbody tr")).to_have_count(len(DIGITS))

    shown = dict(zip(DIGITS, page.locator("tbody td:nth-child(3)").all_inner_texts(), strict=True))

    wrong = {
        code: text
        for code, text in shown.items()
        if not text.endswith(f"7{'.' * (DIGITS[code] > 0)}{'0' * DIGITS[code]}")
    }
    assert wrong == {}


@pytest.mark.any_size
def test_an_amount_with_small_coins_is_shown_and_given_back_whole(desk: Desk, page: Page, client: Client) -> None:
    payment = client.init(1050.50, currency="HUF", paymentMode="SALE_DIRECT")
    client.card(payment)
    client.settled(payment)
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    expect(desk.fact("Amount")).to_have_text("HUF\u00a01,050.50")
    expect(page.get_by_label("Amount")).to_have_value("1050.50")
    desk.button("See what goes where").click()
    expect(desk.button("Refund HUF\u00a01,050.50")).to_be_visible()

    asked = {"customer_id": DEMO_CUSTOMER_ID, "currency": "HUF", "amount": 1050, "purpose_code": "P1401"}
    order = client.call("POST", "/api/v1/orders", asked).json()
    page.evaluate("place => { location.hash = place }", f"#/orders/{order['id']}")
    expect(desk.fact("Amount")).to_have_text("HUF\u00a010.50")
