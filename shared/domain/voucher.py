"""A meal voucher as one payment sees it: the code entered, what it is worth, what was spent of it."""

from __future__ import annotations

import re
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.errors import InvalidRequest
from shared.domain.money import Money
from shared.domain.record import dataclass

# DM 122/2017: at most eight vouchers in one purchase.
MAX_VOUCHERS_PER_CHOICE = 8
MAX_VOUCHER_CHECKS = 20  # of one payment, beside its choices: whoever guesses codes gets this far
# What is said of a voucher whose provider does not answer: our code and text, in place of its own.
UNANSWERED = ("provider_unavailable", "The issuer does not answer")
# Of one that nobody is asked about yet, because its provider would reserve it.
NOT_ASKED = ("judged_when_chosen", "The issuer is asked when the voucher is chosen")
_BETWEEN = re.compile(r"[\s.-]")


class VoucherState(StrEnum):
    ENTERED = "ENTERED"
    VALID = "VALID"
    INVALID = "INVALID"
    UNUSED = "UNUSED"  # valid, but nothing was left to pay or another one was refused
    SPENT = "SPENT"
    REFUSED = "REFUSED"  # valid, then refused at spend
    REVERSED = "REVERSED"


class VoucherKind(StrEnum):
    """What its issuer calls it."""

    SINGLE = "SINGLE"  # one voucher, one code
    CUMULATIVE = "CUMULATIVE"  # several of them, or what is left of them, under one code
    DAILY = "DAILY"  # one a day
    CANTEEN = "CANTEEN"  # for the canteen of its holder's company


@dataclass(frozen=True, slots=True)
class VoucherAbilities:
    """``looks``: a code can be asked about without being reserved. ``parts_back``: a part of what was spent can be
    given back. ``notifies``: it wants to be told that the sale is done. ``keeps_refusals``: asked for a call that it
    refused, it says so. A provider that answers no question about a call raises NobodyKnows in ``lookup``.
    """

    looks: bool = True
    parts_back: bool = True
    notifies: bool = True
    keeps_refusals: bool = True


@dataclass(frozen=True, slots=True)
class Validation:
    """A provider's word on one code; ``value`` is what may still be spent of it here and now.

    ``known`` is False for a code that this provider never issued: another one may have. Without ``divisible`` it is
    used up whatever is spent of it. ``expires_on`` is its last day (``2030-12-31``). ``reservation`` names
    what its provider keeps for us until ``reserved_until``: spending uses it, ``release`` lets it go. ``country`` is
    the one whose law of meal vouchers it is under; ``most`` of this provider's are taken in one purchase, 0: it says
    nothing of that. Without ``returnable`` nothing that is spent of it is ever given back, without ``parts_back`` no
    part of it.
    ``food_only``: its issuer says so; a law may say more.
    """

    valid: bool
    value: Money
    serial_number: str = ""
    code: str = ""
    message: str = ""
    known: bool = True
    kind: VoucherKind | None = None
    face_value: Money | None = None
    divisible: bool = True
    country: str = ""
    most: int = 0
    expires_on: str = ""
    reservation: str = field(default="", repr=False)
    reserved_until: datetime | None = None
    returnable: bool = True
    parts_back: bool = True
    food_only: bool = False


@dataclass(frozen=True, slots=True)
class Voucher:
    """``reference`` is ours and names the voucher in every call to its provider.

    ``provider`` is whose it is; empty while nobody knows, and in what was written before there were several. The
    rest is as its ``Validation`` said.
    """

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
    provider: str = ""
    kind: VoucherKind | None = None
    face_value: Money | None = None
    divisible: bool = True
    country: str = ""
    most: int = 0
    expires_on: str = ""
    reservation: str = field(default="", repr=False)
    reserved_until: datetime | None = None
    returnable: bool = True
    parts_back: bool = True
    food_only: bool = False

    @classmethod
    def entered(cls, reference: str, otp: str, nothing: Money, attempt: int = 0) -> Voucher:
        """A code that was typed, of which nothing is known yet."""
        return cls(reference, attempt, otp, VoucherState.ENTERED, spend=nothing, value=nothing)

    def judged(self, result: Validation) -> Voucher:
        """This voucher as its provider judged it."""
        return replace(
            self,
            state=VoucherState.VALID if result.valid else VoucherState.INVALID,
            otp=self.otp if result.valid else masked(self.otp),
            value=result.value,
            serial_number=result.serial_number,
            code=result.code,
            message=result.message,
            kind=result.kind,
            face_value=result.face_value,
            divisible=result.divisible,
            country=result.country,
            most=result.most,
            expires_on=result.expires_on,
            reservation=result.reservation,
            reserved_until=result.reserved_until,
            returnable=result.returnable,
            parts_back=result.parts_back,
            food_only=result.food_only,
        )

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
    if len({plain(otp) for otp in otps}) != len(otps):
        raise InvalidRequest("the same voucher code was entered twice", param="vouchers")


def plain(otp: str) -> str:
    """The code without what groups its characters, and in capitals: however it was printed or typed, it is one."""
    return _BETWEEN.sub("", otp).upper()


def of_form(form: re.Pattern[str], otp: str) -> str | None:
    """The plain code, where it is of this issuer's ``form``; None where it is not."""
    code = plain(otp)
    return code if form.fullmatch(code) else None


def masked(otp: str) -> str:
    return f"…{otp[-2:]}"
