"""The sandbox's far side. It has no wire: its connectors write their own books, and it is those that fail.

At the port ``Books`` all damage comes as one of two words, so the kinds differ only in whether the write was made.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from shared.adapters.card_gateways.sandbox_books import PAGE, UNDECIDED
from shared.adapters.card_gateways.sandbox_cards import CHALLENGE_OTP
from shared.adapters.card_gateways.sandbox_page import SandboxCardPage
from shared.adapters.ledger import Doc, edit
from shared.adapters.voucher_providers.sandbox import VOUCHER, voucher_id
from shared.domain.card_data import CardData
from shared.domain.errors import IllegalTransition, OutcomeUnknown, Unavailable
from shared.domain.money import Money
from shared.domain.payment import Payment
from shared.ports.books import Books
from tools.testing.fakes import FakeBooks, FixedClock, connector_settings
from tools.testing.far_sides.side import CardBook, Presentable, VoucherBook
from tools.testing.far_sides.switch import Damage, Switch

_APPROVED = "4242424242424242"
_DECLINED = "4000000000000002"
_HOLDS_ON = "4000000000000077"
_AGREES = "4000000000000093"
_OTHER_AMOUNT = "4000000000000143"
_BOOKED_LATER = {True: "4000000000000150", False: "4000000000000168"}
_UNDECIDED = {True: "4000000000000101", False: "4000000000000127"}


def _card(number: str) -> CardData:
    return CardData(number, "Ada Rossi", 12, 2030, "123")


class SwitchedBooks:
    """The port ``Books`` over ``inner``, as bad as the switch says."""

    def __init__(self, inner: Books, switch: Switch) -> None:
        self._inner, self._switch = inner, switch

    def load(self, kind: str, doc_id: str) -> tuple[dict[str, Any], int]:
        fault = self._switch.fault
        if fault is not None and (fault.question or fault.damage is Damage.DOWN):
            raise Unavailable("the sandbox cannot read its books")
        return self._inner.load(kind, doc_id)

    def save(self, kind: str, doc_id: str, doc: dict[str, Any], version: int) -> bool:
        fault = self._switch.fault
        if fault is None:
            return self._inner.save(kind, doc_id, doc, version)
        if fault.acted:
            self._inner.save(kind, doc_id, doc, version)
        raise OutcomeUnknown("the sandbox does not know whether it wrote its books")


class Sandbox:
    """Books with a switch before them, and connectors' settings that lead there."""

    def close(self) -> None:
        """It is a part of this process."""

    def __init__(self) -> None:
        self.books, self.switch, self.clock = FakeBooks(), Switch(), FixedClock()
        self.settings = connector_settings(SwitchedBooks(self.books, self.switch), self.clock)


class SandboxAcquirer(Sandbox):
    """The port ``CardFarSide``."""

    pages_are_ours = False
    presentable: Presentable | None = Presentable(
        plain=_card("4532491111111111"),
        with_code=_card("3469122222222222"),
        refused=_card("4532271111111112"),
        refused_after_code=_card("3790802222222223"),
        not_taken=_card("4111111111111112"),
        code=CHALLENGE_OTP,
    )

    def approve(self, payment: Payment) -> bool:
        return self._submit(payment, _APPROVED)

    def approve_holding_on(self, payment: Payment) -> bool:
        return self._submit(payment, _HOLDS_ON)

    def approve_another_amount(self, payment: Payment) -> bool:
        return self._submit(payment, _OTHER_AMOUNT)

    def agree(self, payment: Payment) -> bool:
        return self._submit(payment, _AGREES)

    def hesitate(self, payment: Payment, *, approves: bool) -> bool:
        return self._submit(payment, _UNDECIDED[approves])

    def approve_booked_later(self, payment: Payment, *, stands: bool) -> bool:
        return self._submit(payment, _BOOKED_LATER[stands])

    def decide(self, payment: Payment) -> None:
        self.clock.advance(seconds=UNDECIDED.total_seconds())

    def decline(self, payment: Payment) -> bool:
        return self._submit(payment, _DECLINED)

    def leave(self, payment: Payment) -> bool:
        SandboxCardPage(self.books, self.clock).cancel(payment.page_id)
        return True

    def let_go(self, payment: Payment) -> None:
        def act(doc: Doc) -> None:
            doc["voided"] = doc["authorised"]

        edit(self.books, PAGE, payment.page_id, act)

    def book(self, payment: Payment) -> CardBook:
        doc, _ = self.books.load(PAGE, payment.page_id)
        held = doc["authorised"] - doc["captured"] - doc["released"] - doc["voided"] if doc.get("authorised") else 0
        amounts = (held, doc.get("captured", 0), doc.get("refunded", 0))
        return CardBook(*(Money(minor, payment.amount.currency) for minor in amounts))

    def _submit(self, payment: Payment, number: str) -> bool:
        try:
            SandboxCardPage(self.books, self.clock).submit(payment.page_id, _card(number))
        except IllegalTransition:
            return False
        return True


class SandboxIssuer(Sandbox):
    """The port ``VoucherFarSide``."""

    def __init__(self) -> None:
        super().__init__()
        self._serials = count(1)

    def voucher(self, cents: int) -> str:
        return f"V{cents}-OK{next(self._serials)}"

    def whole_voucher(self, cents: int) -> str | None:
        return f"V{cents}-WHOLE{next(self._serials)}"

    def passing_voucher(self, cents: int) -> str | None:
        return f"V{cents}-MINUTE{next(self._serials)}"

    def bad_voucher(self) -> str:
        return f"V5000-EXPIRED{next(self._serials)}"

    def book(self, payment: Payment, otp: str) -> VoucherBook:
        where = voucher_id(payment.merchant_id, payment.environment, otp)
        doc, _ = self.books.load(VOUCHER, where)
        notices = [call for call in doc.get("calls", []) if call["operation"] == "NOTIFY"]
        return VoucherBook(Money(sum(doc.get("uses", {}).values()), payment.amount.currency), len(notices))
