"""A merchant's looks, as a hosted page takes them from whatever it shows."""

from __future__ import annotations

from typing import Protocol

from shared.domain.brand import PLAIN, Brand


class Branded(Protocol):
    """A payment or a link: something that a customer sees of one merchant."""

    @property
    def merchant_id(self) -> str: ...
    @property
    def brand(self) -> Brand: ...


def brand_of(thing: Branded) -> dict[str, str | None] | None:
    """``accent``, dark enough for white text, and ``logo``, a path on the pages' host; None for plain looks."""
    if thing.brand == PLAIN:
        return None
    return {"accent": thing.brand.accent or None, "logo": logo_path(thing.merchant_id, thing.brand)}


def logo_path(merchant_id: str, brand: Brand) -> str | None:
    return f"/paymentgw/brand/{merchant_id}/{brand.logo}" if brand.logo else None
