"""The sandbox voucher provider: the code itself says what it is worth and how it behaves.

``V<cents>-<serial>``; a serial that begins with INVALID, EXPIRED or USED is refused at validation,
SPENDFAIL at spending, SPENDLOST is spent and its answer lost, NOTIFYFAIL fails three notifications,
NOREVERSE cannot be given back, WHOLE is given back whole or not at all, MINUTE within a minute alone. ITALY, FRANCE
and BELGIUM are under the law of meal vouchers there.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from shared.adapters.ledger import Act, Doc, edit, noted, once, refuse_live, stored_answer
from shared.adapters.settings import ConnectorSettings
from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.domain.voucher import Validation, Voucher, VoucherAbilities, VoucherKind

VOUCHER: Final = "voucher"
_OWNER: Final = "voucher-reference"
_FORM: Final = re.compile(r"V(?P<cents>[0-9]{1,9})-(?P<serial>[A-Za-z0-9_-]{1,40})")
_OK: Final = ("000", "Transaction OK")
_BRIEFLY: Final = timedelta(minutes=1)
# Each has a text of the dashboard's, ``why_voucher_...``, in its languages.
REFUSALS: Final = {
    "100": "The voucher code is not known",
    "101": "The voucher code is not valid",
    "102": "The voucher has expired",
    "103": "The voucher was used already",
    "104": "The voucher could not be spent",
    "105": "More than was spent",
    "106": "The voucher is in another currency",
}
_REFUSED_AT_VALIDATION: Final = {"INVALID": "101", "EXPIRED": "102", "USED": "103"}

_NATURES: Final[dict[str, dict[str, Any]]] = {
    "ITALY": {"kind": VoucherKind.SINGLE, "divisible": False, "country": "IT"},
    "FRANCE": {"kind": VoucherKind.SINGLE, "country": "FR"},
    "BELGIUM": {"kind": VoucherKind.SINGLE, "country": "BE"},
    "WHOLE": {"parts_back": False},
}


def voucher_id(payment_or_merchant: str, environment: str, otp: str) -> str:
    """Where the books keep a code: test vouchers belong to the merchant that invents them."""
    return f"{payment_or_merchant}#{environment}#{otp}"


@dataclass(frozen=True, slots=True)
class SandboxVoucherProvider:
    """The port ``VoucherProvider``. Amounts in the books are minor units of the payment's currency."""

    abilities: ClassVar = VoucherAbilities()
    settings: ConnectorSettings

    def takes(self, otp: str) -> bool:
        return _FORM.fullmatch(otp) is not None

    def release(self, payment: Payment, voucher: Voucher) -> None:
        """It reserves nothing."""

    def validate(self, payment: Payment, voucher: Voucher) -> Validation:
        refuse_live(payment)
        otp, reference = voucher.otp, voucher.reference
        nothing = payment.amount.zero()
        form = _FORM.fullmatch(otp)
        if form is None:
            return Validation(False, nothing, "", "100", REFUSALS["100"], known=False)
        where = voucher_id(payment.merchant_id, payment.environment, otp)

        def act(doc: Doc) -> Validation:
            if not doc:
                doc.update(value=int(form["cents"]), serial=form["serial"], spent=0, reversed=0, calls=[], uses={})
                doc["currency"] = payment.amount.currency
            result = _judge(doc, payment.amount.currency)
            noted(doc, "VALIDATE", self._at(), reference=reference, valid=result.valid, code=result.code)
            return result

        result = edit(self.settings.books, VOUCHER, where, act)
        if result.valid:
            edit(self.settings.books, _OWNER, reference, lambda doc: doc.update(voucher=where))
        return result

    def spend(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer:
        reference, amount = voucher.reference, operation.amount

        def act(doc: Doc) -> Answer:
            if doc["serial"].startswith("SPENDFAIL"):
                return _refused("104")
            if _left(doc) < amount.minor or any(doc["uses"].values()):
                return _refused("103")
            doc["spent"] += amount.minor
            doc["uses"] = {**doc["uses"], reference: amount.minor}
            until = self.settings.now() + _BRIEFLY if doc["serial"].startswith("MINUTE") else None
            if until is not None:
                doc["returnsUntil"] = until.isoformat()
            number = f"OP{len(doc['calls']) + 1:06d}"
            return Answer(State.SUCCEEDED, *_OK, number, reversible_until=until)

        return self._call(payment, voucher, f"{reference}:SPEND", operation, act)

    def reverse(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer:
        reference, amount = voucher.reference, operation.amount

        def act(doc: Doc) -> Answer:
            used = doc["uses"].get(reference, 0)
            if doc["serial"].startswith("NOREVERSE"):
                return Answer(State.REFUSED, "not_reversible", "This voucher cannot be given back")
            if amount.minor > used:
                return _refused("105")
            if doc["serial"].startswith("WHOLE") and amount.minor != used:
                return Answer(State.REFUSED, "voucher_not_divisible", "This voucher is given back whole only")
            if (until := doc.get("returnsUntil")) and self.settings.now() >= datetime.fromisoformat(until):
                return Answer(State.REFUSED, "too_late_to_reverse", "This voucher cannot be given back any more")
            doc["uses"] = {**doc["uses"], reference: used - amount.minor}
            doc["reversed"] += amount.minor
            return Answer(State.SUCCEEDED, *_OK, f"OP{len(doc['calls']) + 1:06d}")

        return self._call(payment, voucher, operation.key, operation, act)

    def notify(self, payment: Payment, voucher: Voucher) -> Answer:
        refuse_live(payment)
        reference = voucher.reference

        def act(doc: Doc) -> bool:
            noted(doc, "NOTIFY", self._at(), reference=reference)
            failures = doc.get("notifyFailures", 0)
            if doc["serial"].startswith("NOTIFYFAIL") and failures < 3:
                doc["notifyFailures"] = failures + 1
                return False
            return True

        where = self._owner(reference)
        if not where:
            return _refused("100")
        if not edit(self.settings.books, VOUCHER, where, act):
            raise Unavailable("the provider's notification service is down")
        return Answer(State.SUCCEEDED, *_OK)

    def lookup(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer | None:
        refuse_live(payment)
        reference, spends = voucher.reference, operation.kind is Kind.VOUCHER_SPEND
        doc, _ = self.settings.books.load(VOUCHER, self._owner(reference))
        return stored_answer(doc, f"{reference}:SPEND" if spends else operation.key)

    def _call(self, payment: Payment, voucher: Voucher, key: str, operation: Operation, act: Act) -> Answer:
        refuse_live(payment)
        reference, amount = voucher.reference, operation.amount
        name, where = operation.kind.value.removeprefix("VOUCHER_"), self._owner(reference)
        if not where:
            return _refused("100")

        def write(doc: Doc) -> tuple[Answer, bool]:
            answer, first = once(doc, key, act if doc["currency"] == amount.currency else _wrong_currency)
            if first:
                noted(doc, name, self._at(), reference=reference, amount=amount.minor, state=answer.state.value)
            return answer, first and name == "SPEND" and doc["serial"].startswith("SPENDLOST")

        answer, lost = edit(self.settings.books, VOUCHER, where, write)
        if lost:
            raise OutcomeUnknown("the sandbox spent the voucher and lost its answer")
        return answer

    def _owner(self, reference: str) -> str:
        doc, _ = self.settings.books.load(_OWNER, reference)
        return str(doc.get("voucher", ""))

    def _at(self) -> str:
        return self.settings.now().isoformat()


def _refused(code: str) -> Answer:
    return Answer(State.REFUSED, code, REFUSALS[code])


def _wrong_currency(_: Doc) -> Answer:
    return _refused("106")


def _left(doc: Doc) -> int:
    used: int = doc["value"] - sum(doc["uses"].values())
    return used


def _judge(doc: Doc, currency: str) -> Validation:
    value = Money(max(_left(doc), 0), currency)
    for beginning, code in _REFUSED_AT_VALIDATION.items():
        if doc["serial"].startswith(beginning):
            return Validation(False, value, doc["serial"], code, REFUSALS[code])
    if any(doc["uses"].values()) or not value or doc["currency"] != currency:
        return Validation(False, value, doc["serial"], "103", REFUSALS["103"])
    return Validation(
        True, value, doc["serial"], *_OK, face_value=Money(doc["value"], currency), **_nature(doc["serial"])
    )


def _nature(serial: str) -> dict[str, Any]:
    """What a voucher is like, by the beginning of its serial; others are under no law and can be divided."""
    return next((nature for beginning, nature in _NATURES.items() if serial.startswith(beginning)), {})
