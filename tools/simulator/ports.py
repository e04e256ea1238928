"""The ports of the use cases with a storm in front of them, and the other side watched for calls made twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from shared.domain.abilities import Abilities
from shared.domain.answering import Takes
from shared.domain.card_data import CardData
from shared.domain.dispute import Dispute, Response
from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.ids import PaymentId, RefundId
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment, Wait
from shared.domain.psp_reference import PspReference
from shared.domain.refund import Refund
from shared.domain.saved_card import SavedCard
from shared.domain.statuses import Source
from shared.domain.voucher import Validation, Voucher, VoucherAbilities
from shared.ports.connectors import (
    CardGateway,
    CardStep,
    Gateways,
    Handed,
    Page,
    PageOutcome,
    PageRequest,
    VoucherProvider,
)
from shared.ports.disputes import DisputeDesk, DisputeDesks, Exhibit
from shared.ports.methods import Begun, MethodOutcome, MethodProvider
from shared.ports.payments import Change
from tools.simulator.kernel import MICRO, Process
from tools.simulator.storm import ASK, MONEY, SEND, STORE, WRITE, Errors, Fault, Result, ServiceError, Storm
from tools.testing.fakes import FakePayments
from tools.testing.far_sides.side import CardBook, CardFarSide

PENDING: Final = Answer(State.UNKNOWN)
NOT_SENT: Final = frozenset({"amount_not_representable"})  # the connector refused it itself
NOT_NOW: Final = "processing_error"  # an acquirer's own trouble: it does not move what is there
OF_AWS: Final = Errors(ServiceError, ServiceError)
OF_PORTS: Final = Errors(Unavailable, OutcomeUnknown)


@dataclass
class StormyPayments:
    """The port ``Payments``, as far as payment use cases need it. ``written`` hears of every write."""

    inner: FakePayments
    storm: Storm
    written: Callable[[Payment | None, Payment, Change | None], None]

    def get(self, payment_id: PaymentId) -> Payment:
        return self._call("get", lambda: self.inner.get(payment_id))

    def create(self, change: Change) -> Payment | None:
        return self._call("create", lambda: self._kept(None, change, self.inner.create))

    def save(self, change: Change) -> Payment | None:
        def act() -> Payment | None:
            return self._kept(self.inner.get(change.payment.id), change, self.inner.save)

        def another_first() -> Payment | None:
            there = self.inner.get(change.payment.id)
            self.inner.add(replace(there, client_secrets=there.client_secrets[-9:]))
            return act()

        return self.storm.call("payments.save", act, WRITE, OF_AWS, another_first)

    def take(self, payment_id: PaymentId, kind: Kind, now: datetime) -> tuple[Payment, bool]:
        def act() -> tuple[Payment, bool]:
            before = self.inner.get(payment_id)
            payment, taken = self.inner.take(payment_id, kind, now)
            if taken:
                self.written(before, payment, None)
            return payment, taken

        return self._call("take", act)

    def park(self, payment_id: PaymentId, wait: Wait, token: str, now: datetime) -> Payment | None:
        def act() -> Payment | None:
            before = self.inner.get(payment_id)
            refused = self.inner.park(payment_id, wait, token, now)
            if refused is None:
                self.written(before, self.inner.get(payment_id), None)
            return refused

        return self._call("park", act)

    def by_reference(self, reference: PspReference) -> list[PaymentId]:
        return self._call("by_reference", lambda: self.inner.by_reference(reference))

    def refunds(self, payment_id: PaymentId) -> list[Refund]:
        return self._call("refunds", lambda: self.inner.refunds(payment_id))

    def refund(self, payment_id: PaymentId, refund_id: RefundId) -> Refund:
        return self._call("refund", lambda: self.inner.refund(payment_id, refund_id))

    def due(self, now: datetime, limit: int) -> list[PaymentId]:
        return self._call("due", lambda: self.inner.due(now, limit))

    def _call(self, name: str, act: Callable[[], Result]) -> Result:
        return self.storm.call(f"payments.{name}", act, STORE, OF_AWS)

    def _kept(
        self, before: Payment | None, change: Change, write: Callable[[Change], Payment | None]
    ) -> Payment | None:
        there = write(change)
        if there is None:
            self.written(before, self.inner.get(change.payment.id), change)
        return there


class Stormy:
    """Any port with a storm in front of it. ``after`` is called when a call has had its effect."""

    def __init__(
        self,
        inner: object,
        name: str,
        storm: Storm,
        after: Callable[[], None],
        faults: tuple[Fault, ...] = STORE,
        errors: Errors = OF_AWS,
    ) -> None:
        self._inner, self._name, self._storm, self._after = inner, name, storm, after
        self._faults, self._errors = faults, errors

    def __getattr__(self, method: str) -> Callable[..., Any]:
        real = getattr(self._inner, method)

        def call(*given: Any, **named: Any) -> Any:
            def act() -> Any:
                result = real(*given, **named)
                self._after()
                return result

            return self._storm.call(f"{self._name}.{method}", act, self._faults, self._errors)

        return call


@dataclass
class OtherSide:
    """A card gateway or voucher provider behind the storm: takes calls, perhaps acts on them later.

    ``broken`` hears of a call that was sent again although nobody had asked what became of it.
    """

    name: str
    storm: Storm
    broken: Callable[[str], None]
    on_record: Callable[[str], bool] = lambda key: True
    pending: set[str] = field(default_factory=set)
    _sent: set[str] = field(default_factory=set)
    _asked: set[tuple[Process | None, str]] = field(default_factory=set)

    def send(self, method: str, key: str, act: Callable[[], Answer]) -> Answer:
        self._check(key)
        return self.storm.call(
            f"{self.name}.{method}",
            lambda: PENDING if key in self.pending else self._answered(act),
            MONEY,
            OF_PORTS,
            lambda: self._taken(key, act),
        )

    def ask(self, key: str, look_up: Callable[[], Answer | None]) -> Answer | None:
        def act() -> Answer | None:
            self._asked.add((self.storm.kernel.current, key))
            return PENDING if key in self.pending else look_up()

        return self.storm.call(f"{self.name}.lookup", act, ASK, OF_PORTS)

    def call(self, method: str, act: Callable[[], Result]) -> Result:
        return self.storm.call(f"{self.name}.{method}", act, SEND, OF_PORTS)

    def was_sent(self, key: str) -> bool:
        return key in self._sent

    def _check(self, key: str) -> None:
        if key in self._sent and (self.storm.kernel.current, key) not in self._asked:
            self.broken(f"{key} was sent again without asking what became of it")
        if not self.on_record(key):
            self.broken(f"{key} was sent and is not on record")
        self._sent.add(key)

    def _taken(self, key: str, act: Callable[[], Answer]) -> Answer:
        kernel = self.storm.kernel
        assert kernel.current is not None
        seconds = kernel.current.random.choice((3.0, 90.0, 4000.0, 200_000.0))
        self.pending.add(key)
        kernel.at(kernel.now + int(seconds * MICRO), lambda: self._act(key, act))
        return PENDING

    def _act(self, key: str, act: Callable[[], Answer]) -> None:
        self.pending.discard(key)
        self.storm.note(f"{self.name} acts on {key}")
        self.storm.last_trouble = self.storm.kernel.now
        try:
            act()
        except OutcomeUnknown:
            return

    def _answered(self, act: Callable[[], Answer]) -> Answer:
        """A card or voucher whose answers the sandbox loses by itself is trouble too."""
        try:
            return act()
        except OutcomeUnknown:
            self.storm.last_trouble = self.storm.kernel.now
            raise


class Watched(OtherSide):
    """An acquirer, whose storm is on the wire to it: here calls are watched alone."""

    def send(self, method: str, key: str, act: Callable[[], Answer]) -> Answer:
        self._check(key)
        return act()

    def ask(self, key: str, look_up: Callable[[], Answer | None]) -> Answer | None:
        self._asked.add((self.storm.kernel.current, key))
        return look_up()

    def call(self, method: str, act: Callable[[], Result]) -> Result:
        return act()


@dataclass(frozen=True, slots=True)
class StormyCard:
    """The port ``CardGateway``. ``closes`` is whether this gateway can close a page at all."""

    inner: CardGateway
    side: OtherSide
    closes: bool

    @property
    def abilities(self) -> Abilities:
        return replace(self.inner.abilities, closes_pages=self.closes)

    def open_page(self, request: PageRequest) -> Page:
        return self.side.call("open_page", lambda: self.inner.open_page(request))

    def page_outcome(self, payment: Payment) -> PageOutcome:
        return self.side.call("page_outcome", lambda: self.inner.page_outcome(payment))

    def close_page(self, payment: Payment) -> PageOutcome:
        close = self.inner.close_page if self.closes else self.inner.page_outcome
        return self.side.call("close_page", lambda: close(payment))

    def present_card(self, payment: Payment, card: CardData) -> CardStep:
        return self.side.call("present_card", lambda: self.inner.present_card(payment, card))

    def authenticate(self, payment: Payment, code: str | None) -> PageOutcome:
        return self.side.call("authenticate", lambda: self.inner.authenticate(payment, code))

    def recognise(self, payment: Payment, token: str) -> Handed:
        return self.side.call("recognise", lambda: self.inner.recognise(payment, token))

    def authorise(self, payment: Payment, operation: Operation) -> Answer:
        return self.side.send("authorise", operation.key, lambda: self.inner.authorise(payment, operation))

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        return self.side.send("capture", operation.key, lambda: self.inner.capture(payment, operation))

    def void(self, payment: Payment, operation: Operation) -> Answer:
        return self.side.send("void", operation.key, lambda: self.inner.void(payment, operation))

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        return self.side.send("refund", operation.key, lambda: self.inner.refund(payment, operation))

    def charge(self, payment: Payment, operation: Operation, token: str) -> Answer:
        return self.side.send("charge", operation.key, lambda: self.inner.charge(payment, operation, token))

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        return self.side.call("delete_token", lambda: self.inner.delete_token(card, token))

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        return self.side.ask(operation.key, lambda: self.inner.lookup(payment, operation))


@dataclass(frozen=True, slots=True)
class AcquirersCard(StormyCard):
    """At an acquirer: no call goes there that its book does not allow, and none is refused that it does."""

    far: CardFarSide

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        return self._watched(payment, operation, StormyCard.capture, lambda book: book.held.minor)

    def void(self, payment: Payment, operation: Operation) -> Answer:
        book, captures = self.far.book(payment), payment.done(Kind.CAPTURE)
        # One whose answer was lost told nothing of a rest, and some acquirers never do.
        knows = self.inner.abilities.tells_rest and all(capture.reference for capture in captures)
        if book.captured.minor and not book.held.minor and knows and not self.side.was_sent(operation.key):
            self.side.broken(f"{operation.key} is to release what was captured: {book}")
        return self._watched(payment, operation, StormyCard.void, lambda book: book.held.minor)

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        return self._watched(
            payment, operation, StormyCard.refund, lambda book: book.captured.minor - book.refunded.minor
        )

    def _watched(
        self,
        payment: Payment,
        operation: Operation,
        call: Callable[[StormyCard, Payment, Operation], Answer],
        there: Callable[[CardBook], int],
    ) -> Answer:
        """The answer, which is no refusal of what was there to be done before and is still."""
        before = there(self.far.book(payment))
        answer = call(self, payment, operation)
        after = self.far.book(payment)
        sent = answer.code not in (*NOT_SENT, NOT_NOW)
        if answer.state is State.REFUSED and sent and min(before, there(after)) >= operation.amount.minor:
            self.side.broken(f"{operation.key} is refused ({answer.code}), and the acquirer has {after}")
        return answer


@dataclass(frozen=True, slots=True)
class StormyVouchers:
    """The port ``VoucherProvider``."""

    inner: VoucherProvider
    side: OtherSide

    @property
    def abilities(self) -> VoucherAbilities:
        return self.inner.abilities

    def takes(self, otp: str) -> bool:
        return self.inner.takes(otp)

    def validate(self, payment: Payment, voucher: Voucher) -> Validation:
        return self.side.call("validate", lambda: self.inner.validate(payment, voucher))

    def release(self, payment: Payment, voucher: Voucher) -> None:
        self.side.call("release", lambda: self.inner.release(payment, voucher))

    def spend(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer:
        return self.side.send("spend", voucher.reference, lambda: self.inner.spend(payment, voucher, operation))

    def lookup(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer | None:
        asked = voucher.reference if operation.kind is Kind.VOUCHER_SPEND else operation.key
        return self.side.ask(asked, lambda: self.inner.lookup(payment, voucher, operation))

    def reverse(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer:
        return self.side.send("reverse", operation.key, lambda: self.inner.reverse(payment, voucher, operation))

    def notify(self, payment: Payment, voucher: Voucher) -> Answer:
        return self.side.call("notify", lambda: self.inner.notify(payment, voucher))


@dataclass(frozen=True, slots=True)
class StormyMethods:
    """The port ``MethodProvider``."""

    inner: MethodProvider
    side: OtherSide

    def begin(self, payment: Payment) -> Begun:
        return self.side.call("begin", lambda: self.inner.begin(payment))

    def outcome(self, payment: Payment) -> MethodOutcome:
        return self.side.call("outcome", lambda: self.inner.outcome(payment))

    def close(self, payment: Payment) -> MethodOutcome:
        return self.side.call("close", lambda: self.inner.close(payment))

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        return self.side.send("refund", operation.key, lambda: self.inner.refund(payment, operation))

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        return self.side.ask(operation.key, lambda: self.inner.lookup(payment, operation))


@dataclass(frozen=True, slots=True)
class WatchedDesk:
    """The port ``DisputeDesk`` of an acquirer, whose storm is on the wire."""

    inner: DisputeDesk
    side: Watched

    @property
    def takes(self) -> Takes:
        return self.inner.takes

    def answer(self, dispute: Dispute, response: Response, exhibits: Sequence[Exhibit]) -> Answer:
        return self.side.send("answer", _sent_as(response), lambda: self.inner.answer(dispute, response, exhibits))

    def accept(self, dispute: Dispute, response: Response) -> Answer:
        return self.side.send("accept", _sent_as(response), lambda: self.inner.accept(dispute, response))

    def lookup(self, dispute: Dispute, response: Response) -> Answer | None:
        return self.side.ask(_sent_as(response), lambda: self.inner.lookup(dispute, response))


def _sent_as(response: Response) -> str:
    assert response.sending is not None
    return response.sending.key


@dataclass(frozen=True, slots=True)
class WatchedDesks:
    """The port ``DisputeDesks``."""

    inner: DisputeDesks
    side: Watched

    def of(self, source: Source, gateway: str) -> DisputeDesk | None:
        desk = self.inner.of(source, gateway)
        return None if desk is None else WatchedDesk(desk, self.side)


@dataclass(frozen=True, slots=True)
class StormyGateways:
    """The port ``Gateways``."""

    inner: Gateways
    cards: OtherSide
    vouchers: OtherSide
    methods: OtherSide
    closes: bool
    acquirer: CardFarSide | None = None

    def card(self, payment: Payment | SavedCard) -> CardGateway:
        gateway = self.inner.card(payment)
        if self.acquirer is None:
            return StormyCard(gateway, self.cards, self.closes)
        return AcquirersCard(gateway, self.cards, gateway.abilities.closes_pages, self.acquirer)

    def voucher(self, payment: Payment, name: str) -> VoucherProvider:
        return StormyVouchers(self.inner.voucher(payment, name), self.vouchers)

    def method(self, payment: Payment) -> MethodProvider:
        return StormyMethods(self.inner.method(payment), self.methods)
