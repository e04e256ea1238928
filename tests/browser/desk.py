"""A merchant at the dashboard, in the words of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.client import SECRET_KEY, Client, until

DISPUTED = "4000000000000259"


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a merchant does."""

    page: Page
    client: Client

    @property
    def address(self) -> str:
        return self.client.base_url.removesuffix("/paymentgw") + "/dashboard/"

    def sign_in(self, place: str = "#/payments", key: str = SECRET_KEY) -> None:
        """Open the dashboard at ``place``, such as ``#/links``, and give the key."""
        self.page.goto(self.address + place)
        self.page.get_by_label("Secret key").fill(key)
        self.button("Open the dashboard").click()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def heading(self, name: str) -> None:
        """The view whose heading this is; what stands there while it is awaited has one, too."""
        expect(self.page.locator("h1:not(.boot h1)")).to_have_text(name)

    def told(self, text: str) -> None:
        expect(self.page.get_by_role("alert")).to_contain_text(text)

    def fact(self, name: str) -> Locator:
        """The value beside ``name``."""
        return self.page.locator(".facts div").filter(has=self.page.get_by_text(name, exact=True)).locator("dd")

    def confirm(self, name: str) -> None:
        """Say yes in the dialog that asks."""
        self.page.get_by_role("dialog").get_by_role("button", name=name).click()

    def has_no_barriers(self) -> None:
        results = Axe().run(self.page)
        assert results.violations_count == 0, results.generate_report()

    def a_dispute(self, amount: float = 50.00, currency: str = "EUR") -> dict[str, Any]:
        """A payment whose customer went to the bank; the dispute once we have heard of it."""
        payment = self.client.init(amount, currency=currency, paymentMode="SALE_DIRECT", description="Disputed order")
        self.client.card(payment, DISPUTED)

        def heard() -> dict[str, Any] | None:
            listed = self.client.get("/api/merchant/disputes?status=OPEN")["disputes"]
            return next((row for row in listed if row["originalTransactionId"] == payment["transactionId"]), None)

        return dict(until(heard, lambda seen: seen is not None))
