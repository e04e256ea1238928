"""What the documentation has, in which order. A guide is a file of ``docs/guides``; each has its place here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).parents[2] / "docs"
GUIDES: Final = DOCS / "guides"
# Folders of programs, shown on one page each.
PROGRAMS: Final = {
    "receivers": "Programs that receive webhooks",
    "callbacks": "Programs that check a callback",
    "orders": "Programs that pay an order",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the menu, and the names of the pages below it."""

    title: str
    pages: tuple[str, ...]


GUIDE_PARTS: Final = (
    Part("Begin", ("quickstart", "testing", "going-live", "migrating")),
    Part("Take money", ("payments", "payment-links", "saved-cards", "disputes", "receipts")),
    Part("Pages", ("payglobe-js", "pages", "dashboard", "people")),
    Part("Be told", ("webhooks", "receivers")),
    Part("Look up", ("errors", "idempotency")),
    Part("Other APIs", ("glomopay", "orders", "callbacks", "paygol")),
    Part("Operate", ("connectors",)),
)
# Where a guide stands that has no place yet: the pages are built all the same, and a test asks for its place.
UNPLACED: Final = "More"
# The reference has a page for each tag of the description; this is how their names read.
TAGS: Final = {
    "payment": "Payments",
    "payment_link": "Payment links",
    "token_payment": "Saved cards",
    "dispute": "Disputes",
    "merchant": "The merchant",
    "operators": "Operators",
    "checkout": "Checkout",
    "page": "Library",
    "webhook": "Bells of acquirers",
    "sandbox": "Sandbox",
    "glomopay": "Glomopay",
    "paygol": "Paygol",
    "webhooks": "What you are told",
}
