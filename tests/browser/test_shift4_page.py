"""The card page whose fields are Shift4's: its script runs there alone, and no page of ours sees a card."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Page, expect

from tests.client import voucher
from tests.e2e.connected import Connected
from tools.testing.far_sides.shift4.books import APPROVED, CHALLENGED
from tools.testing.far_sides.shift4.server import Shift4Acquirer
from tools.testing.far_sides.shift4.side import DECLINED


@pytest.fixture(scope="module")
def acquirer() -> Iterator[Shift4Acquirer]:
    made = Shift4Acquirer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def shop(gateway_url: str, acquirer: Shift4Acquirer, tmp_path_factory: pytest.TempPathFactory) -> Connected:
    settings = acquirer.settings | {"capture_then_refund": True}
    return Connected(gateway_url, tmp_path_factory.mktemp("settings"), "shift4", settings, acquirer.account.public)


class Fields:
    """A customer at the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def frame(self, name: str) -> FrameLocator:
        return self.page.frame_locator(f"[data-shift4={name}] iframe")

    def enter(self, number: str, expiry: str = "12/30") -> None:
        for name, value in (("number", number), ("expiry", expiry), ("cvc", "123")):
            self.frame(name).locator("input").fill(value)

    def pays(self, number: str = APPROVED) -> None:
        self.enter(number)
        self.page.get_by_role("button", name="Pay €").click()


@pytest.fixture
def fields(page: Page) -> Fields:
    return Fields(page)


def test_a_card_is_typed_into_shift4s_frames_and_vouchers_pay_a_part(
    page: Page, shop: Connected, acquirer: Shift4Acquirer, fields: Fields, shot: Callable[[str], None]
) -> None:
    payment = shop.client.init(150, description="Order 12345")
    page.goto(payment["redirectUrl"])
    expect(fields.frame("number").locator("input")).to_be_visible()
    shot("fields")

    fields.pays()

    page.get_by_label("Meal voucher code").fill(voucher(5000))
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Pay with").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    expect(page.get_by_text("Given back to your card")).to_be_visible()
    shot("done")
    [charge] = [one for one in acquirer.account.charges.values() if one.metadata["transactionId"] == payment["id"]]
    assert (charge.taken, charge.refunded) == (150_00, 50_00)


def test_a_declined_card_is_explained_and_another_pays(page: Page, shop: Connected, fields: Fields) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    page.goto(payment["redirectUrl"])

    fields.pays(DECLINED)
    expect(page.get_by_role("alert")).to_contain_text("not enough funds")
    fields.pays()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


@pytest.mark.parametrize(("code", "paid"), [("0101", True), ("3333", False)])
def test_the_holders_bank_is_asked_on_the_page(
    page: Page, shop: Connected, fields: Fields, code: str, paid: bool
) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    page.goto(payment["redirectUrl"])

    fields.pays(CHALLENGED)
    bank = page.frame_locator("iframe[title='3-D Secure']")
    bank.get_by_label("Code").fill(code)
    bank.get_by_role("button", name="Confirm").click()

    if paid:
        expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    else:
        expect(page.get_by_role("alert")).to_contain_text("Your bank wants you to confirm")


def test_a_number_that_is_none_is_said_at_the_page_and_nothing_is_charged(
    page: Page, shop: Connected, fields: Fields, complaints: list[str]
) -> None:
    payment = shop.client.init(20)
    page.goto(payment["redirectUrl"])

    fields.pays("1234")

    expect(page.get_by_role("alert")).to_contain_text("not right")
    assert shop.state(payment)["status"] == "PENDING"
    complaints.clear()


def test_a_page_that_was_reloaded_after_the_card_leads_on(page: Page, shop: Connected, fields: Fields) -> None:
    payment = shop.client.init(20, paymentMode="SALE_DIRECT")
    page.goto(payment["redirectUrl"])
    address = page.url
    fields.pays()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")

    page.goto(address)

    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Pay by card")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_can_be_used_by_everybody_in_every_language(
    page: Page,
    shop: Connected,
    fields: Fields,
    scheme: str,
    shot: Callable[[str], None],
    complaints: list[str],
) -> None:
    payment = shop.client.init(20, language="it")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(payment["redirectUrl"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Paga con carta")
    expect(fields.frame("number").locator("input")).to_be_visible()
    shot(scheme)

    violations = [each["id"] for each in Axe().run(page.main_frame).response["violations"]]
    assert violations == []
    complaints.clear()  # of the examiner, whom the frames of another origin do not answer
    page.get_by_role("combobox").select_option("de")
    expect(page.get_by_text("Kartennummer", exact=True)).to_be_visible()
    expect(fields.frame("number").locator("input")).to_be_visible()


def test_its_policy_lets_one_script_in_and_it_is_shown_in_no_frame(page: Page, shop: Connected) -> None:
    reply = requests.get(shop.client.init(20)["redirectUrl"], timeout=60)
    csp = dict(part.strip().partition(" ")[::2] for part in reply.headers["Content-Security-Policy"].split(";"))

    assert csp["script-src"] == csp["connect-src"] == f"'self' {csp['frame-src']}"
    assert re.fullmatch(r"http://127\.0\.0\.1:\*", csp["frame-src"])
    assert (csp["default-src"], csp["frame-ancestors"], csp["base-uri"]) == ("'none'", "'none'", "'none'")
    assert "unsafe" not in str(csp)
    assert page.url == "about:blank"
