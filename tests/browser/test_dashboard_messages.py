"""What the dashboard says when something is refused is where a merchant with a phone is looking."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk
from tests.client import Client

SCREENS_USED = ("phone",)


def is_in_view(message: Locator, page: Page) -> None:
    """The whole message lies in the window, as it is scrolled now."""
    expect(message).to_be_visible()
    window = page.viewport_size
    box = message.bounding_box()
    assert box is not None
    assert window is not None
    assert box["y"] >= 0, f"{-box['y']:.0f} px above the window"
    assert box["y"] + box["height"] <= window["height"], "below the window"
    assert 0 <= box["x"] <= box["x"] + box["width"] <= window["width"]


def said_at(field: Locator, text: str, page: Page) -> None:
    """The field has the focus, is marked as wrong, and what is wrong stands in view right below it."""
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    message = page.locator(f"#{field.get_attribute('id')}-error")
    expect(message).to_contain_text(text)
    is_in_view(message, page)
    is_in_view(field, page)
    below, above = message.bounding_box(), field.bounding_box()
    assert below is not None
    assert above is not None
    assert 0 <= below["y"] - (above["y"] + above["height"]) <= 60


def said_above(button: Locator, text: str, page: Page) -> None:
    """The message has the focus and stands in view right above the button that was pressed."""
    message = page.get_by_role("alert").filter(has_text=text)
    expect(message).to_be_focused()
    is_in_view(message, page)
    is_in_view(button, page)
    above, below = message.bounding_box(), button.bounding_box()
    assert above is not None
    assert below is not None
    assert 0 <= below["y"] - (above["y"] + above["height"]) <= 60


def test_a_refund_that_is_too_large_is_refused_at_the_amount(desk: Desk, page: Page, client: Client) -> None:
    payment = client.paid(amount=20)
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    page.get_by_label("Amount").fill("21")
    desk.button("See what goes where").click()

    said_at(page.get_by_label("Amount"), "at most 20", page)
    page.get_by_label("Amount").fill("20")
    expect(page.locator("#amount-error")).to_be_empty()


def test_a_refund_that_somebody_else_made_first_is_refused_at_its_button(
    desk: Desk, page: Page, client: Client
) -> None:
    payment = client.paid(amount=20)
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    desk.button("See what goes where").click()
    give = desk.button("Refund €20.00")
    expect(give).to_be_focused()
    assert client.call("POST", f"/api/payment/refund/{payment['transactionId']}", {}).status_code == 200
    give.click()

    said_above(give, "already refunded", page)


def test_a_file_that_is_refused_is_refused_at_the_files(desk: Desk, page: Page, tmp_path: Path) -> None:
    dispute = desk.a_dispute()
    program = tmp_path / "proof.html"
    program.write_text("<p>proof</p>")
    desk.sign_in(f"#/disputes/{dispute['disputeId']}")
    page.get_by_label("Your answer").fill("Here it is")
    page.get_by_label("Files").set_input_files(program)
    desk.button("Send the answer").click()

    said_at(page.get_by_label("Files"), "proof.html", page)


def test_a_file_whose_upload_fails_is_named_at_the_files(
    desk: Desk, page: Page, tmp_path: Path, complaints: list[str]
) -> None:
    dispute = desk.a_dispute()
    proof = tmp_path / "delivery.txt"
    proof.write_text("Delivered on Monday")
    desk.sign_in(f"#/disputes/{dispute['disputeId']}")
    page.route("**/*", lambda route: route.abort() if "/api/" not in route.request.url else route.continue_())
    page.get_by_label("Your answer").fill("Here it is")
    page.get_by_label("Files").set_input_files(proof)
    desk.button("Send the answer").click()

    said_at(page.get_by_label("Files"), "delivery.txt could not be uploaded", page)
    complaints.clear()


@pytest.mark.parametrize(
    ("label", "typed", "says"),
    [
        ("Currency", "XXQ", "ISO 4217"),
        ("Amount", "1.005", "decimals"),
        ("Amount", "1.500", "nothing between thousands"),
        ("Customer's phone", "call me", "with its country code"),
        ("Customer's e-mail", "ada", "An e-mail address"),
    ],
)
def test_a_link_that_is_refused_says_so_at_the_field_it_is_about(
    desk: Desk, page: Page, label: str, typed: str, says: str
) -> None:
    desk.sign_in("#/links")
    page.get_by_text("New payment link").click()
    page.get_by_label("Amount").fill("12")
    page.get_by_label(label).fill(typed)
    desk.button("Create the link").click()

    said_at(page.get_by_label(label), says, page)


def test_a_link_that_cannot_be_made_says_so_at_its_button(desk: Desk, page: Page, complaints: list[str]) -> None:
    desk.sign_in("#/links")
    page.get_by_text("New payment link").click()
    page.get_by_label("Amount").fill("12")
    page.route("**/payment-links/create", lambda route: route.abort())
    make = desk.button("Create the link")
    make.click()

    said_above(make, "Look again before you repeat it", page)
    complaints.clear()


def test_a_shop_that_is_suspended_is_told_so_in_the_pages_own_words(
    desk: Desk, page: Page, complaints: list[str]
) -> None:
    desk.sign_in("#/links")
    page.get_by_text("New payment link").click()
    page.get_by_label("Amount").fill("12")
    refused = '{"success": false, "message": "nothing new begins", "code": "merchant_suspended"}'
    page.route("**/payment-links/create", lambda route: route.fulfill(status=403, body=refused))
    make = desk.button("Create the link")
    make.click()

    said_above(make, "The operator has suspended this shop", page)
    complaints.clear()


def test_a_webhook_that_is_refused_says_so_at_its_address(desk: Desk, page: Page) -> None:
    desk.sign_in("#/webhooks")
    page.get_by_label("Address").fill("ftp://shop.example/webhook")
    desk.button("Add the webhook").click()

    said_at(page.get_by_label("Address"), "https address", page)


def test_what_a_button_far_down_a_list_cannot_do_is_said_there(desk: Desk, page: Page, client: Client) -> None:
    for n in range(21):
        client.init(5, description=f"One of many {n}")
    desk.sign_in()
    more = desk.button("Show more")
    expect(more).to_be_visible()
    refused = '{"success": false, "message": "the list is closed", "code": "no_list"}'
    page.route("**/merchant/transactions?*", lambda r: r.fulfill(status=409, body=refused))
    more.click()

    said_above(more, "the list is closed", page)


def test_a_filter_that_gets_no_answer_says_so(desk: Desk, page: Page, complaints: list[str]) -> None:
    desk.sign_in("#/disputes")
    page.route("**/merchant/disputes?*status=WON*", lambda route: route.abort())
    page.get_by_label("Show", exact=True).select_option("WON")

    message = page.get_by_role("alert").filter(has_text="did not answer")
    expect(message).to_be_focused()
    is_in_view(message, page)
    complaints.clear()
