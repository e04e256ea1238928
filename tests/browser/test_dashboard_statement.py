"""A month's statement at the dashboard: what was paid stands in it, by tender and issuer, to be printed or saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.client import Client, until, voucher


def test_what_was_paid_stands_in_the_statement_that_is_printed_and_saved(page: Page, client: Client) -> None:
    client.paid(voucher(50_00), amount=150.00)
    until(lambda: client.call("GET", "/api/merchant/statement").text, lambda sheet: ",voucher,sandbox," in sheet)
    desk = Desk(page, client)
    desk.sign_in("#/overview")
    page.get_by_role("link", name="Statement").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Statement of ")
    expect(page.get_by_role("table").first).to_contain_text("Vouchers (sandbox)")
    desk.has_no_barriers()

    with page.expect_download() as saved:
        desk.button("CSV").click()
    text = saved.value.path().read_text()
    assert text.startswith("day,currency,tender,issuer,paid,refunded,net")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(desk.button("Print")).to_have_count(0)
    expect(page.get_by_role("table").first).to_be_visible()


SHEET = (
    "day,currency,tender,issuer,paid,refunded,net,returned,lost\r\n"
    '2026-11-02,EUR,voucher,"Buoni, ""Rossi"" e figli",10.00,12.50,-2.50,0.00,0.00\r\n'
    "2026-11,EUR,card,,100.00,0.00,100.00,0.00,0.00\r\n"
)
SENT_BACK = SHEET.replace("0.00,100.00,0.00", "0.00,40.00,60.00")
LOST = SENT_BACK.replace("0.00,40.00,60.00,0.00", "0.00,0.00,60.00,40.00")


def test_an_issuer_whose_name_has_commas_and_quotation_marks_stands_in_one_cell(page: Page, client: Client) -> None:
    page.route(
        "**/api/merchant/statement?*", lambda route: route.fulfill(content_type="text/csv; charset=utf-8", body=SHEET)
    )
    Desk(page, client).sign_in("#/statement?month=2026-11")

    row = page.get_by_role("table").nth(1).locator("tbody tr")
    expect(row.locator("td").nth(1)).to_have_text('Vouchers (Buoni, "Rossi" e figli)')
    expect(row.locator("td").nth(4)).to_have_text("-€2.50")
    expect(page.get_by_role("table").first.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("columnheader", name="Sent back by banks")).to_have_count(0)


@pytest.mark.any_size
def test_the_month_that_is_shown_first_is_the_one_by_the_shops_clocks(page: Page, client: Client) -> None:
    page.clock.set_fixed_time("2026-11-30T23:30:00Z")  # half past midnight in Rome
    page.route(
        "**/api/merchant/statement?*", lambda route: route.fulfill(content_type="text/csv; charset=utf-8", body=SHEET)
    )
    Desk(page, client).sign_in("#/statement")

    expect(page.get_by_role("heading", level=1)).to_have_text("Statement of December 2026")


@pytest.mark.any_size
def test_a_sheet_of_a_release_without_the_last_column_is_read_as_it_is(page: Page, client: Client) -> None:
    before = "\r\n".join(line.rpartition(",")[0] for line in SENT_BACK.splitlines())
    page.route(
        "**/api/merchant/statement?*",
        lambda route: route.fulfill(content_type="text/csv; charset=utf-8", body=before),
    )
    Desk(page, client).sign_in("#/statement?month=2026-11")

    expect(page.get_by_role("columnheader", name="Sent back by banks").first).to_be_visible()
    expect(page.get_by_role("columnheader", name="Lost in disputes")).to_have_count(0)


def test_what_banks_sent_back_of_accepted_charges_has_a_column_where_there_is_any(page: Page, client: Client) -> None:
    page.route(
        "**/api/merchant/statement?*",
        lambda route: route.fulfill(content_type="text/csv; charset=utf-8", body=SENT_BACK),
    )
    Desk(page, client).sign_in("#/statement?month=2026-11")

    month = page.get_by_role("table").first
    expect(month.get_by_role("columnheader")).to_have_text(
        ["Tender", "Paid", "Refunded", "Sent back by banks", "Net"]
    )
    expect(month.locator("tbody td")).to_have_text(["Card", "€100.00", "€0.00", "€60.00", "€40.00"])


def test_what_was_lost_in_disputes_stands_beside_it_and_in_the_sums(page: Page, client: Client) -> None:
    more = "2026-11,EUR,method,,0.00,0.00,5.00,0.00,-5.00\r\n"
    page.route(
        "**/api/merchant/statement?*",
        lambda route: route.fulfill(content_type="text/csv; charset=utf-8", body=LOST + more),
    )
    Desk(page, client).sign_in("#/statement?month=2026-11")

    month = page.get_by_role("table").first
    expect(month.get_by_role("columnheader")).to_have_text(
        ["Tender", "Paid", "Refunded", "Sent back by banks", "Lost in disputes", "Net"]
    )
    whole = ["All together", "€100.00", "€0.00", "€60.00", "€35.00", "€5.00"]
    expect(month.locator("tbody tr").last.locator("td")).to_have_text(whole)


def test_a_year_is_typed_to_its_end_before_its_month_is_shown(page: Page, client: Client) -> None:
    Desk(page, client).sign_in("#/statement")
    chosen = (
        "(input, month) => { input.value = month; input.dispatchEvent(new Event('change')); return location.hash; }"
    )
    month = page.get_by_label("Month", exact=True)

    assert month.evaluate(chosen, "0202-05") == "#/statement"
    assert month.evaluate(chosen, "2025-05") == "#/statement?month=2025-05"
    expect(page.get_by_role("heading", level=1)).to_have_text("Statement of May 2025")
