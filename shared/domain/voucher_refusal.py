"""Why a voucher was not accepted, in our words: issuers' codes and texts differ and are no customer's to read."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class VoucherRefusal(StrEnum):
    """Each is a code in replies; ``voucher_...`` of the pages' texts says it to customers in their language."""

    INVALID = "voucher_invalid"
    EXPIRED = "voucher_expired"
    USED = "voucher_used"
    NOT_ACCEPTED_HERE = "voucher_not_accepted_here"
    AMOUNT_TOO_HIGH = "amount_too_high"
    TRY_AGAIN_LATER = "try_again_later"

    @property
    def text(self) -> str:
        return _TEXTS[self]


_TEXTS: Final = {
    VoucherRefusal.INVALID: "The voucher code is not valid",
    VoucherRefusal.EXPIRED: "The voucher has expired",
    VoucherRefusal.USED: "The voucher was used already",
    VoucherRefusal.NOT_ACCEPTED_HERE: "The voucher is not accepted here",
    VoucherRefusal.AMOUNT_TOO_HIGH: "The amount is more than the voucher pays",
    VoucherRefusal.TRY_AGAIN_LATER: "The voucher cannot be used at the moment",
}
