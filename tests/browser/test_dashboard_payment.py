"""One payment in the dashboard: a part of its hold, its receipt, what was told of it, and its bare facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.client import Client, until
from tests.receiver import Receiver

Shot = Callable[[str], None]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as open_receiver:
        yield open_receiver


def test_a_part_of_a_hold_is_captured_and_the_rest_released(
    desk: Desk, page: Page, client: Client, shot: Shot
) -> None:
    payment = client.init(30, description="Held in part")
    client.card(payment)
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    page.get_by_label("Amount").fill("31")
    desk.button("Capture on the card").click()
    desk.confirm("Capture on the card")
    expect(page.locator("#amount-error")).to_contain_text("This is more than there is. (at most ")
    shot("refused")
    desk.has_no_barriers()

    page.get_by_label("Amount").fill("20,50")
    desk.button("Capture on the card").click()
    desk.confirm("Capture on the card")

    expect(desk.fact("Status")).to_have_text("paid")
    expect(desk.fact("Captured")).to_have_text("€20.50")
    expect(desk.fact("Released")).to_have_text("€9.50")
    expect(desk.fact("Settled by")).to_contain_text("key ")


def test_a_payment_shows_what_was_told_of_it_and_sends_its_receipt_again(
    desk: Desk, page: Page, client: Client, receiver: Receiver, shot: Shot
) -> None:
    payment = client.paid(
        amount=41, email="ada@example.com", customerId="shop-77", notifyUrl=receiver.url("/told"), description="Told"
    )
    path = f"/api/merchant/transactions/{payment['transactionId']}/deliveries"
    until(
        lambda: [d["eventType"] for d in client.get(path)["deliveries"]],
        lambda seen: "payment_intent.succeeded" in seen,
    )
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    expect(page.get_by_role("table", name="Deliveries")).to_contain_text("payment_intent.succeeded")

    desk.button("Send the receipt again").click()
    expect(page.locator("#live")).to_have_text("The receipt was sent to ada@example.com")
    page.get_by_text("As the API shows it").click()
    expect(page.locator("pre")).to_contain_text(f'"transactionId": "{payment["transactionId"]}"')
    shot("whole")
    desk.has_no_barriers()

    desk.fact("Customer").get_by_role("link").click()
    desk.heading("shop-77")


# Whatever sticks out of the cell that it is in, by its first words.
STICKS_OUT = """() => [...document.querySelectorAll("td")].filter((cell) => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    const [inner, outer] = [text.getBoundingClientRect(), cell.getBoundingClientRect()];
    return outer.width > 1 && (inner.left < outer.left - 1 || inner.right > outer.right + 1);
}).map((cell) => cell.textContent.slice(0, 30))"""


def test_long_words_of_others_stay_in_their_cells(desk: Desk, page: Page, client: Client, shot: Shot) -> None:
    payment = client.init(20, paymentMode="SALE_DIRECT", description="Long words")
    client.card(payment)
    seen = client.settled(payment)
    done = seen["operations"][0] | {"state": "REFUSED", "responseCode": "E-77", "responseMessage": "NOT-TODAY" * 20}
    refund = {
        "refundId": "ref_1", "amount": 5, "status": "SUCCESS", "createdAt": seen["createdAt"], "by": "key dd699ed0",
        "reason": '=HYPERLINK("https://shop.example/orders/1234567890";"Click")' * 3,
        "legs": [{"tender": "card", "amount": 5, "status": "SUCCEEDED"}],
    }  # fmt: skip
    said = seen | {"operations": [done | {"reference": "R" * 100}]}
    page.route("**/payment/transaction/*", lambda route: route.fulfill(json=said))
    page.route("**/payment/refunds/*", lambda route: route.fulfill(json={"success": True, "refunds": [refund]}))
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    expect(page.get_by_role("heading", name="Refunds", exact=True)).to_be_visible()
    shot("long")

    assert page.evaluate(STICKS_OUT) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
