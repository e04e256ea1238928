"""Images of payment methods, drawn here: the name on a plain badge. No brand's own sign is in them."""

from __future__ import annotations

import io
import unicodedata
from typing import Final

import png

from shared.families.paygol.methods import METHODS

# Five columns of seven dots for each letter, the lowest bit on top.
_LETTERS: Final = {
    " ": "0000000000", "A": "7E1111117E", "B": "7F49494936", "C": "3E41414122", "D": "7F4141221C", "E": "7F49494941",
    "F": "7F09090901", "G": "3E4149497A", "H": "7F0808087F", "I": "00417F4100", "J": "2040413F01", "K": "7F08142241",
    "L": "7F40404040", "M": "7F020C027F", "N": "7F0408107F", "O": "3E4141413E", "P": "7F09090906", "Q": "3E4151215E",
    "R": "7F09192946", "S": "4649494931", "T": "01017F0101", "U": "3F4040403F", "V": "1F2040201F", "W": "3F4038403F",
    "X": "6314081463", "Y": "0708700807", "Z": "6151494543", "0": "3E5149453E", "1": "00427F4000", "2": "4261514946",
    "3": "2141454B31", "4": "1814127F10", "5": "2745454539", "6": "3C4A494930", "7": "0171090503", "8": "3649494936",
    "9": "064949291E",
}  # fmt: skip
_DOT, _MARGIN, _HIGH = 3, 12, 7
_INK, _GROUND, _EDGE = 0, 1, 2
_PALETTE: Final = [(24, 32, 51), (255, 255, 255), (176, 184, 199)]


def badges() -> dict[str, bytes]:
    """Every method's image by its path among the pages."""
    return {f"pay-now/images/method_button_{method.code}.png": badge(method.name) for method in METHODS}


def badge(name: str) -> bytes:
    """A PNG with ``name`` in capitals on white, with a thin edge."""
    columns = _columns(name)
    width, height = len(columns) * _DOT + 2 * _MARGIN, _HIGH * _DOT + 2 * _MARGIN
    rows = [[_GROUND] * width for _ in range(height)]
    for x, column in enumerate(columns):
        for y in range(_HIGH):
            if column >> y & 1:
                for dy in range(_DOT):
                    start = _MARGIN + x * _DOT
                    rows[_MARGIN + y * _DOT + dy][start : start + _DOT] = [_INK] * _DOT
    rows[0] = rows[-1] = [_EDGE] * width
    for row in rows:
        row[0] = row[-1] = _EDGE
    file = io.BytesIO()
    png.Writer(width, height, palette=_PALETTE, bitdepth=2).write(file, rows)
    return file.getvalue()


def _columns(name: str) -> list[int]:
    plain = "".join(sign for sign in unicodedata.normalize("NFD", name.upper()) if sign in _LETTERS)
    columns: list[int] = []
    for sign in plain:
        columns += [*bytes.fromhex(_LETTERS[sign]), 0]
    return columns
