"""The documentation in a browser: on a phone and a desk, in light and dark, with and without a mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import has_no_barriers

Shot = Callable[[str], None]
PAGES = ("", "quickstart.html", "webhooks.html", "api-payment.html")


@pytest.fixture
def origin(gateway_url: str) -> str:
    return gateway_url.removesuffix("/paymentgw")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_barrier_or_runs_off_the_screen(
    page: Page, origin: str, shot: Shot, name: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{origin}/docs/{name}")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("combobox", name="Search the documentation")).to_be_visible()
    shot(f"docs-{name.partition('.')[0] or 'home'}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    has_no_barriers(page)


def test_a_search_by_keyboard_leads_to_the_section(page: Page, origin: str) -> None:
    page.goto(f"{origin}/docs/")
    field = page.get_by_role("combobox", name="Search the documentation")
    expect(field).to_be_visible()

    page.keyboard.press("/")
    field.fill("refunds")
    expect(page.get_by_role("option").first).to_contain_text("Refunds")
    has_no_barriers(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{origin}/docs/payments.html#refunds")


def test_what_is_not_there_is_said_and_escape_closes(page: Page, origin: str) -> None:
    page.goto(f"{origin}/docs/errors.html")
    field = page.get_by_role("combobox", name="Search the documentation")

    field.fill("idempotency")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.fill("xyzzyplugh")
    expect(page.get_by_text("Nothing found")).to_be_attached()


def test_a_sample_is_copied(page: Page, origin: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{origin}/docs/quickstart.html")

    page.get_by_role("button", name="Copy").first.click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("export BASE=http")


def test_the_button_that_copies_covers_nothing_of_a_sample(page: Page, origin: str) -> None:
    page.goto(f"{origin}/docs/quickstart.html")
    sample = page.locator(".sample").first
    expect(sample.get_by_role("button", name="Copy")).to_be_visible()

    assert sample.evaluate(
        """found => {
          const lines = document.createRange();
          lines.selectNodeContents(found.querySelector("code"));
          const [first, button] = [lines.getClientRects()[0], found.querySelector("button").getBoundingClientRect()];
          return first.top >= button.bottom || first.right <= button.left;
        }"""
    )


def test_without_its_script_everything_can_be_read(page: Page, origin: str, complaints: list[str]) -> None:
    page.route("**/assets/docs.*.js", lambda route: route.abort())
    page.goto(f"{origin}/docs/errors.html")

    expect(page.get_by_role("heading", name="Every code")).to_be_visible()
    page.get_by_text("All pages").click() if page.get_by_text("All pages").is_visible() else None
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Webhooks", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Webhooks")).to_be_visible()
    complaints.clear()  # the browser notes the script that did not come
