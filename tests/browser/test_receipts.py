"""Receipts as a mail program on a phone and on a laptop shows them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from shared.domain.payment import Tender
from shared.ports.messages import Message
from tests.unit.usecases.test_send_receipt import held, paid, told

LONG = "Ordine-" + "0123456789" * 20  # what a shop's software writes without a space


def messages() -> dict[str, Message]:
    refunded, released = paid(language="it", description=LONG), held(language="de", description=LONG)
    refunded.refund()
    released.choose(Tender.VOID)
    return {message.kind: message for message in [*told(refunded), *told(released)]}


@pytest.mark.parametrize("kind", ["receipt", "refund", "release"])
def test_a_message_fits_the_screen(page: Page, shot: Callable[[str], None], kind: str) -> None:
    page.set_content(messages()[kind].html)
    shot(kind)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    wide = "cells => cells.filter((cell) => cell.getBoundingClientRect().right > innerWidth).length"
    assert page.locator("td, th, p").evaluate_all(wide) == 0
    # The names of rows break between words only: each is as wide as its longest word at least.
    torn = "cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).length"
    assert page.locator("th").evaluate_all(torn) == 0
