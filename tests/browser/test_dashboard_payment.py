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
def desk(page: Page, client: Client) -> Desk:
    return Desk(page, client)


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
