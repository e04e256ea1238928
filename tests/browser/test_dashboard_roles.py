"""What each role is offered: every control of every tab is used, and what it asks for is let in."""

from __future__ import annotations

import re
from typing import Final, cast

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from shared.domain.person import Role
from shared.families.rights import RIGHTS
from tests.browser.desk import Desk
from tests.browser.test_dashboard_people import signed_in
from tests.client import Client
from tests.merchants import onboarded

SCREENS_USED = ("desktop",)  # what is offered does not depend on it
TYPED: Final = {
    "email": "someone@shop.example",
    "url": "https://shop.example/hook",
    "date": "2026-01-01",
    "tel": "+393331234567",
}


class Asked:
    """What a page asked for that is no reading; none of it reaches the gateway."""

    def __init__(self, page: Page) -> None:
        self.said: dict[str, str] = {}
        page.route("**/paymentgw/api/**", self._take)

    @property
    def routes(self) -> set[str]:
        return {_route(*asked.split(" ", 1)) for asked in self.said}

    def _take(self, route: Route) -> None:
        request = route.request
        path = request.url.partition("/paymentgw")[2].partition("?")[0]
        if request.method == "GET":
            route.continue_()
            return
        if path != "/api/merchant/session":
            self.said[f"{request.method} {path}"] = request.post_data or ""
        if path.endswith("preview=true") or "preview=true" in request.url:
            route.continue_()
            return
        route.fulfill(status=409, content_type="application/json", body='{"code": "not_now", "message": "not now"}')


def _route(method: str, path: str) -> str:
    """The row of the table that a request is about."""
    for route in RIGHTS:
        of, _, pattern = route.partition(" ")
        if of == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
            return route
    raise AssertionError(f"{method} {path} is in no row of the table")


# Fills whatever is empty, presses every button of the view once, says yes to every question, and waits for each.
PRESS_ALL: Final = """async ([typed, left]) => {
    const main = document.querySelector("main");
    const pause = (time) => new Promise((done) => setTimeout(done, time));
    const pressed = new Set();
    const fill = () => {
        main.querySelectorAll("details").forEach((one) => { one.open = true; });
        main.querySelectorAll("input:not([type=file]):not([disabled]), textarea").forEach((one) => {
            if (!one.value) one.value = typed[one.type] || (/mount/.test(one.name) ? "1.00" : "7");
        });
    };
    const next = () => [...main.querySelectorAll("button")].find((one) => !pressed.has(one) && one.offsetParent
        && !left.includes(one.textContent));
    fill();
    for (let made = next(); made; made = next()) {
        pressed.add(made);
        made.click();
        await pause(0);
        document.querySelector("dialog[open] .main")?.click();
        for (let look = 0; look < 400 && document.querySelector("[aria-disabled=true]"); look += 1) await pause(25);
        fill();
    }
    return pressed.size;
}"""
TABS: Final = [
    *["overview", "payments", "orders", "customers", "links", "disputes", "webhooks", "keys", "people"],
    *["settings", "statement"],
]
# What only reads, or stays in the browser.
READING: Final = ["Refresh", "Search", "Show more", "Copy", "Print", "Save as CSV", "CSV"]


@pytest.fixture(scope="module")
def shop(gateway_url: str) -> tuple[Client, list[str]]:
    """A merchant of its own, and every kind of thing that it can look at: the addresses of the dashboard."""
    client = Client(gateway_url).using(onboarded(gateway_url).secret)
    held = client.init(30)
    client.card(held)
    paid = client.init(20, paymentMode="SALE_WITH_TOKENIZATION", customerId="walker", email="w@shop.example")
    client.card(paid)
    client.settled(paid)
    link = client.call(
        "POST", "/api/payment-links/create", {"amount": 7, "linkType": "MAIL", "customerEmail": "c@shop.example"}
    )
    hook = client.call("POST", "/api/merchant/webhooks", {"url": "https://shop.example/hook"})
    dispute = Desk(cast(Page, None), client).a_dispute()
    ones = [
        f"payments/{held['transactionId']}",
        f"payments/{paid['transactionId']}",
        f"links/{link.json()['transactionId']}",
        f"webhooks/{hook.json()['id']}",
        f"disputes/{dispute['disputeId']}",
        "customers/walker",
    ]
    return client, [*TABS, *ones]


def walked(page: Page, views: list[str]) -> Asked:
    """What the controls of every view ask for."""
    asked = Asked(page)
    for view in views:
        page.evaluate(f"location.hash = '#/{view}'")
        expect(page.locator("main .spinner")).to_have_count(0)
        expect(page.locator("main h1")).to_be_visible()
        page.evaluate(PRESS_ALL, [TYPED, READING])
    page.unroute_all()
    return asked


SEND: Final = """async (asked) => {
    const who = await (await fetch("/paymentgw/api/merchant/session")).json();
    const headers = {"Content-Type": "application/json", "X-Environment": "test", "X-CSRF-Token": who.csrfToken};
    const [method, path] = asked[0].split(" ");
    return (await fetch("/paymentgw" + path, {method, headers, body: asked[1] || undefined})).status;
}"""


def test_every_role_is_offered_what_the_api_lets_it_do_and_nothing_else(
    browser: Browser, shop: tuple[Client, list[str]], screen: str
) -> None:
    client, views = shop
    asked: dict[Role, Asked] = {}
    pages: dict[Role, Page] = {}
    for role in Role:
        pages[role] = browser.new_context(locale="en-GB").new_page()
        signed_in(pages[role], client, role)
        asked[role] = walked(pages[role], views)

    owners = asked[Role.OWNER].routes
    assert len(owners) > 20, owners
    for role, made in asked.items():
        assert made.routes == {route for route in owners if role.allows(cast(Role, RIGHTS[route]))}, role
    said = asked[Role.REFUNDS].said
    answers = {request: pages[Role.REFUNDS].evaluate(SEND, [request, body]) for request, body in said.items()}
    assert {request: status for request, status in answers.items() if status in (401, 403)} == {}
    for page in pages.values():
        page.context.close()
