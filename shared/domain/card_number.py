"""Card numbers where none belong: typed as a name, a description, an id. Found by their form and check digit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# Digits, as one number or in groups with one sign between them.
_RUN: Final = re.compile(r"\d+(?:[ \u00a0\u202f._/\-\u2010-\u2015]\d+)*")
_GROUP: Final = re.compile(r"\d+")
_FEWEST, _MOST = 13, 19
_SHOWN: Final = 4
# Number ranges of the schemes, with the lengths they issue. Compiled for the first number that is found.
_ISSUED: Final = (
    r"4\d{15}(\d{3})?|5[1-5]\d{14}|2(22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(0[0-5]|[689]\d)\d{11}|(6011|64[4-9]\d|65\d\d|62\d\d)\d{12}(\d{3})?|35(2[89]|[3-8]\d)\d{12}"
)


def masked(text: str) -> str:
    """``text`` with all but the last four digits of everything that may be a card number as ``*``."""
    for start, end in reversed(list(_found(text))):
        shown = [m.start() for m in re.finditer(r"\d", text[start:end])][-_SHOWN]
        hidden = re.sub(r"\d", "*", text[start : start + shown])
        text = text[:start] + hidden + text[start + shown :]
    return text


def may_hold_card_number(text: str) -> bool:
    """Whether a number in it has the length and the check digit of a card's, whoever might issue it."""
    return next(_found(text), None) is not None


def holds_card_number(text: str) -> bool:
    """The same for ranges that card schemes issue: for what long numbers of another kind are at home in."""
    return any(re.fullmatch(_ISSUED, _plain(text[start:end])) for start, end in _found(text))


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers begin and end, one after another."""
    for run in _RUN.finditer(text):
        groups = [(run.start() + m.start(), run.start() + m.end()) for m in _GROUP.finditer(run.group())]
        first = 0
        while first < len(groups):
            furthest = min(first + _MOST, len(groups))
            end = next((n for n in range(furthest, first, -1) if _is_one(text, groups[first:n])), None)
            if end is not None:
                yield groups[first][0], groups[end - 1][1]
            first = end or first + 1


def _is_one(text: str, groups: list[tuple[int, int]]) -> bool:
    lengths = [end - start for start, end in groups]
    if not _FEWEST <= sum(lengths) <= _MOST or not _is_printed_so(lengths):
        return False
    digits = _plain(text[groups[0][0] : groups[-1][1]])
    # 0 and 1 begin no card of a bank, and clocks in milliseconds begin with 1.
    return digits[0] not in "01" and _passes_luhn(digits)


def _is_printed_so(lengths: list[int]) -> bool:
    """In equal groups, the last of which may differ, or as on the cards of American Express and Diners Club."""
    return len(set(lengths[:-1])) <= 1 or (len(lengths) == 3 and lengths[:2] == [4, 6])


def _plain(text: str) -> str:
    """The digits alone, of whatever script, as ASCII."""
    return "".join(str(int(character)) for character in text if character.isdecimal())


def _passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * 2 for digit in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(number - 9 if number > 9 else number for number in doubled)) % 10 == 0
