"""Monni: a code is reserved, the reservation is spent, and what was spent is given back whole on the same day.

Monni publishes nothing: all of this is of our own invention, like its far side in ``tools/testing``. No key of ours
makes a call happen once; a reservation is spent once and a transaction given back once, and both say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import ClassVar, Final, TypeVar

from shared.adapters.psp_http import PspHttp
from shared.adapters.reading import part, word
from shared.adapters.settings import ConnectorSettings
from shared.adapters.voucher_providers.wire import NOT_FOUND, Said, Wire
from shared.adapters.wire_keys import wire_key
from shared.domain.errors import OutcomeUnknown
from shared.domain.money import MAX_MINOR, Money
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.outside import utc_moment
from shared.domain.payment import Environment, Payment
from shared.domain.record import dataclass
from shared.domain.voucher import Validation, Voucher, VoucherAbilities, VoucherKind, of_form
from shared.domain.voucher_refusal import VoucherRefusal

NAME: Final = "monni"
Result = TypeVar("Result")
_FORM: Final = re.compile(r"[0-9]{8}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OK: Final = ("000", "Transaction OK")
_REASONS: Final = {
    "expired": VoucherRefusal.EXPIRED,
    "used": VoucherRefusal.USED,
    "currency": VoucherRefusal.NOT_ACCEPTED_HERE,
    "not_here": VoucherRefusal.NOT_ACCEPTED_HERE,
    "too_high": VoucherRefusal.AMOUNT_TOO_HIGH,
    "reserved": VoucherRefusal.TRY_AGAIN_LATER,
    "not_reserved": VoucherRefusal.TRY_AGAIN_LATER,
}
_NOT_BACK: Final = {
    "whole": ("voucher_not_divisible", "This voucher is given back whole only"),
    "too_late": ("too_late_to_reverse", "This voucher cannot be given back any more"),
}
_NEVER_RESERVED: Final = Answer(State.REFUSED, VoucherRefusal.INVALID, VoucherRefusal.INVALID.text)
_NOT_SPENT: Final = Answer(State.REFUSED, "not_reversible", "Nothing of this voucher was spent")
_PART: Final = Answer(State.REFUSED, *_NOT_BACK["whole"])
_TOO_HIGH: Final = Answer(State.REFUSED, VoucherRefusal.AMOUNT_TOO_HIGH, VoucherRefusal.AMOUNT_TOO_HIGH.text)
_BACK_BEFORE: Final = "already_reversed"


@dataclass(frozen=True, slots=True)
class MonniProvider:
    """The port ``VoucherProvider``. A spending's reference is Monni's transaction."""

    abilities: ClassVar = VoucherAbilities(looks=False, parts_back=False, notifies=False, keeps_refusals=False)
    settings: ConnectorSettings

    def takes(self, otp: str) -> bool:
        return of_form(_FORM, otp) is not None

    def validate(self, payment: Payment, voucher: Voucher) -> Validation:
        """Reserves the code for this payment, which gets the same reservation whenever it asks again.

        Also in a later choice: nobody else could let go of one whose answer was lost.
        """
        nothing = payment.amount.zero()
        code = of_form(_FORM, voucher.otp) or voucher.otp
        wanted = {"code": code, "reference": wire_key(payment, f"{payment.id}:{code}")}
        wanted["currency"] = payment.amount.currency
        said = self._call(payment, lambda wire: wire.asks("reserve", "POST", "v1/reservations", wanted))
        if not said.done:
            reason = _reason(said)
            return Validation(False, nothing, "", reason, reason.text, known=said.status != NOT_FOUND)
        worth = Money(_cents(said, "amount"), payment.amount.currency)
        kind, day = word(said.body, "kind").upper(), word(said.body, "expires_on")
        reservation = word(said.body, "id")
        if not reservation or word(said.body, "state") != "reserved":
            raise OutcomeUnknown("Monni does not say what it reserved")
        return Validation(
            True,
            worth,
            word(said.body, "serial"),
            *_OK,
            kind=VoucherKind(kind) if kind in VoucherKind.__members__ else None,
            face_value=worth,
            divisible=said.body.get("divisible") is True,
            country="IT",
            expires_on=day if _DAY.fullmatch(day) else "",
            reservation=reservation,
            reserved_until=_moment(said, "reserved_until"),
            parts_back=False,
        )

    def release(self, payment: Payment, voucher: Voucher) -> None:
        if voucher.reservation:
            path = f"v1/reservations/{voucher.reservation}"
            self._call(payment, lambda wire: wire.asks("release", "DELETE", path, question=True))

    def spend(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer:
        if not voucher.reservation:
            return self._call(payment, lambda wire: _NEVER_RESERVED)
        body = {"amount": operation.amount.minor, "currency": operation.amount.currency}
        path = f"v1/reservations/{voucher.reservation}/spend"
        said = self._call(payment, lambda wire: wire.asks("spend", "POST", path, body))
        if said.done:
            return _spent(said, operation)
        reason = _reason(said)
        return Answer(State.REFUSED, reason, reason.text)

    def reverse(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer:
        spending = payment.spending_of(voucher)
        if spending is None or not spending.reference:
            return self._call(payment, lambda wire: _NOT_SPENT)
        if operation.amount != spending.amount:  # a transaction is given back, not an amount
            part_of_it = operation.amount.currency == spending.amount.currency and operation.amount < spending.amount
            refusal = _PART if part_of_it else _TOO_HIGH
            return self._call(payment, lambda wire: refusal)
        note = {"note": wire_key(payment, operation.key)}
        path = f"v1/transactions/{spending.reference}"
        said = self._call(payment, lambda wire: wire.asks("reverse", "POST", f"{path}/reversal", note))
        code = _error(said)
        if code == _BACK_BEFORE:
            before = self._call(payment, lambda wire: wire.asks("transaction", "GET", path))
            return _given_back(before, note["note"]) or _NOT_SPENT
        if not said.done:
            return Answer(State.REFUSED, *_NOT_BACK.get(code, (_NOT_SPENT.code, _NOT_SPENT.message)))
        answer = _given_back(said, note["note"])
        if answer is None:
            raise OutcomeUnknown("Monni does not say that it gave the voucher back")
        return answer

    def lookup(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer | None:
        """None also for what was refused: it may be asked for again."""
        if operation.kind is Kind.VOUCHER_SPEND:
            path = f"v1/reservations/{voucher.reservation}"
            found = self._question(payment, path if voucher.reservation else "", "reservation")
            return _spent(found, operation) if found is not None and word(found.body, "transaction") else None
        spending = payment.spending_of(voucher)
        number = spending.reference if spending else ""
        found = self._question(payment, f"v1/transactions/{number}" if number else "", "transaction")
        return _given_back(found, wire_key(payment, operation.key)) if found is not None else None

    def notify(self, payment: Payment, voucher: Voucher) -> Answer:
        """Nobody wants to be told; done at once for what was spent."""
        told = Answer(State.SUCCEEDED, *_OK) if payment.spending_of(voucher) else _NOT_SPENT
        return self._call(payment, lambda wire: told)

    def _question(self, payment: Payment, path: str, called: str) -> Said | None:
        """What is there; None when nothing is. A ``path`` that is empty asks nobody."""
        said = self._call(payment, lambda wire: wire.asks(called, "GET", path) if path else None)
        if said is None or said.status == NOT_FOUND:
            return None
        if not said.done:
            raise OutcomeUnknown(f"Monni does not say what became of it (status {said.status})")
        return said

    def _call(self, payment: Payment, call: Callable[[Wire], Result]) -> Result:
        http, environment = self.settings.http, payment.environment
        return self.settings.signed_in(payment, NAME, lambda known: call(wire_to(http, environment, known)))


def wire_to(http: PspHttp, environment: Environment, known: Mapping[str, str]) -> Wire:
    return Wire(NAME, http, environment, known["api_base"], {"X-Api-Key": known["api_key"]})


def _error(said: Said) -> str:
    return word(part(said.body, "error"), "code")


def _reason(said: Said) -> VoucherRefusal:
    """Raises OutcomeUnknown for an error that gives none."""
    code = _error(said)
    if not code:
        raise OutcomeUnknown(f"Monni does not say what came of it (status {said.status})")
    return _REASONS.get(code, VoucherRefusal.INVALID)


def _spent(said: Said, operation: Operation) -> Answer:
    """Raises OutcomeUnknown for another amount than was asked for: that is nothing to guess about."""
    number = word(said.body, "transaction")
    if not number or _cents(said, "spent") != operation.amount.minor:
        raise OutcomeUnknown("Monni does not say that it spent what was asked")
    return Answer(State.SUCCEEDED, *_OK, number, reversible_until=_moment(said, "reversible_until"))


def _given_back(said: Said, note: str) -> Answer | None:
    """The answer where it was given back by whoever left ``note``."""
    number = word(said.body, "reversal")
    return Answer(State.SUCCEEDED, *_OK, number) if number and word(said.body, "note") == note else None


def _cents(said: Said, name: str) -> int:
    cents = said.body.get(name)
    if isinstance(cents, bool) or not isinstance(cents, int) or not 0 <= cents <= MAX_MINOR:
        raise OutcomeUnknown("Monni does not say how much it is")
    return cents


def _moment(said: Said, name: str) -> datetime | None:
    try:
        return utc_moment(word(said.body, name))
    except ValueError:
        return None
