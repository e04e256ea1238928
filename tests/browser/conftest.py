"""A real browser in front of the gateway: two sizes of screen, no console errors allowed, screenshots kept."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from tests.browser.checkout import Checkout
from tests.browser.desk import Desk
from tests.client import Client
from tools.testing.chromium import FLAGS, chromium

ARTIFACTS = Path(__file__).parents[2] / "artifacts" / "browser"
SCREENS: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 800},
}
PATIENCE = 60_000  # milliseconds; a busy machine runs the flow slowly
expect.set_options(timeout=PATIENCE)
# What the browser itself logs when the API refuses something, which the pages then explain.
_REFUSALS = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless. Without any, these tests fail under CI and are left out elsewhere."""
    path = chromium()
    if path is None:
        reason = "NO CHROMIUM: the browser tests did not run. Install one, or say CHROMIUM=/path/to/chromium."
        if os.environ.get("CI"):
            pytest.fail(reason)
        warnings.warn(reason, UserWarning, stacklevel=1)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that has a screen runs at both sizes, unless its module says that size cannot matter.

    One that is marked ``any_size`` is about what is typed, sent, awaited or remembered on pages that others show at
    both sizes: it runs where there is less room.
    """
    if "screen" in metafunc.fixturenames:
        used = getattr(metafunc.module, "SCREENS_USED", tuple(SCREENS))
        once = metafunc.definition.get_closest_marker("any_size") is not None
        metafunc.parametrize("screen", used[:1] if once else used)


@pytest.fixture
def context(browser: Browser, screen: str) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport=SCREENS[screen], locale="en-GB", timezone_id="Europe/Rome")
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said; a test that provokes a network failure clears it."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A tab whose console must stay clean."""

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_REFUSALS):
            complaints.append(message.text)

    tab = context.new_page()
    tab.on("console", listen)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    tab.close()
    assert complaints == [], "the console must stay clean"


@pytest.fixture
def shot(page: Page, screen: str, request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Keep a screenshot of the whole page for whoever reviews the looks."""

    def take(name: str) -> None:
        test = cast(Any, request.node).originalname.removeprefix("test_")
        folder = ARTIFACTS / screen
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{test}-{name}.png", full_page=True)

    return take


@pytest.fixture
def checkout(page: Page, client: Client) -> Checkout:
    """A customer at the hosted pages."""
    return Checkout(page, client)


@pytest.fixture
def desk(page: Page, client: Client) -> Desk:
    """A merchant at the dashboard, signed in nowhere yet."""
    return Desk(page, client)
