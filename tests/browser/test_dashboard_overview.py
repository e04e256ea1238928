"""The dashboard's first page: sums with the lists behind them, and what waits for somebody."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.test_dashboard_people import signed_in
from tests.client import Client, until
from tests.merchants import onboarded

Shot = Callable[[str], None]


def test_the_first_page_sums_up_and_leads_to_the_list_behind_a_number(
    desk: Desk, page: Page, client: Client, shot: Shot
) -> None:
    own = client.using(onboarded(client.base_url).secret)
    dispute = Desk(page, own).a_dispute()
    own.paid(amount=75, currency="SEK", description="Summed up")
    until(
        lambda: {each["currency"] for each in own.get("/api/merchant/overview")["currencies"]},
        lambda seen: "SEK" in seen,
    )
    desk.sign_in("", str(own.key))
    desk.heading("Overview")
    business = page.locator(".business").filter(has=page.get_by_role("heading", name="SEK"))
    expect(business.get_by_role("img")).to_have_attribute("aria-label", re.compile("Paid by day over 30 days in SEK"))
    expect(page.locator(f'a[href$="{dispute["disputeId"]}"]')).to_be_visible()
    shot("whole")
    desk.has_no_barriers()

    business.get_by_text("Day by day", exact=True).click()
    expect(business.get_by_role("table", name="Day by day SEK").locator("tbody tr")).to_have_count(1)
    business.locator(".gross a").first.click()

    desk.heading("Payments")
    expect(page.get_by_role("link", name="Summed up").first).to_be_visible()


def test_a_suspended_shop_is_told_so_above_every_view_until_it_is_resumed(
    desk: Desk, page: Page, client: Client, shot: Shot
) -> None:
    merchant = onboarded(client.base_url)
    merchant.suspend()
    told = page.get_by_text("This shop has been suspended since")
    desk.sign_in("", merchant.secret)
    desk.heading("Overview")

    expect(told).to_be_visible()
    expect(page.get_by_text("nothing new begins")).to_be_visible()
    shot("suspended")
    desk.has_no_barriers()
    for tab in ("Payments", "Webhooks", "Settings"):
        page.get_by_role("link", name=tab, exact=True).click()
        desk.heading(tab)
        expect(told).to_have_count(1)
    page.get_by_label("Language").select_option("it")
    expect(page.get_by_text("Questo negozio è sospeso dal")).to_be_visible()
    merchant.suspend(resume=True)
    page.get_by_role("link", name="Panoramica", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Panoramica")
    expect(page.get_by_text("Questo negozio è sospeso dal")).to_have_count(0)


@pytest.mark.any_size
def test_a_shop_that_is_suspended_meanwhile_is_told_so_to_whoever_is_signed_in(
    desk: Desk, page: Page, client: Client
) -> None:
    merchant = onboarded(client.base_url)
    signed_in(page, client.using(merchant.secret), "read")
    told = page.get_by_text("This shop has been suspended since")
    expect(told).to_have_count(0)

    merchant.suspend()
    desk.button("Refresh").click()
    expect(told).to_be_visible()
    page.goto("about:blank")
    page.goto(desk.address + "#/disputes")

    desk.heading("Disputes")
    expect(told).to_be_visible()
