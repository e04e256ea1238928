"""Where checkoutUrl and the card door lead: to the step at which a payment stands, at whatever gateway."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.client import Client

SCREENS_USED = ("phone",)


def origin(gateway_url: str) -> str:
    return gateway_url.removesuffix("/paymentgw")


def changed(page: Page, **parts: Any) -> None:
    """What the page is told of a payment, as if it were at another gateway."""

    def told(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=json.dumps({**answer.json(), **parts}))

    page.route("**/checkout/resume/**", told)


def test_a_payment_that_waits_for_a_card_leads_on_to_its_card_page(
    page: Page, client: Client, gateway_url: str
) -> None:
    made = client.init(20)

    page.goto(f"{origin(gateway_url)}/pay/checkout/?transactionId={made['id']}")

    page.wait_for_url(made["redirectUrl"])
    expect(page.get_by_label("Card number")).to_be_visible()


def test_the_card_door_leads_a_browser_to_the_page(page: Page, client: Client, gateway_url: str) -> None:
    made = client.init(20)

    page.goto(f"{gateway_url}/checkout/card/{made['id']}?paymentID={made['igfs']['paymentId']}")

    assert page.url == made["redirectUrl"]


def test_a_payment_that_is_held_says_so_and_who_has_its_secret_chooses(
    page: Page, client: Client, gateway_url: str
) -> None:
    made = client.init(20)
    client.card(made)
    address = f"{origin(gateway_url)}/pay/checkout/?transactionId={made['id']}"

    page.goto(address)
    expect(page.get_by_label("Card number")).to_have_count(0)

    page.goto("about:blank")
    page.goto(f"{address}#{made['clientSecret']}")
    page.wait_for_url("**/pay/choice/**")


def test_a_page_that_shows_itself_in_no_frame_is_one_button_there(
    page: Page, client: Client, gateway_url: str
) -> None:
    made = client.init(20)
    target = f"{origin(gateway_url)}/shop/"
    changed(page, framable=False, cardUrl=target)
    page.goto(f"{origin(gateway_url)}/shop/")
    page.evaluate(
        "address => { const f = document.createElement('iframe'); f.src = address; f.id = 'pay';"
        " f.width = 390; f.height = 600; document.body.replaceChildren(f); }",
        f"{origin(gateway_url)}/pay/checkout/?transactionId={made['id']}",
    )
    frame = page.frame_locator("#pay")

    button = frame.get_by_role("link", name="20.00")

    expect(button).to_have_attribute("target", "_top")
    expect(button).to_have_attribute("href", target)


def test_whoever_is_back_before_the_acquirer_knows_waits_and_has_it_asked(
    page: Page, client: Client, gateway_url: str
) -> None:
    made = client.init(20, paymentMode="SALE_DIRECT")
    ask = f"/paymentgw/checkout/ask/{made['id']}"

    with page.expect_request(lambda request: urlsplit(request.url).path == ask):
        page.goto(f"{origin(gateway_url)}/pay/result/?transactionId={made['id']}&returned=1#{made['clientSecret']}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/pay/result/" in page.url
    client.card(made)

    expect(page.get_by_text(made["id"])).to_be_visible()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_a_payment_whose_time_is_over_says_so(page: Page, client: Client, gateway_url: str) -> None:
    made = client.init(20)
    changed(page, cardUrl=None, expiresIn=0)

    page.goto(f"{origin(gateway_url)}/pay/checkout/?transactionId={made['id']}")

    expect(page.get_by_role("heading", level=1)).to_contain_text("The time to pay is over")
