"""What must hold at an acquirer beside the sandbox: its book agrees with ours; and the person who settles by it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from shared.domain.attention import AMOUNT_MISMATCH
from shared.domain.difference import given_back
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.refund import CARD, Refund
from shared.usecases.payment.settle import settle

if TYPE_CHECKING:
    from shared.domain.ids import PaymentId
    from tools.simulator.clients import Handle
    from tools.simulator.stage import Stage
    from tools.testing.far_sides.side import CardBook

HOURS: Final = (0.2, 2.0, 20.0)
MOST_TRIES: Final = 200


def book_of(stage: Stage, payment: Payment) -> CardBook:
    assert stage.acquirer is not None
    return stage.acquirer.side.book(payment)


def agrees(stage: Stage, payment: Payment, refunds: list[Refund]) -> None:
    """Captured and refunded are the same in both books, and nothing is held there that nobody is told of."""
    book = book_of(stage, payment)
    theirs = {"captured": book.captured.minor, "refunded": book.refunded.minor}
    ours = {"captured": payment.taken.minor, "refunded": refunded(payment, refunds)}
    if payment.attention == AMOUNT_MISMATCH:  # a person ends what it has instead
        return
    if ours != theirs:
        stage.fail(f"{payment.id}: our books {ours}, the acquirer's {theirs}")
    if payment.difference and given_back(payment) != payment.difference and payment.attention is None:
        stage.fail(f"{payment.id}: {payment.difference} of the customer's money is owed and nobody is told")
    if book.held.minor and payment.attention is None:
        stage.fail(f"{payment.id}: {book.held} stays held at the acquirer and nobody is told")


def refunded(payment: Payment, refunds: list[Refund]) -> int:
    """What was given back to the card, in the payment's own journal and beside it."""
    legs = [leg.operation for refund in refunds for leg in refund.legs if leg.tender == CARD]
    beside = sum(operation.amount.minor for operation in legs if operation.state is State.SUCCEEDED)
    return payment.sum_of(Kind.REFUND).minor + beside


class Operator:
    """Closes by the acquirer's book what it answers no question about, some time after ``attention`` asks for it."""

    def __init__(self, stage: Stage) -> None:
        self.at = stage
        self._called: set[PaymentId] = set()

    def written(self, payment: Payment) -> None:
        needed = self._missing(payment)
        if self.at.acquirer is None or payment.id in self._called or not needed:
            return
        self._called.add(payment.id)
        self.at.kernel.spawn(f"operator of {payment.id}", lambda: self._works(payment.id))

    def _works(self, payment_id: PaymentId) -> None:
        current = self.at.kernel.current
        assert current is not None
        self.at.kernel.sleep(current.random.choice(HOURS) * 3600)
        for attempt in range(MOST_TRIES):
            payment = self.at.payments.get(payment_id)
            missing = self._missing(payment)
            if not missing:
                break
            for key, answer in self._found_out(payment, missing).items():
                self.at.clients.plain(f"settle {key} {attempt}", self._says(payment_id, key, answer))
            self.at.kernel.sleep(600)
        self._called.discard(payment_id)

    def _says(self, payment_id: PaymentId, key: str, answer: Answer) -> Handle:
        def say(seed: bytes, repeated: bool) -> object:
            self.at.storm.last_trouble = self.at.kernel.now  # until somebody said so, nobody could go on
            return settle(payment_id, key, answer, world=self.at.world)

        return say

    def _missing(self, payment: Payment) -> list[Operation]:
        """What only a person can find out about by now; what only a person gives back any more is among it."""
        now = self.at.kernel.clock()
        return [operation for operation in self._open(payment) if operation.needs_a_person(now)]

    def _open(self, payment: Payment) -> list[Operation]:
        """Everything of the card whose answer we do not have."""
        legs = [leg.operation for refund in self.at.payments.refunds(payment.id) for leg in refund.open_legs]
        of_card = (Kind.REFUND, Kind.SALE, Kind.CAPTURE, Kind.VOID)
        return [operation for operation in (*payment.open_operations(*of_card), *legs) if operation.voucher is None]

    def _found_out(self, payment: Payment, missing: list[Operation]) -> dict[str, Answer]:
        """By what the acquirer's book has more than ours, which the calls that arrived add up to.

        Among those are calls that nobody has to ask a person about. While nothing adds up, nothing is said.
        """
        book, refunds = book_of(self.at, payment), self.at.payments.refunds(payment.id)
        more = {
            Kind.REFUND: book.refunded.minor - refunded(payment, refunds),
            Kind.SALE: book.captured.minor - payment.taken.minor,
        }
        told: dict[str, Answer] = {}
        for kind, minor in more.items():
            arrived = _adding_up([operation for operation in self._open(payment) if operation.kind is kind], minor)
            if arrived is None:
                continue
            for operation in (each for each in missing if each.kind is kind):
                state = State.SUCCEEDED if operation in arrived else State.REFUSED
                told[operation.key] = Answer(state, "settled", "the operator: by the acquirer's book", reference=None)
        return told


def _adding_up(operations: list[Operation], minor: int) -> tuple[Operation, ...] | None:
    for many in range(len(operations) + 1):
        for some in combinations(operations, many):
            if sum(operation.amount.minor for operation in some) == minor:
                return some
    return None
