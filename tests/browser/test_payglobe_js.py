"""payglobe.js on a merchant's own site, as the integration guide uses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.checkout import CAPTURE_FAILS, Checkout, no_dialogs
from tests.browser.merchant_site import Site, merchant_site
from tests.client import PUBLISHABLE_KEY, SECRET_KEY, Client, until, voucher
from tests.merchants import Onboarded, onboarded

SCREENS_USED = ("desktop",)  # the sample shop's tests pay in a frame at both sizes
# The guide's complete example, word for word; only the host of the script differs.
GUIDE = """<!DOCTYPE html>
<html>
<head>
<title>PayGlobe Checkout</title>
<script src="BASE/js/payglobe.js"></script>
</head>
<body>
<button id="checkout-button">Pay 50.00 EUR</button>
<div id="payment-container"></div>
<script>
const payglobe = PayGlobe('pk_test_PayGlobe123456789TestPublishable');
document.getElementById('checkout-button').addEventListener('click', async () => {
try {
// Create payment
const payment = await payglobe.payments.create({
amount: 50.00,
email: 'customer@example.com', // Customer email for receipt
description: 'Order #12345' // Your internal order number
});
// Redirect to checkout (in iframe)
await payglobe.redirectToCheckout({
paymentId: payment.id,
element: '#payment-container'
});
} catch (error) {
console.error('Payment error:', error);
alert('Payment failed: ' + error.message);
}
});
</script>
</body>
</html>
"""
EMPTY = """<!DOCTYPE html>
<html><head><link rel="icon" href="data:,"><script src="BASE/js/payglobe.js"></script></head>
<body><div id="here"></div></body></html>"""


@pytest.fixture
def site(gateway_url: str, page: Page) -> Iterator[Site]:
    with merchant_site() as served:
        guide = GUIDE.replace("<head>", '<head><link rel="icon" href="data:,">')
        served.pages = {"/": guide.replace("BASE", gateway_url), "/empty": EMPTY.replace("BASE", gateway_url)}
        yield served
        page.goto("about:blank")


def in_frame(checkout: Checkout, selector: str) -> Checkout:
    return replace(checkout, frame=checkout.page.frame_locator(f"{selector} iframe"))


def run(page: Page, code: str, *given: object) -> Any:
    """The result of an async function body on the merchant's page; ``payglobe`` and ``given`` are at hand."""
    start = "const payglobe = window.payglobe = window.payglobe || PayGlobe(key);"
    return page.evaluate(f"async ([key, ...given]) => {{ {start} {code} }}", [PUBLISHABLE_KEY, *given])


def test_the_guides_example_pays_to_the_end(
    checkout: Checkout, page: Page, site: Site, shot: Callable[[str], None]
) -> None:
    alerts = no_dialogs(page)
    page.goto(site.origin)
    page.get_by_role("button", name="Pay 50.00 EUR").click()
    inside = in_frame(checkout, "#payment-container")
    expect(inside.field("Card number")).to_be_visible()
    shot("card")
    frame = page.locator("#payment-container iframe")
    expect(frame).to_have_attribute("title", "Secure payment")
    expect(frame).to_have_attribute("allow", "payment")
    inside.pay_by_card()
    inside.add_vouchers(voucher(800))
    inside.use_vouchers()
    inside.heading("Thank you, your payment is complete")
    inside.row("Charged to your card", "€42.00")
    shot("receipt")
    assert alerts == []
    assert page.url.startswith(site.origin)


def initiated(page: Page) -> list[str]:
    """The bodies of all payments that the page asks for from now on."""
    bodies: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/payment/initiate"):
            bodies.append(request.post_data or "")

    page.on("request", note)
    return bodies


def test_the_guides_button_pressed_again_is_one_payment_and_keeps_what_was_typed(
    checkout: Checkout, page: Page, site: Site
) -> None:
    alerts, asked = no_dialogs(page), initiated(page)
    page.goto(site.origin)
    button = page.get_by_role("button", name="Pay 50.00 EUR")
    button.dblclick()  # the second press comes before there is a payment
    inside = in_frame(checkout, "#payment-container")
    inside.field("Name on card").fill("Ada Rossi")
    button.click()  # and the third while it is being paid
    page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)))")
    expect(inside.field("Name on card")).to_have_value("Ada Rossi")
    inside.pay_by_card()
    button.click()
    inside.card_only()
    inside.heading("Thank you, your payment is complete")
    page.evaluate("window.postMessage('anything')")
    assert (len(asked), alerts) == (1, [])
    expect(page.locator("#payment-container iframe")).to_have_count(1)

    button.click()  # that order is paid: now it is another one
    expect(inside.field("Card number")).to_be_visible()
    assert (len(asked), alerts) == (2, [])


def test_every_press_of_one_order_hears_how_its_payment_ended(checkout: Checkout, page: Page, site: Site) -> None:
    page.goto(f"{site.origin}/empty")
    press = """
        const pay = async () => {
          const { id } = await PayGlobe(given[0]).payments.create({ amount: 10, description: 'one' });
          return PayGlobe(given[0]).redirectToCheckout({ paymentId: id, element: '#here' });
        };
        window.ends = [pay(), pay()].map((end) => end.catch((error) => error.code));
    """
    run(page, press, PUBLISHABLE_KEY)
    inside = in_frame(checkout, "#here")
    inside.button("Cancel payment").click()
    inside.at.get_by_role("dialog").get_by_role("button", name="Cancel payment").click()
    inside.heading("Payment cancelled")
    assert page.evaluate("Promise.all(window.ends)") == ["cancelled", "cancelled"]


def test_another_order_is_another_payment_in_the_same_place(checkout: Checkout, page: Page, site: Site) -> None:
    page.goto(f"{site.origin}/empty")
    open_it = """
        const { id } = await payglobe.payments.create({ amount: given[0] });
        const end = payglobe.redirectToCheckout({ paymentId: id, element: '#here' });
        end.catch((error) => { window.failed = error.code; });
        return id;
    """
    first = run(page, open_it, 10)
    expect(in_frame(checkout, "#here").button("Pay €10.00")).to_be_visible()
    second = run(page, open_it, 12)
    expect(in_frame(checkout, "#here").button("Pay €12.00")).to_be_visible()
    assert first != second
    page.wait_for_function("() => window.failed === 'cancelled'")
    page.evaluate("document.querySelector('#here').replaceChildren()")
    third = run(page, open_it, 12)
    assert third not in (first, second)  # what was taken off the page is not gone on with


def test_the_frame_is_as_tall_as_its_content(checkout: Checkout, page: Page, site: Site) -> None:
    page.goto(site.origin)
    page.get_by_role("button", name="Pay 50.00 EUR").click()
    inside = in_frame(checkout, "#payment-container")
    expect(inside.field("Card number")).to_be_visible()
    frame = page.locator("#payment-container iframe")
    content = inside.at.locator("#app")
    height = "app => Math.ceil(app.getBoundingClientRect().height)"

    until(lambda: (frame.evaluate("f => f.clientHeight"), content.evaluate(height)), lambda it: it[0] == it[1] > 200)


def test_the_promise_resolves_when_the_payment_is_complete(
    checkout: Checkout, page: Page, site: Site, client: Client
) -> None:
    page.goto(f"{site.origin}/empty")
    payment = run(page, "return payglobe.payments.create({ amount: 12.5, email: 'a@example.com' })")
    assert payment["id"] == payment["transactionId"]
    run(
        page,
        "payglobe.redirectToCheckout({ paymentId: given[0], element: '#here' })"
        ".then((done) => { window.done = done; });",
        payment["id"],
    )
    inside = in_frame(checkout, "#here")
    inside.pay_by_card()
    inside.card_only()
    inside.heading("Thank you, your payment is complete")
    page.wait_for_function("() => window.done")
    assert page.evaluate("window.done") == {
        "paymentId": payment["id"],
        "transactionId": payment["id"],
        "status": "SUCCESS",
    }
    seen = run(page, "return payglobe.payments.retrieve(given[0])", payment["id"])
    assert (seen["status"], seen["totalAmount"], seen["voucherAmount"]) == ("SUCCESS", 12.5, 0)
    assert seen["paymentId"] == payment["igfs"]["paymentId"]
    assert client.get(f"/api/payment/transaction/{payment['id']}")["customerEmail"] == "a@example.com"


@pytest.mark.parametrize(
    ("ending", "code"), [("cancel", "cancelled"), ("capture fails", "capture_failed"), ("removed", "cancelled")]
)
def test_the_promise_rejects_when_the_payment_ends_otherwise(
    checkout: Checkout, page: Page, site: Site, ending: str, code: str
) -> None:
    page.goto(f"{site.origin}/empty")
    payment = run(page, "return payglobe.payments.create({ amount: 10 })")
    start = (
        "payglobe.redirectToCheckout({ paymentId: given[0], element: '#here' })"
        ".catch((error) => { window.failed = [error.code, error.message]; });"
    )
    run(page, start, payment["id"])
    inside = in_frame(checkout, "#here")
    if ending == "cancel":
        inside.button("Cancel payment").click()
        inside.at.get_by_role("dialog").get_by_role("button", name="Cancel payment").click()
        inside.heading("Payment cancelled")
    elif ending == "capture fails":
        inside.pay_by_card(CAPTURE_FAILS)
        inside.card_only()
        inside.heading("The payment did not go through")
    else:
        expect(inside.field("Card number")).to_be_visible()
        page.evaluate("document.querySelector('#here').replaceChildren()")
        page.evaluate("window.postMessage('anything')")
    page.wait_for_function("() => window.failed")
    assert page.evaluate("window.failed[0]") == code
    assert page.evaluate("window.failed[1].length") > 10


def test_redirect_takes_the_whole_page_to_the_checkout(checkout: Checkout, page: Page, site: Site) -> None:
    page.goto(f"{site.origin}/empty")
    payment = run(page, "return payglobe.payments.create({ amount: 10 })")
    page.reload()  # the library knows nothing of the payment now, and asks the API where it is paid
    page.evaluate(
        "([key, id]) => { PayGlobe(key).redirectToCheckout({ paymentId: id }); }", [PUBLISHABLE_KEY, payment["id"]]
    )
    page.wait_for_url("**/pay/card/**")
    checkout.heading("Pay by card")
    page.go_back()
    page.wait_for_url(f"{site.origin}/empty")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("await payglobe.payments.create({ amount: -1 })", "amount"),
        ("await payglobe.payments.create({})", "amount"),
        ("await payglobe.payments.retrieve('TXN_20260101_AAAAAAAAAAAAAAAA')", "no such payment"),
        ("await payglobe.payments.retrieve('')", "needs the id"),
        ("await payglobe.redirectToCheckout({ paymentId: 'x', element: '#nowhere' })", "#nowhere"),
        ("await payglobe.redirectToCheckout({})", "paymentId"),
        ("PayGlobe('sk_test_x')", "secret key"),
        ("PayGlobe('whatever')", "publishable key"),
        ("await PayGlobe('pk_test_unknown').payments.create({ amount: 1 })", "key"),
    ],
)
def test_errors_say_what_is_wrong(page: Page, site: Site, code: str, message: str) -> None:
    page.goto(f"{site.origin}/empty")
    said = run(page, f"try {{ {code}; return 'no error'; }} catch (error) {{ return error.message; }}")
    assert message in said


def test_a_refusal_carries_its_code_and_request_id(page: Page, site: Site) -> None:
    page.goto(f"{site.origin}/empty")
    told = run(
        page, "try { await payglobe.payments.create({ amount: -1 }); } catch (e) { return [e.code, e.requestId]; }"
    )
    assert all(told)


def test_a_secret_key_never_leaves_the_browser(page: Page, site: Site) -> None:
    page.goto(f"{site.origin}/empty")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.evaluate("key => { try { PayGlobe(key); } catch { /* refused */ } }", SECRET_KEY)
    assert sent == []


def test_a_network_failure_is_tried_again_and_makes_one_payment(
    page: Page, site: Site, complaints: list[str]
) -> None:
    page.goto(f"{site.origin}/empty")
    made: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        reply = route.fetch()
        if route.request.method == "POST":
            made.append(reply.json()["id"])
        if len(made) == 1:
            route.abort()
        else:
            route.fulfill(response=reply)

    page.route("**/payment/initiate", lose_the_first_answer)
    payment = run(page, "return payglobe.payments.create({ amount: 10 })")
    assert made == [payment["id"], payment["id"]]
    complaints.clear()


def test_messages_from_elsewhere_are_ignored(checkout: Checkout, page: Page, site: Site) -> None:
    page.goto(f"{site.origin}/empty")
    payment = run(page, "return payglobe.payments.create({ amount: 10 })")
    run(
        page,
        "payglobe.redirectToCheckout({ paymentId: given[0], element: '#here' }).then(() => { window.done = true; });",
        payment["id"],
    )
    expect(in_frame(checkout, "#here").field("Card number")).to_be_visible()
    page.evaluate("window.postMessage({ source: 'payglobe', type: 'completed', status: 'SUCCESS' }, '*')")
    page.evaluate("window.postMessage({ source: 'payglobe', type: 'height', height: 3333 }, '*')")
    page.evaluate("() => new Promise((resolve) => setTimeout(resolve, 0))")
    assert page.evaluate("window.done") is None
    assert page.locator("#here iframe").evaluate("f => f.clientHeight") != 3333


def without_ancestor_origins(page: Page) -> None:
    """The property cannot be taken from a browser, so the page's script is made not to find it."""

    def unpinned(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=re.sub(r' integrity="[^"]+"', "", reply.text()))

    def blind(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=reply.text().replace("location.ancestorOrigins", "location.none"))

    page.route("**/pay/card/?*", unpinned)
    page.route("**/assets/checkout.*.js", blind)


@pytest.fixture
def shop(gateway_url: str, site: Site) -> Onboarded:
    """A merchant whose own sites may show its checkout: another than the one that the test visits."""
    made = onboarded(gateway_url, "origins=https://shop.example")
    site.pages["/"] = site.pages["/"].replace(PUBLISHABLE_KEY, made.publishable)
    return made


@pytest.mark.parametrize("old_browser", [False, True])
def test_only_listed_sites_may_frame_the_checkout(
    checkout: Checkout, page: Page, site: Site, shop: Onboarded, old_browser: bool
) -> None:
    if old_browser:  # one that does not tell a frame where it is
        without_ancestor_origins(page)
    page.goto(site.origin)
    page.get_by_role("button", name="Pay 50.00 EUR").click()
    frame = in_frame(checkout, "#payment-container")
    frame.heading("Not available on this site")
    expect(frame.field("Card number")).to_have_count(0)
    shop.set(f"origins=https://shop.example,{site.origin}")
    page.reload()
    page.get_by_role("button", name="Pay 50.00 EUR").click()
    expect(in_frame(checkout, "#payment-container").field("Card number")).to_be_visible()


@pytest.mark.parametrize("step", ["card", "choice", "link"])
def test_no_step_can_be_paid_in_another_sites_frame(
    checkout: Checkout, page: Page, site: Site, shop: Onboarded, step: str
) -> None:
    server = checkout.client.using(shop.secret)
    if step == "link":
        address = server.call("POST", "/api/payment-links/create", {"amount": 5}).json()["linkUrl"]
    else:
        payment = server.init(5)
        address = payment["redirectUrl"] if step == "card" else server.card(payment)["redirectUrl"]
    site.pages["/attack"] = f'<link rel="icon" href="data:,"><iframe id="here" src="{address}"></iframe>'
    page.goto(f"{site.origin}/attack")
    frame = page.frame_locator("#here")
    expect(frame.get_by_role("heading", name="Not available on this site")).to_be_visible()
    expect(frame.locator("form, button.main")).to_have_count(0)


@pytest.mark.parametrize("old_browser", [False, True])
def test_a_listed_site_inside_another_ones_frame_shows_no_checkout(
    page: Page, site: Site, shop: Onboarded, old_browser: bool
) -> None:
    if old_browser:
        without_ancestor_origins(page)
    shop.set(f"origins={site.origin}")
    with merchant_site() as attacker:
        attacker.pages["/"] = f'<link rel="icon" href="data:,"><iframe id="outer" src="{site.origin}/"></iframe>'
        page.goto(f"{attacker.origin}/")
        outer = page.frame_locator("#outer")
        outer.get_by_role("button", name="Pay 50.00 EUR").click()
        inner = outer.frame_locator("#payment-container iframe")
        expect(inner.get_by_role("heading", name="Not available on this site")).to_be_visible()


def test_the_hashed_file_holds_its_integrity_on_another_site(page: Page, site: Site, gateway_url: str) -> None:
    origin = gateway_url.removesuffix("/paymentgw")
    release = requests.get(f"{origin}/js/v1/release.json", timeout=60).json()
    address = f"{gateway_url}/js/v1/{release['file']}"
    reply = requests.get(address, timeout=60)
    assert "immutable" in reply.headers["Cache-Control"]
    assert reply.content == requests.get(f"{gateway_url}/js/payglobe.js", timeout=60).content
    site.pages["/pinned"] = (
        f'<link rel="icon" href="data:,"><script src="{address}" integrity="{release["integrity"]}" '
        'crossorigin="anonymous"></script>'
    )
    page.goto(f"{site.origin}/pinned")
    payment = run(page, "return payglobe.payments.create({ amount: 10 })")
    assert payment["redirectUrl"].startswith(origin)
