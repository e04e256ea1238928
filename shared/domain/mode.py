"""Where and how a payment is made: what its merchant's keys and settings speak of before there is one."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Environment(StrEnum):
    TEST = "test"
    LIVE = "live"


class Mode(StrEnum):
    PREAUTH_VOUCHER_CAPTURE = "PREAUTH_VOUCHER_CAPTURE"
    SALE_DIRECT = "SALE_DIRECT"
    SALE_WITH_TOKENIZATION = "SALE_WITH_TOKENIZATION"
    ALTERNATIVE = "ALTERNATIVE"  # by a method, or by none that is chosen yet

    @property
    def has_flow(self) -> bool:
        """Whether a state machine runs this payment; a sale is one operation and needs none."""
        return self is Mode.PREAUTH_VOUCHER_CAPTURE


CARD_MODES: Final = (Mode.PREAUTH_VOUCHER_CAPTURE, Mode.SALE_DIRECT, Mode.SALE_WITH_TOKENIZATION)
