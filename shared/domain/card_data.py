"""A card as somebody typed it in: in one request and one process, and in no record, log or text."""

from __future__ import annotations

from dataclasses import field

from shared.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class CardData:
    """Handed to the gateway's own port and forgotten. No field of it is ever printed."""

    number: str = field(repr=False)
    holder_name: str = field(repr=False)
    expiry_month: int = field(repr=False)
    expiry_year: int = field(repr=False)
    cvv: str = field(repr=False)
