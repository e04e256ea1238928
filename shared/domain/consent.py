"""What a customer said when our page asked whether a card may be saved."""

from __future__ import annotations

from datetime import datetime

from shared.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class Consent:
    """``text`` is the version of the words that were shown, in ``language``: see docs/consent/."""

    given: bool
    text: str
    language: str
    at: datetime
