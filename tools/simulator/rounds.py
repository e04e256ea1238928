"""Who comes by on their own: housekeeping once a minute, and the reader of the events' stream."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from shared.domain.event import Event, EventType
from shared.domain.ids import PaymentId
from shared.domain.order import Order
from shared.domain.payment import Payment
from shared.ports.orders import OrderChange
from shared.ports.payments import Change
from shared.usecases.card.forget_tokens import sweep_discards
from shared.usecases.dispute.expire_disputes import sweep_disputes
from shared.usecases.housekeeping.look_after_payments import sweep
from shared.usecases.link.look_after_links import sweep_links
from shared.usecases.link.settle_link import settle_link
from shared.usecases.order.look_after_orders import sweep_orders
from shared.usecases.order.settle_order import settle_order
from tools.simulator import invariants, paying_once
from tools.simulator.at_acquirers import Operator
from tools.simulator.kernel import MICRO, Process
from tools.simulator.stage import Stage

SECONDS_TO_LIVE: Final = 55
MINUTE: Final = 60 * MICRO
BATCH: Final = 100
MOST_READS: Final = 60  # a stream keeps what was not taken for a day


class Rounds:
    """A minute in which nothing is due is not simulated."""

    def __init__(self, stage: Stage) -> None:
        self.at = stage
        self._operator = Operator(stage)
        self._ticks: set[int] = set()
        self._last = 0

    def written(self, before: Payment | None, after: Payment, change: Change | None) -> None:
        """A payment was written: check it, come by when it is due, bring its news to its link or order."""
        invariants.of_write(self.at, before, after, change)
        paying_once.of_payment(self.at, after)
        if self.at.telling:
            self.at.note(f"WRITE {invariants.told(after)}")
        self._operator.written(after)
        self.plan()
        for event in change.events if change else ():
            told_to_link = event.type is EventType.PAID and after.link_id
            if told_to_link or (event.type in (EventType.PAID, EventType.FAILED) and after.order_id):
                self._brought(event, 1)

    def ordered(self, before: Order | None, after: Order, change: OrderChange) -> None:
        """An order was written."""
        paying_once.of_order(self.at, before, after, change)
        if self.at.telling:
            self.at.note(f"WRITE {after.id} {after.status} {after.attempt or ''} v{after.version}")
        self.plan()

    def plan(self) -> None:
        """Come by at the minute in which the next thing is due."""
        earliest = min(self._due(), default=None)
        if earliest is not None:
            ahead = int((earliest - self.at.kernel.clock()).total_seconds() * MICRO)
            self._tick(max(self.at.kernel.now + ahead, self.at.kernel.now))

    def _due(self) -> list[datetime]:
        payments = [payment.due_at for payment in self.at.payments.all()]
        links = [link.due_at for link in self.at.stored_links.all()]
        orders = [order.due_at for order in self.at.stored_orders.all()]
        discards = [discard.due_at for discard in self.at.stored_cards.discards.values()]
        disputes = [dispute.due_at for dispute in self.at.stored_disputes.all()]
        return [due for due in (*payments, *links, *orders, *discards, *disputes) if due is not None]

    def _tick(self, moment: int) -> None:
        minute = max(-(-moment // MINUTE) * MINUTE, self._last + MINUTE)
        if minute not in self._ticks:
            self._ticks.add(minute)
            self.at.kernel.at(minute, lambda: self._come_by(minute))

    def _come_by(self, minute: int) -> None:
        self._ticks.discard(minute)
        self._last = minute
        at, clock = self.at, self.at.kernel.clock()
        if at.payments.due(clock, 1):
            self._spawn("housekeeping", minute, lambda: sweep(BATCH, world=at.world))
        if at.stored_links.due(clock, 1):
            self._spawn("links' sweep", minute, lambda: sweep_links(BATCH, world=at.world, links=at.links))
        if at.stored_orders.due(clock, 1):
            self._spawn("orders' sweep", minute, lambda: sweep_orders(BATCH, world=at.world, orders=at.orders))
        if at.stored_cards.due(clock, 1):
            sweep_cards = partial(sweep_discards, BATCH, world=at.world, cards=at.cards, vault=at.vault)
            self._spawn("tokens' sweep", minute, sweep_cards)
        if at.stored_disputes.due(clock, 1):
            sweep_them = partial(
                sweep_disputes, BATCH, world=at.world, disputes=at.disputes, desks=at.desks, files=at.files
            )
            self._spawn("disputes' sweep", minute, sweep_them)
        earliest = min(self._due(), default=None)
        if earliest is not None:
            self._tick(at.kernel.now + max(int((earliest - clock).total_seconds() * MICRO), 1))

    def _spawn(self, name: str, minute: int, body: Callable[[], object]) -> None:
        process = self.at.kernel.spawn(f"{name} {minute // MINUTE}", body, seconds_to_live=SECONDS_TO_LIVE)
        process.skew = timedelta(seconds=process.random.choice((0, 0, 0, -1, 1)))

    def _brought(self, event: Event, time: int) -> None:
        """The stream brings an event, and again until it was taken; sometimes once too often."""

        def take() -> None:
            payment = self.at.world.payments.get(PaymentId(event.subject))
            if payment.order_id:
                settle_order(payment, world=self.at.world, orders=self.at.orders)
            if payment.link_id:
                settle_link(payment, world=self.at.world, links=self.at.links)

        def bring() -> None:
            process = self.at.kernel.spawn(f"news of {event.id} {time}", take, seconds_to_live=SECONDS_TO_LIVE)
            process.done.when_set(again if time < MOST_READS else lambda: None)
            taking.append(process)

        def again() -> None:
            process = taking[0]
            if process.error is not None or process.random.random() < 0.1:
                self._brought(event, time + 1)

        taking: list[Process] = []
        delay = 1 if time == 1 else 30
        self.at.kernel.at(self.at.kernel.now + delay * MICRO, bring)
