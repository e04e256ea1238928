"""The dashboard's first page: sums with the lists behind them, and what waits for somebody."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.client import Client, until
from tests.merchants import onboarded

Shot = Callable[[str], None]


@pytest.fixture
def desk(page: Page, client: Client) -> Desk:
    return Desk(page, client)


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
