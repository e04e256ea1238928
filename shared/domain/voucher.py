"""A meal voucher as one payment sees it: the code entered, what it is worth, what was spent of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.domain.errors import InvalidRequest
from shared.domain.money import Money

# DM 122/2017: at most eight vouchers in one purchase.
MAX_VOUCHERS_PER_CHOICE = 8
MAX_VOUCHER_CHECKS = 20  # of one payment, beside its choices: whoever guesses codes gets this far
# What is said of a voucher whose provider does not answer: our code and text, in place of its own.
UNANSWERED = ("provider_unavailable", "The issuer does not answer")


class VoucherState(StrEnum):
    ENTERED = "ENTERED"
    VALID = "VALID"
    INVALID = "INVALID"
    UNUSED = "UNUSED"  # valid, but nothing was left to pay or another one was refused
    SPENT = "SPENT"
    REFUSED = "REFUSED"  # valid, then refused at spend
    REVERSED = "REVERSED"


@dataclass(frozen=True, slots=True)
class Validation:
    """A provider's word on one code; ``value`` is what may still be spent of it."""

    valid: bool
    value: Money
    serial_number: str = ""
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Voucher:
    """``reference`` is ours and names the voucher in every call to the provider."""

    reference: str
    attempt: int  # the tender choice that brought it, from 1
    otp: str  # wiped down to its last characters once nothing more can be done with it
    state: VoucherState
    spend: Money  # planned, then spent
    value: Money
    serial_number: str = ""
    code: str = ""
    message: str = ""
    notified: bool = False

    @property
    def counts(self) -> bool:
        """Whether its amount pays part of the payment."""
        return self.state is VoucherState.SPENT


def check_otps(otps: list[str]) -> None:
    """Raise InvalidRequest for an empty, oversized or repeated list of codes."""
    if not otps:
        raise InvalidRequest("vouchers must hold at least one code", param="vouchers")
    if len(otps) > MAX_VOUCHERS_PER_CHOICE:
        raise InvalidRequest(
            f"at most {MAX_VOUCHERS_PER_CHOICE} vouchers can be used in one payment", param="vouchers"
        )
    if len({otp.casefold() for otp in otps}) != len(otps):
        raise InvalidRequest("the same voucher code was entered twice", param="vouchers")


def masked(otp: str) -> str:
    return f"…{otp[-2:]}"
