"""Field types that request bodies of any family share: what we keep must hold no card number.

Where people write, it is masked. Where machines read, masking would make it name something else, so it is refused: by
its check digit alone, or where other long numbers are at home, by the ranges of card schemes as well.
"""

from __future__ import annotations

from collections.abc import Callable

from pydantic import AfterValidator

from shared.domain.card_number import holds_card_number, masked, may_hold_card_number


def _without(holds: Callable[[str], bool]) -> AfterValidator:
    def check(text: str) -> str:
        if holds(text):
            raise ValueError("must not hold a card number")
        return text

    return AfterValidator(check)


Masked = AfterValidator(masked)
NoCardNumber = _without(holds_card_number)
NoLongNumber = _without(may_hold_card_number)
