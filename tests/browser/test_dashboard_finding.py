"""Finding in the dashboard: filters in the address, rows that stay with Back, one field for every number."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.held import Held
from tests.client import SECRET_KEY, Client, until

Shot = Callable[[str], None]


@pytest.fixture
def word() -> str:
    """What nothing else is called."""
    return f"word{secrets.token_hex(4)}"


def listed(client: Client, text: str, most: int = 1) -> None:
    """The list knows them: it is read a moment after they are written."""
    path = f"/api/merchant/transactions?limit=100&q={quote(text)}"
    until(lambda: client.get(path)["count"], lambda count: count >= most)


def test_a_search_is_in_the_address_and_finds_after_signing_in_there(
    desk: Desk, page: Page, client: Client, shot: Shot, word: str
) -> None:
    client.paid(amount=64, description=f"Table for Grace {word}")
    listed(client, word)
    desk.sign_in()
    page.get_by_label("Search for").fill(f"grace {word}")
    page.get_by_label("Status").select_option("SUCCESS")
    page.get_by_text("More filters").click()
    page.get_by_label("At least").fill("64,00")
    desk.button("Search").click()

    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(rf"#/payments\?q=grace\+{word}&status=SUCCESS&minAmount=64.00$"))
    shot("found")
    desk.has_no_barriers()

    page.reload()
    page.get_by_label("Secret key").fill(SECRET_KEY)
    desk.button("Open the dashboard").click()
    expect(page.get_by_role("link", name=f"Table for Grace {word}")).to_be_visible()
    expect(page.get_by_label("Search for")).to_have_value(f"grace {word}")


def test_nothing_found_is_said_and_a_wrong_amount_too(desk: Desk, page: Page) -> None:
    desk.sign_in("#/payments?q=" + "nobody-is-called-this")
    expect(page.get_by_text("Nothing was found.")).to_be_visible()

    page.get_by_text("More filters").click()
    page.get_by_label("At most").fill("much")
    desk.button("Search").click()
    expect(page.get_by_text("An amount such as 50.00, with no more than the decimals")).to_be_visible()


def test_back_shows_the_same_rows_at_the_same_place(desk: Desk, page: Page, client: Client, word: str) -> None:
    for n in range(23):
        client.init(6, description=f"Row {n} of {word}")
    listed(client, word, 23)
    desk.sign_in(f"#/payments?q={word}")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(20)
    desk.button("Show more").click()
    expect(rows).to_have_count(23)
    last = rows.nth(22).get_by_role("link")
    last.scroll_into_view_if_needed()
    height = page.evaluate("scrollY")
    last.click()
    expect(desk.fact("Status")).to_be_visible()

    page.go_back()

    expect(rows).to_have_count(23)
    expect(last).to_be_focused()
    page.wait_for_function("height => Math.abs(scrollY - height) < 5", arg=height)


def test_a_list_of_links_keeps_its_state_in_the_address_and_with_back(desk: Desk, page: Page, client: Client) -> None:
    client.call("POST", "/api/payment-links/create", {"amount": 7, "description": "Open link"})
    gone = client.call("POST", "/api/payment-links/create", {"amount": 7, "description": "Withdrawn link"}).json()
    client.call("POST", f"/api/payment-links/{gone['transactionId']}/cancel", {})
    desk.sign_in("#/links")
    page.get_by_label("Show", exact=True).select_option("CANCELLED")
    expect(page).to_have_url(re.compile(r"#/links\?status=CANCELLED$"))
    expect(page.get_by_role("link", name="Open link")).to_have_count(0)

    page.get_by_role("link", name="Withdrawn link").first.click()
    expect(desk.fact("Status")).to_have_text("withdrawn")
    page.go_back()

    expect(page.get_by_label("Show", exact=True)).to_have_value("CANCELLED")
    expect(page.get_by_role("link", name="Withdrawn link").first).to_be_visible()
    expect(page.get_by_role("link", name="Open link")).to_have_count(0)
    desk.button("Refresh").click()
    expect(page.get_by_label("Show", exact=True)).to_have_value("CANCELLED")
    expect(page.get_by_role("link", name="Open link")).to_have_count(0)


def test_several_states_of_an_address_stay_chosen_with_the_next_search(desk: Desk, page: Page, word: str) -> None:
    desk.sign_in(f"#/payments?status=PARTIALLY_REFUNDED,REFUNDED&q={word}")
    expect(page.get_by_label("Status", exact=True).locator("option:checked")).to_have_text(
        "partly refunded, refunded"
    )

    desk.button("Search").click()

    expect(page).to_have_url(re.compile("status=PARTIALLY_REFUNDED%2CREFUNDED"))


def test_the_language_changes_with_what_was_typed_and_stays_after_a_reload(desk: Desk, page: Page, word: str) -> None:
    desk.sign_in(f"#/payments?q={word}")
    page.get_by_label("Search for", exact=True).fill("half a wo")
    page.get_by_label("Language").select_option("it")
    desk.heading("Pagamenti")
    expect(page.locator("input[name=q]")).to_have_value("half a wo")

    page.reload()

    expect(page.get_by_role("heading", level=1)).to_have_text("Pannello del negozio")


def test_after_a_change_back_shows_what_became_of_it(desk: Desk, page: Page, client: Client, word: str) -> None:
    client.paid(amount=18, description=word)
    listed(client, word)
    desk.sign_in(f"#/payments?q={word}")
    page.get_by_role("link", name=word).first.click()
    desk.button("See what goes where").click()
    desk.button("Refund €18.00").click()
    expect(desk.fact("Status")).to_have_text("refunded")

    page.go_back()

    expect(page.locator("tbody tr").first).to_contain_text("refunded")


def test_refresh_shows_what_came_since(desk: Desk, page: Page, client: Client, word: str) -> None:
    desk.sign_in(f"#/payments?q={word}")
    expect(page.get_by_text("Nothing was found.")).to_be_visible()
    client.init(6, description=word)
    listed(client, word)

    desk.button("Refresh").click()

    expect(page.get_by_role("link", name=word)).to_be_visible()


def test_one_field_finds_whatever_has_a_number(desk: Desk, page: Page, client: Client) -> None:
    dispute = desk.a_dispute()
    link = client.call("POST", "/api/payment-links/create", {"amount": 9, "description": "Found link"}).json()
    paid = client.paid(amount=22, description="Found payment")
    refund = client.call("POST", f"/api/payment/refund/{paid['transactionId']}", {"amount": 2}).json()["refundId"]
    listed(client, refund)
    desk.sign_in()
    find = page.get_by_role("searchbox", name="Find by number")

    for number, heading in (
        (dispute["disputeId"], "Not made by the customer"),
        (link["transactionId"], "Found link"),
        (paid["transactionId"], "Found payment"),
    ):
        find.fill(number)
        find.press("Enter")
        desk.heading(heading)
    find.fill(refund)
    find.press("Enter")
    expect(page.get_by_role("link", name="Found payment")).to_be_visible()


def test_what_is_typed_while_a_list_is_awaited_stays_and_keeps_the_cursor(desk: Desk, page: Page) -> None:
    listing = Held(page, "**/api/merchant/transactions?*")
    desk.sign_in()
    find = page.get_by_role("searchbox", name="Find by number")
    find.press_sequentially("no such")
    listing.let_go()
    expect(page.get_by_label("Search for")).to_be_visible()

    page.keyboard.type(" number")

    expect(find).to_have_value("no such number")
    expect(find).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#/payments\?q=no\+such\+number$"))


def test_test_and_live_are_changed_between_with_a_key_each(desk: Desk, page: Page) -> None:
    desk.sign_in("#/links")
    desk.heading("Payment links")
    desk.button("Live").click()
    expect(page.get_by_text("Give the secret key of the Live environment.")).to_be_visible()

    desk.button("Go back to Test").click()

    desk.heading("Payment links")
    expect(page.get_by_role("button", name="Test", exact=True)).to_have_attribute("aria-pressed", "true")


def test_what_was_found_is_saved_as_a_sheet(desk: Desk, page: Page, client: Client, word: str) -> None:
    client.init(6, description=f"Sheet of {word}")
    listed(client, word)
    desk.sign_in(f"#/payments?q={word}")
    expect(page.get_by_role("link", name=word)).to_be_visible()

    with page.expect_download() as saved:
        desk.button("CSV").click()

    assert saved.value.suggested_filename == "payments-test.csv"
    head, row = saved.value.path().read_text().splitlines()
    assert head.startswith("transactionId,")
    assert f"Sheet of {word}" in row
