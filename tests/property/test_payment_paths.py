"""Whatever people do with a payment, and in whatever order, it takes a legal path and its amounts add up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.domain.errors import Conflict, IllegalTransition, InvalidAmount, Refused, TooManyTries, Unprocessable
from shared.domain.money import Money
from shared.domain.operation import Kind
from shared.domain.payment import CARD_MODES, LEGAL_MOVES, PAID, Mode, Payment, Status, Tender
from shared.domain.refund import CARD
from tests.unit.usecases.till import ANSWER_LOST, CAPTURE_FAILS, DECLINED, REFUND_FAILS, VISA, Till

CARDS = st.sampled_from([VISA, VISA, VISA, ANSWER_LOST, CAPTURE_FAILS, REFUND_FAILS, DECLINED])
SERIALS = ("A1", "A2", "B1", "SPENDLOST1", "SPENDFAIL1", "INVALID1", "USED1", "NOTIFYFAIL1", "NOREVERSE1", "WHOLE1")
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])
HUNDREDTHS = st.integers(1, 120)
REFUSED = (Conflict, IllegalTransition, InvalidAmount, Refused, TooManyTries, Unprocessable)
LONG_AFTER = timedelta(days=2).total_seconds()


class PaymentPaths(RuleBasedStateMachine):
    """One payment, its customer, its merchant and the passing of time."""

    def __init__(self) -> None:
        super().__init__()
        self.till = Till()
        self.before: Payment | None = None

    @initialize(
        currency=CURRENCIES,
        minor=st.integers(1, 500_000),
        mode=st.sampled_from(CARD_MODES),
        begun=st.sampled_from(["opened", "card entered", "settled"]),
        number=CARDS,
    )
    def open(self, currency: str, minor: int, mode: Mode, begun: str, number: str) -> None:
        self.till.open(Money(minor, currency), mode)
        if begun != "opened":
            self.pays_by_card(number)
        if begun == "settled":
            self.tried(lambda: self.till.spend(f"V{self.part(40).minor}-A2"))

    @rule(number=CARDS)
    def enters_a_card_nobody_tells_of(self, number: str) -> None:
        self.tried(lambda: self.till.enter_card(number))

    @rule(number=CARDS)
    def pays_by_card(self, number: str) -> None:
        self.tried(lambda: self.till.pay_by_card(number))

    @rule()
    def leaves_the_page(self) -> None:
        self.tried(lambda: self.till.page.cancel(self.till.payment.page_id))
        self.till.hear()

    @rule(serials=st.lists(st.sampled_from(SERIALS), min_size=1, max_size=3, unique=True), worth=HUNDREDTHS)
    def enters_vouchers(self, serials: list[str], worth: int) -> None:
        otps = [f"V{self.part(worth).minor}-{serial}" for serial in serials]
        self.tried(lambda: self.till.spend(*otps))

    @rule()
    def chooses_the_card_alone(self) -> None:
        self.tried(self.till.card_only)

    @rule(part=st.none() | HUNDREDTHS)
    def merchant_captures(self, part: int | None) -> None:
        amount = None if part is None else self.part(part)
        self.tried(lambda: self.till.choose(Tender.CAPTURE, amount=amount))

    @rule()
    def merchant_voids(self) -> None:
        self.tried(lambda: self.till.choose(Tender.VOID))

    @rule(part=st.none() | HUNDREDTHS)
    def merchant_refunds(self, part: int | None) -> None:
        amount = None if part is None else self.part(part)
        self.tried(lambda: self.till.refund(amount))

    @rule(seconds=st.sampled_from([1.0, 65.0, 600.0, 1900.0]))
    def time_passes(self, seconds: float) -> None:
        self.till.wait(seconds)

    @precondition(lambda self: self.till.payment.due_at is not None)
    @rule()
    def housekeeping_looks_early(self) -> None:
        self.till.look()

    def tried(self, act: Callable[[], Any]) -> None:
        try:
            act()
        except REFUSED:
            self.till.machines.pump()

    def part(self, hundredths: int) -> Money:
        amount = self.till.payment.amount
        return Money(max(amount.minor * hundredths // 100, 1), amount.currency)

    @invariant()
    def path_is_legal(self) -> None:
        if not self.till.id:
            return
        payment, before = self.till.payment, self.before
        if before is not None and payment.status is not before.status:
            assert payment.status in reachable(before.status)
        if before is not None:
            closed = [op for op in before.operations if not op.is_open]
            assert all(payment.operation(op.key) == op for op in closed)
        self.before = payment

    @invariant()
    def amounts_add_up(self) -> None:
        if not self.till.id:
            return
        payment = self.till.payment
        assert payment.captured.minor + payment.spent.minor <= payment.amount.minor
        assert payment.given_back.get(CARD, 0) <= payment.captured.minor
        assert 0 <= payment.refunded <= sum(payment.given_back.values()) <= payment.paid.minor
        if payment.status in PAID:
            assert payment.captured + payment.spent == payment.due == payment.paid
        if payment.status is Status.REFUNDED:
            assert payment.refunded == payment.paid.minor

    def teardown(self) -> None:
        """Two days later everything has ended, and the gateway's book says what ours says."""
        if not self.till.id:
            return
        payment = self.till.wait(LONG_AFTER if self.till.payment.due_at else 0)
        self.path_is_legal()
        self.amounts_add_up()
        assert payment.is_final
        assert not payment.open_operations()
        authorised, captured, _, voided, _ = self.till.in_book()
        ours = (payment.authorised.minor, payment.captured.minor, payment.voided.minor)
        assert ours == (authorised, captured, voided)
        if payment.mode.has_flow and payment.done(Kind.PREAUTH):
            assert bool(payment.captured) != bool(payment.voided)


def reachable(status: Status) -> set[Status]:
    """Every status that a few legal moves lead to: one action may make several."""
    found, edge = {status}, {status}
    while edge:
        edge = {move for one in edge for move in LEGAL_MOVES[one]} - found
        found |= edge
    return found


TestPaymentPaths = PaymentPaths.TestCase
TestPaymentPaths.settings = settings(max_examples=200, stateful_step_count=16, deadline=None)
