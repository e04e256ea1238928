"""How a merchant looks to its customers: a colour that white text is readable on, and a logo."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from shared.domain.errors import InvalidRequest
from shared.domain.record import dataclass

LEAST_CONTRAST: Final = Decimal("4.5")  # WCAG 2.2, 1.4.3: text of any size
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_WEIGHTS: Final = (Decimal("0.2126"), Decimal("0.7152"), Decimal("0.0722"))


@dataclass(frozen=True, slots=True)
class Brand:
    """``accent`` as ``#0b5d4b``; ``logo`` is the name of the file it is kept as. Empty: the gateway's own looks."""

    accent: str = ""
    logo: str = ""


PLAIN: Final = Brand()


def checked_accent(text: str) -> str:
    """A colour as ``#rrggbb``, or nothing. Raises InvalidRequest, with the ratio where white is not readable."""
    colour = text.strip().lower()
    if not colour:
        return ""
    if _COLOUR.fullmatch(colour) is None:
        raise InvalidRequest("accent: a colour such as #0b5d4b", param="accent")
    ratio = contrast_with_white(colour)
    if ratio < LEAST_CONTRAST:
        raise InvalidRequest(
            f"accent: white text on {colour} has a contrast of {ratio} to 1, and needs {LEAST_CONTRAST}: "
            "take a darker colour",
            code="contrast_too_low",
            param="accent",
        )
    return colour


def contrast_with_white(colour: str) -> Decimal:
    """The contrast ratio of WCAG 2.2, to two digits, always rounded down: 21.00 for black."""
    parts = (Decimal(int(colour[start : start + 2], 16)) / 255 for start in (1, 3, 5))
    luminance = sum((weight * _linear(part) for weight, part in zip(_WEIGHTS, parts, strict=True)), Decimal(0))
    return (Decimal("1.05") / (luminance + Decimal("0.05"))).quantize(Decimal("0.01"), rounding="ROUND_DOWN")


def _linear(part: Decimal) -> Decimal:
    low = part <= Decimal("0.04045")
    return part / Decimal("12.92") if low else ((part + Decimal("0.055")) / Decimal("1.055")) ** Decimal("2.4")
