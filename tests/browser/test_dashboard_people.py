"""People at the dashboard: invited, signed in by a mailed link, still there after a reload, and out when they are."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.client import Client, until
from tests.merchants import onboarded


def mailed(client: Client, email: str) -> str:
    """The last link that was mailed to somebody, as soon as there is one."""

    def newest() -> str | None:
        messages = client.get("/api/sandbox/messages")["messages"]
        return next((message["text"] for message in messages if message["to"] == email), None)

    text = until(newest, lambda found: found is not None)
    return re.search(r"http\S+/dashboard/#/enter/\S+", str(text))[0]  # type: ignore[index]


def invited(client: Client, role: str) -> str:
    email = f"{role}-{secrets.token_hex(4)}@shop.example"
    assert (
        client.call("POST", "/api/merchant/people", {"email": email, "role": role, "language": "it"}).status_code
        == 201
    )
    return email


def signed_in(page: Page, client: Client, role: str) -> str:
    email = invited(client, role)
    page.goto(mailed(client, email))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    return email


def test_a_person_is_invited_comes_in_by_the_link_and_is_there_after_a_reload(
    desk: Desk, page: Page, client: Client
) -> None:
    email = f"anna-{secrets.token_hex(4)}@shop.example"
    desk.sign_in("#/people")
    desk.heading("People")
    page.get_by_label("E-mail address", exact=True).fill(email)
    page.get_by_role("form").or_(page.locator("form.panel")).get_by_label("Role").select_option("owner")
    desk.button("Invite").click()
    expect(page.get_by_role("row", name=re.compile(email))).to_be_visible()
    desk.has_no_barriers()

    page.goto("about:blank")
    page.goto(mailed(client, email))
    desk.has_no_barriers()
    desk.button("Sign in").click()
    desk.heading("Overview")
    assert "/enter/" not in page.url

    page.reload()
    desk.heading("Overview")
    expect(page.get_by_text(f"Signed in: {email} (Owner)")).to_be_visible()
    desk.has_no_barriers()
    assert page.evaluate("document.cookie") == ""


def test_a_used_link_says_so_and_leads_to_another(desk: Desk, page: Page, client: Client) -> None:
    email = invited(client, "read")
    link = mailed(client, email)
    page.goto(link)
    desk.button("Sign in").click()
    desk.heading("Overview")
    desk.button("Sign out").first.click()
    expect(page.get_by_label("Your e-mail")).to_be_visible()

    page.goto("about:blank")
    page.goto(link)
    desk.button("Sign in").click()
    desk.told("This link was used already")
    page.get_by_role("link", name="Ask for another link").click()
    page.get_by_label("Your e-mail").fill(email)
    desk.button("Mail me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your mail")


@pytest.mark.any_size
def test_a_link_still_opens_after_another_language_was_chosen(page: Page, client: Client) -> None:
    page.goto(mailed(client, invited(client, "read")))
    page.get_by_label("Language").select_option("it")
    page.get_by_role("button", name="Entra").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Panoramica")


def test_a_reader_sees_no_keys_and_moves_no_money(desk: Desk, page: Page, client: Client) -> None:
    payment = client.init(50.00, paymentMode="SALE_DIRECT", description="For readers")
    client.card(payment, "4242424242424242")
    signed_in(page, client, "read")

    expect(page.get_by_role("link", name="API keys")).to_have_count(0)
    expect(page.get_by_role("link", name="People")).to_have_count(0)
    page.evaluate(f"location.hash = '#/payments/{payment['transactionId']}'")
    desk.heading("For readers")
    expect(desk.button("Give back")).to_have_count(0)
    page.evaluate("location.hash = '#/settings'")
    expect(page.get_by_text("Owners change what is here")).to_be_visible()
    expect(page.get_by_label("Name of the shop")).to_be_disabled()
    expect(desk.button("Save")).to_have_count(0)
    desk.has_no_barriers()


def test_a_refund_names_the_person_who_gave_it(desk: Desk, page: Page, client: Client) -> None:
    payment = client.init(50.00, paymentMode="SALE_DIRECT", description="To give back")
    client.card(payment, "4242424242424242")
    email = signed_in(page, client, "refunds")

    answer = page.evaluate(
        """async (id) => {
            const who = await (await fetch("/paymentgw/api/merchant/session")).json();
            const headers = {"Content-Type": "application/json", "X-Environment": "test"};
            const send = (more) => fetch(`/paymentgw/api/payment/refund/${id}`,
                {method: "POST", body: '{"amount": 5.00}', headers: {...headers, ...more}});
            return [(await send({})).status, (await send({"X-CSRF-Token": who.csrfToken})).status];
        }""",
        payment["transactionId"],
    )

    assert answer == [403, 200]
    page.evaluate(f"location.hash = '#/payments/{payment['transactionId']}'")
    expect(page.get_by_role("row", name=re.compile(email))).to_be_visible()


def test_who_is_removed_is_shown_the_door_with_the_next_click(desk: Desk, page: Page, client: Client) -> None:
    email = signed_in(page, client, "refunds")
    (one,) = [person for person in client.get("/api/merchant/people")["people"] if person["email"] == email]

    assert client.call("DELETE", f"/api/merchant/people/{one['id']}").status_code == 200
    page.get_by_role("link", name="Payments", exact=True).click()

    desk.told("Your visit is over")
    page.reload()
    expect(page.get_by_label("Your e-mail")).to_be_visible()


@pytest.mark.parametrize("width", [375, 1280])
def test_the_first_page_has_no_barriers(desk: Desk, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(desk.address)
    expect(page.get_by_label("Your e-mail")).to_be_visible()

    desk.has_no_barriers()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.any_size
def test_a_visit_that_ends_in_the_middle_of_a_refund_says_that_nothing_went_back_and_comes_back_to_it(
    desk: Desk, page: Page, client: Client
) -> None:
    shop = client.using(onboarded(client.base_url).secret)
    payment = shop.paid(amount=20)
    signed_in(page, shop, "refunds")
    page.evaluate(f"location.hash = '#/payments/{payment['transactionId']}'")
    desk.button("See what goes where").click()
    give = desk.button("Refund €20.00")
    expect(give).to_be_focused()
    page.context.clear_cookies()
    give.click()

    desk.told("Your visit is over, and what you asked for last was not done")
    assert shop.transaction(payment)["status"] == "SUCCESS"
    page.get_by_label("Secret key").fill(shop.key or "")
    desk.button("Open the dashboard").click()
    expect(desk.button("See what goes where")).to_be_visible()


@pytest.mark.any_size
def test_who_signed_in_anew_in_another_tab_is_told_so_in_the_first(desk: Desk, page: Page, client: Client) -> None:
    shop = client.using(onboarded(client.base_url).secret)
    payment = shop.paid(amount=20)
    signed_in(page, shop, "refunds")
    page.evaluate(f"location.hash = '#/payments/{payment['transactionId']}'")
    expect(desk.button("See what goes where")).to_be_visible()
    signed_in(page.context.new_page(), shop, "refunds")
    desk.button("See what goes where").click()

    desk.told("Somebody signed in anew in another tab")
    page.reload()
    desk.button("See what goes where").click()
    expect(desk.button("Refund €20.00")).to_be_focused()
