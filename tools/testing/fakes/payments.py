"""Payments in memory, with the same optimistic versions as the table."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.ids import MerchantId, PaymentId, RefundId
from shared.domain.operation import Kind
from shared.domain.payment import AWAITING_CARD, AWAITING_CHOICE, Environment, Payment, Wait
from shared.domain.psp_reference import PspReference
from shared.domain.refund import Refund, reference_taken
from shared.domain.sought import Sought
from shared.domain.taking import ready_for, taken_up
from shared.ports.numbered import Listed, NumberedPage
from shared.ports.payments import Change, Wanted, WantedRefunds
from tools.testing.fakes.events import FakeEvents
from tools.testing.fakes.idempotency import FakeIdempotency

Uses = dict[tuple[MerchantId, Environment, str, int], tuple[int, datetime | None]]


class FakePayments:
    """The port ``Payments``. Its events go to ``events``, and answers to ``claims``, in the same step."""

    def __init__(self, events: FakeEvents | None = None, claims: FakeIdempotency | None = None) -> None:
        self.events = events or FakeEvents()
        self.claims = claims or FakeIdempotency()
        self.writes: list[Change] = []
        self.uses: Uses = {}  # of saved cards: how often, and when last
        self._payments: dict[PaymentId, Payment] = {}
        self._references: dict[PspReference, set[PaymentId]] = {}
        self._refunds: dict[tuple[PaymentId, RefundId], Refund] = {}
        self._refund_numbers: dict[tuple[MerchantId, Environment, str], RefundId] = {}
        self._meanwhile: list[Callable[[], object]] = []
        self._lock = threading.RLock()

    def meanwhile(self, action: Callable[[], object]) -> None:
        """Let somebody else do ``action`` just before our next write: the race, made certain."""
        self._meanwhile.append(action)

    def add(self, payment: Payment) -> Payment:
        """Store a payment as it is and return it with its version."""
        with self._lock:
            stored = replace(payment, version=payment.version + 1)
            self._payments[payment.id] = stored
            return stored

    def all(self) -> list[Payment]:
        with self._lock:
            return list(self._payments.values())

    def get(self, payment_id: PaymentId) -> Payment:
        with self._lock:
            found = self._payments.get(payment_id)
        if found is None:
            raise NotFound("there is no such payment")
        return found

    def create(self, change: Change) -> Payment | None:
        self._let_others_in()
        with self._lock:
            there = self._payments.get(change.payment.id)
            if there is not None:
                return there
            self._write(change)
            return None

    def save(self, change: Change) -> Payment | None:
        self._let_others_in()
        with self._lock:
            there = self.get(change.payment.id)
            if there.version != change.payment.version:
                return there
            self._write(change)
            return None

    def take(self, payment_id: PaymentId, kind: Kind, now: datetime) -> tuple[Payment, bool]:
        self._let_others_in()
        with self._lock:
            there = self.get(payment_id)
            if ready_for(there) is not kind:
                return there, False
            return self.add(taken_up(there, kind, now)), True

    def park(self, payment_id: PaymentId, wait: Wait, token: str, now: datetime) -> Payment | None:
        self._let_others_in()
        awaited = AWAITING_CARD if wait is Wait.PREAUTH else AWAITING_CHOICE
        with self._lock:
            there = self.get(payment_id)
            if there.status not in awaited or there.ending is not None or there.is_expired(now):
                return there
            parked = replace(there, waiting=wait, task_token=token, version=there.version + 1)
            self._payments[payment_id] = parked
            return None

    def by_reference(self, reference: PspReference) -> list[PaymentId]:
        with self._lock:
            return sorted(self._references.get(reference, ()))

    def refunds(self, payment_id: PaymentId) -> list[Refund]:
        with self._lock:
            found = [refund for (owner, _), refund in self._refunds.items() if owner == payment_id]
        return sorted(found, key=lambda refund: refund.number)

    def refund(self, payment_id: PaymentId, refund_id: RefundId) -> Refund:
        with self._lock:
            found = self._refunds.get((payment_id, refund_id))
        if found is None:
            raise NotFound("there is no such refund")
        return found

    def due(self, now: datetime, limit: int) -> list[PaymentId]:
        waiting = [(payment.due_at, payment.id) for payment in self.all() if payment.due_at is not None]
        return [payment_id for due_at, payment_id in sorted(waiting) if due_at <= now][:limit]

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        *,
        limit: int,
        cursor: str | None,
        sought: Sought | None = None,
    ) -> tuple[list[Payment], str | None]:
        if cursor and not cursor.partition("#")[2]:
            raise InvalidRequest("cursor is not one this list returned")
        mine = [p for p in self.all() if (p.merchant_id, p.environment) == (merchant_id, environment)]
        listed = sorted((p for p in mine if (sought or Sought()).fits(p)), key=_place, reverse=True)
        rest = [payment for payment in listed if not cursor or _place(payment) < cursor]
        return rest[:limit], _place(rest[limit - 1]) if len(rest) > limit else None

    def of_family(
        self, merchant_id: MerchantId, environment: Environment, wanted: Wanted, page: NumberedPage
    ) -> Listed[Payment]:
        mine = (p for p in self.all() if (p.merchant_id, p.environment) == (merchant_id, environment))
        return page.of([payment for payment in mine if wanted.fits(payment)])

    def refund_by_reference(
        self, merchant_id: MerchantId, environment: Environment, reference: str
    ) -> RefundId | None:
        with self._lock:
            return self._refund_numbers.get((merchant_id, environment, reference))

    def refunds_of_family(
        self, merchant_id: MerchantId, environment: Environment, wanted: WantedRefunds, page: NumberedPage
    ) -> Listed[Refund]:
        with self._lock:
            mine = [
                refund
                for (payment_id, _), refund in self._refunds.items()
                if self._is_of(self._payments[payment_id], merchant_id, environment, wanted.family)
            ]
        return page.of([refund for refund in mine if wanted.fits(refund)])

    def _is_of(self, payment: Payment, merchant_id: str, environment: str, family: str) -> bool:
        return (payment.merchant_id, payment.environment, payment.family) == (merchant_id, environment, family)

    def _number_refunds(self, change: Change) -> None:
        payment = change.payment
        for refund in change.refunds:
            key = (payment.merchant_id, payment.environment, refund.reference)
            if refund.reference and self._refund_numbers.setdefault(key, refund.id) != refund.id:
                raise reference_taken()

    def _write(self, change: Change) -> None:
        self._number_refunds(change)
        self.writes.append(change)
        self.add(change.payment)
        for reference in change.references:
            self._references.setdefault(reference, set()).add(change.payment.id)
        for refund in change.refunds:
            self._refunds[change.payment.id, refund.id] = refund
        self.events.write(change.events)
        if change.answered is not None:
            self.claims.keep_answered(change.answered)
        if change.uses_card:
            self._count_use(change.payment)

    def _count_use(self, payment: Payment) -> None:
        assert payment.customer_id is not None
        assert payment.saved_card is not None
        card = (payment.merchant_id, payment.environment, payment.customer_id, payment.saved_card)
        self.uses[card] = (self.uses.get(card, (0, None))[0] + 1, payment.completed_at)

    def _let_others_in(self) -> None:
        waiting, self._meanwhile = self._meanwhile, []
        for action in waiting:
            action()


def _place(payment: Payment) -> str:
    return f"{payment.created_at.isoformat(timespec='microseconds')}#{payment.id}"
