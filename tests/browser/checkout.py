"""A customer at the hosted pages, in the words of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Dialog, FrameLocator, Locator, Page, expect

from tests.client import VISA, Client

CHALLENGED = "4000002500003155"
DECLINED = "4000000000000002"
CAPTURE_FAILS = "4000000000000341"


@dataclass(frozen=True, slots=True)
class Checkout:
    """Everything a customer does; ``at`` is the page, or the merchant's iframe."""

    page: Page
    client: Client
    frame: FrameLocator | None = None

    @property
    def at(self) -> Page | FrameLocator:
        return self.frame or self.page

    def open(self, amount: float = 150.00, **more: object) -> dict[str, Any]:
        """Create a payment and open its card page."""
        payment = self.client.init(amount, description="Order 12345", **more)
        self.page.goto(payment["redirectUrl"])
        expect(self.field("Card number")).to_be_visible()
        return payment

    def field(self, label: str) -> Locator:
        return self.at.get_by_label(label, exact=True)

    def button(self, name: str, *, exact: bool = False) -> Locator:
        return self.at.get_by_role("button", name=name, exact=exact)

    def enter_card(self, number: str = VISA, expiry: str = "12/30", cvv: str = "123") -> None:
        self.field("Card number").fill(number)
        self.field("Expiry date").fill(expiry)
        self.field("Security code").fill(cvv)
        self.field("Name on card").fill("Ada Rossi")

    def pay_by_card(self, number: str = VISA) -> None:
        self.enter_card(number)
        self.button("Pay €").click()

    def reach_choice(self, amount: float = 150.00, **more: object) -> dict[str, Any]:
        payment = self.open(amount, **more)
        self.pay_by_card()
        expect(self.field("Meal voucher code")).to_be_visible()
        return payment

    def add_vouchers(self, *otps: str) -> None:
        for otp in otps:
            self.field("Meal voucher code").fill(otp)
            self.button("Add", exact=True).click()
            expect(self.at.get_by_role("listitem").filter(has_text=otp)).to_be_visible()

    def use_vouchers(self) -> None:
        self.button("Pay with").click()

    def card_only(self) -> None:
        self.button("by card only").click()

    def heading(self, text: str) -> None:
        """The page's heading becomes this."""
        expect(self.at.get_by_role("heading", level=1, name=text)).to_be_visible()

    def told(self, text: str) -> None:
        """The page says this as an alert."""
        expect(self.at.get_by_role("alert").filter(has_text=text)).to_be_visible()

    def row(self, label: str, amount: str) -> None:
        """The receipt or estimate has this line."""
        line = self.at.locator("dl > div").filter(has=self.at.get_by_text(label, exact=True))
        expect(line.locator("dd")).to_have_text(amount)


def no_dialogs(page: Page) -> list[str]:
    """What alert() said; each is dismissed."""
    said: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    return said
