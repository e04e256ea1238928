"""People around a disputed payment: the bank that says what becomes of it, and the merchant who answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from shared.domain import ids
from shared.domain.dispute import AWAITING, Notice
from shared.domain.ids import DisputeId
from shared.domain.payment import PAID
from shared.domain.statuses import Reason, Source
from shared.usecases.dispute.respond_dispute import respond_dispute
from shared.usecases.dispute.take_notice import take_notice
from tools.simulator.errands import BankWord, DisputePlan
from tools.simulator.kernel import MICRO
from tools.simulator.people import PATIENCE, Person

SOON: Final = 3.0  # seconds
MOST_TRIES: Final = 60  # a PSP sends a message for days


class Disputed(Person):
    """``heard`` are the messages of the story that were answered with a yes."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.heard: set[int] = set()
        self.source, self.number = Source.SANDBOX, f"CB-{self.name}"

    def others(self) -> list[str]:
        plan = self.plan.dispute
        assert plan is not None
        named = [f"{self.name} bank {n}.{m}" for n, word in enumerate(plan.story) for m in range(len(word.arrives))]
        return [*named, *(f"{self.name} answers {n}" for n in range(len(self._answers_at(plan))))]

    def _answers_at(self, plan: DisputePlan) -> tuple[float, ...]:
        """At an acquirer also soon after each question was heard."""
        if self.at.acquirer is None:
            return plan.answers_at
        asked = [word for word in plan.story if word.status in AWAITING and word.arrives]
        return (*plan.answers_at, *(word.at + min(word.arrives) + SOON for word in asked))

    def _go_on(self) -> None:
        super()._go_on()
        self._let_loose("dispute", self._dispute)

    def _dispute(self) -> None:
        plan = self.plan.dispute
        assert plan is not None
        if not self._see(lambda payment: payment.status in PAID, PATIENCE):
            return
        began = self.at.kernel.clock()
        self._at_the_acquirer(plan)
        for n, word in enumerate(plan.story):
            for m, delay in enumerate(word.arrives):
                self._let_loose(
                    f"bank {n}.{m}", partial(self._says, n, m, self._notice(word, began), word.at + delay)
                )
        for n, moment in enumerate(self._answers_at(plan)):
            self._let_loose(f"answers {n}", partial(self._answer, n, moment))

    def _at_the_acquirer(self, plan: DisputePlan) -> None:
        """Where it takes answers, it knows the dispute, and how it stands from the moment of each word."""
        acquirer, kernel = self.at.acquirer, self.at.kernel
        found = acquirer.disputed(self._payment()) if acquirer is not None else None
        if acquirer is None or found is None:
            return
        self.source, self.number = found
        for word in plan.story:
            kernel.at(kernel.now + int(word.at * MICRO), partial(acquirer.bank_says, self.number, word.status))

    def _notice(self, word: BankWord, began: datetime) -> Notice:
        said = began + timedelta(seconds=word.at)
        return Notice(
            source=self.source,
            environment=self._payment().environment,
            psp_id=self.number,
            payment_ids=(self.payment_id,),
            amount=self._part(word.part),
            reason=Reason.GENERAL,
            status=word.status,
            happened_at=said,
            deadline=None if word.deadline is None else said + timedelta(seconds=word.deadline),
            reopens=word.reopens,
        )

    def _says(self, n: int, m: int, notice: Notice, delay: float) -> None:
        """One message, sent again until it is taken."""
        at = self.at
        at.kernel.sleep(delay)
        taken: list[object] = []

        def take(seed: bytes, repeated: bool) -> None:
            taken.append(take_notice(notice, world=at.world, disputes=at.disputes))

        for attempt in range(MOST_TRIES):
            at.clients.plain(f"{self.name} bank says {n}.{m} try {attempt}", take)
            if taken:
                self.heard.add(n)
                return
            at.kernel.sleep(min(5.0 * 2**attempt, 3600.0))

    def _answer(self, n: int, moment: float) -> None:
        at = self.at
        at.kernel.sleep(moment)
        current = at.kernel.current
        gives_up = at.acquirer is not None and current is not None and current.random.random() < 0.2

        def answer(seed: bytes, repeated: bool) -> object:
            dispute = at.disputes.get(self.dispute_id)
            return respond_dispute(
                dispute,
                f"answer {n}",
                (),
                world=at.world,
                disputes=at.disputes,
                files=at.files,
                desks=at.desks,
                accepts=gives_up,
            ).status

        at.clients.keyed(f"{self.name} answers {n}", answer, tries=4)

    @property
    def dispute_id(self) -> DisputeId:
        payment = self._payment()
        return ids.dispute_id(self.source, payment.environment, payment.merchant_id, self.number)
