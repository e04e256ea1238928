"""Give money back: reserve it, send one operation per tender, write what came of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from shared.domain import ids
from shared.domain.attention import with_unknown
from shared.domain.errors import InProgress, NotFound, Refused, VoucherNotDivisible
from shared.domain.event import EventType, RefundFacts
from shared.domain.ids import PaymentId, RefundId
from shared.domain.money import Money, total
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import MOST_REFUNDS, Mode, Payment, Status
from shared.domain.record import dataclass
from shared.domain.refund import CARD, Leg, Refund, RefundStatus, plan, refundable_amount
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, Told, change
from shared.usecases.payment.operating import ask, send


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the caller said of a refund, beside how much."""

    id: RefundId
    reason: str
    reference: str
    alone: bool
    by: str


def refund_payment(
    payment_id: PaymentId,
    amount: Money | None,
    reason: str,
    *,
    world: World,
    seed: bytes,
    repeated: bool = False,
    reference: str = "",
    alone: bool = False,
    by: str = "",
) -> tuple[Payment, Refund]:
    """Refund ``amount``, or all that is left. The amount is reserved before anything is sent.

    ``reference`` is the merchant's own number of it, ``by`` who asks. ``alone`` refuses it while another is under
    way. ``repeated`` marks an Idempotency-Key that was taken over from a call that died: its refund is gone on with.
    Raises IllegalTransition, Conflict or InvalidAmount when nothing can be refunded, InProgress while another is
    under way, Refused when every leg was refused. A leg whose answer was lost stays open and keeps its reservation:
    status PENDING.
    """
    refund_id = ids.refund_id_of(payment_id, seed)
    payment = world.payments.get(payment_id)
    begun = _begun(payment_id, refund_id, world) if repeated else None
    if begun is not None:
        payment, refund = settle_refund(payment, begun, world=world, ask_first=True)
    else:
        payment, refund = _begin(payment, amount, _Wanted(refund_id, reason, reference, alone, by), world)
    if refund.status is RefundStatus.FAILED:
        raise refusal(refund)
    return payment, refund


def _begun(payment_id: PaymentId, refund_id: RefundId, world: World) -> Refund | None:
    """The refund that a call which died had reserved, if it came that far."""
    try:
        return world.payments.refund(payment_id, refund_id)
    except NotFound:
        return None


def _begin(payment: Payment, amount: Money | None, wanted: _Wanted, world: World) -> tuple[Payment, Refund]:
    reserved: list[Refund] = []

    def reserve(current: Payment, now: datetime) -> Decision:
        if wanted.alone and current.open_legs:
            raise InProgress("another refund of this payment is being processed", code="refund_in_progress")
        refund, kept = _reserved(current, refundable_amount(current, amount), wanted, now)
        reserved[:] = [refund]
        return Decision(kept, refunds=[refund])

    payment = change(payment, reserve, world=world)
    return settle_refund(payment, reserved[0], world=world, ask_first=False)


def ask_once(payment: Payment, refund: Refund, *, world: World) -> tuple[Payment, Refund]:
    """What became of the legs whose answers were lost just now. Nothing is sent again: that is housekeeping's.

    Raises Refused when every leg was refused.
    """
    answers: dict[str, Answer] = {}
    for leg in refund.open_legs:
        answer = ask(_calls(payment, leg, world)[1], leg.operation)
        known = answer is not None and answer.state is not State.UNKNOWN and answer.final
        if answer is not None and (known or answer.for_a_person):
            answers[leg.operation.key] = answer
    payment, refund = _written(payment, refund, answers, world)
    if refund.status is RefundStatus.FAILED:
        raise refusal(refund)
    return payment, refund


def settle_refund(payment: Payment, refund: Refund, *, world: World, ask_first: bool) -> tuple[Payment, Refund]:
    """Send the refund's open legs and write the answers. ``ask_first`` for whoever did not write them just now."""
    answers: dict[str, Answer] = {}
    # Whoever wrote a leg that is asked about first may have sent it.
    legs = [_taken_up(leg, world.now()) if ask_first else leg for leg in refund.open_legs]
    for leg in legs:
        call, look_up = _calls(payment, leg, world)
        answer = ask(look_up, leg.operation) if ask_first else None
        answers[leg.operation.key] = answer if answer is not None else send(call)
    return _written(payment, refund, answers, world)


def _written(payment: Payment, refund: Refund, answers: dict[str, Answer], world: World) -> tuple[Payment, Refund]:
    if not answers:
        return payment, refund
    stored = [refund]

    def settle(current: Payment, now: datetime) -> Decision | None:
        # Another call may have closed some legs since; the reservation list of the payment is the judge.
        latest = world.payments.refund(current.id, refund.id) if current.version != payment.version else refund
        stored[:] = [latest]
        decision = _settled(current, latest, answers, now)
        if decision is not None:
            stored[:] = list(decision.refunds)
        return decision

    payment = change(payment, settle, world=world)
    return payment, stored[0]


def _taken_up(leg: Leg, now: datetime) -> Leg:
    return replace(leg, operation=replace(leg.operation, taken_at=now))


def settle_refunds(payment: Payment, *, world: World) -> Payment:
    """Ask about every refund that is open, but for those that another call may be sending at this moment."""
    for refund_id in dict.fromkeys(key.partition("/")[0] for key in payment.open_legs):
        refund = world.payments.refund(payment.id, RefundId(refund_id))
        now = world.now()
        if not any(leg.operation.is_someone_elses(now) for leg in refund.open_legs):
            payment, _ = settle_refund(payment, refund, world=world, ask_first=True)
    return payment


def preview_refund(payment: Payment, amount: Money | None) -> list[tuple[str, Money]]:
    """What a refund would give back to which tender: "card" or a voucher's reference."""
    return plan(payment, refundable_amount(payment, amount))


def refusal(refund: Refund) -> Refused | VoucherNotDivisible:
    """The error of a refund of which nothing was given back."""
    operation = refund.refused[0].operation
    message = operation.message or "The refund was refused"
    if operation.code == VoucherNotDivisible.code:
        return VoucherNotDivisible(message)
    return Refused(message, code=operation.code or "refund_refused")


def _reserved(payment: Payment, amount: Money, wanted: _Wanted, now: datetime) -> tuple[Refund, Payment]:
    number = payment.refund_count + 1
    legs = tuple(_leg(payment, number, tender, part, now) for tender, part in plan(payment, amount))
    given = dict(payment.given_back)
    for leg in legs:
        given[leg.tender] = given.get(leg.tender, 0) + leg.operation.amount.minor
    kept = replace(
        payment,
        given_back=given,
        refund_count=number,
        refunds=(*payment.refunds, wanted.id)[-MOST_REFUNDS:],
        open_legs=(*payment.open_legs, *(f"{wanted.id}/{leg.operation.key}" for leg in legs)),
    )
    refund = Refund(
        wanted.id,
        number,
        amount,
        wanted.reason,
        legs,
        created_at=now,
        payment_id=payment.id,
        customer_id=payment.customer_id,
        reference=wanted.reference,
        by=wanted.by,
    )
    return refund, kept


def _leg(payment: Payment, number: int, tender: str, part: Money, now: datetime) -> Leg:
    kind = Kind.REFUND if tender == CARD else Kind.VOUCHER_REVERSE
    n = number if tender == CARD else f"R{number}-{tender.rpartition(':')[2]}"
    voucher = None if tender == CARD else tender
    return Leg(tender, Operation(payment.key(kind, n), kind, part, State.PENDING, started_at=now, voucher=voucher))


def _calls(payment: Payment, leg: Leg, world: World) -> tuple[Callable[[], Answer], Callable[[], Answer | None]]:
    operation = leg.operation
    if leg.tender == CARD:
        by_method = payment.mode is Mode.ALTERNATIVE
        gateway = world.gateways.method(payment) if by_method else world.gateways.card(payment)
        return (
            lambda: gateway.refund(payment, operation),
            lambda: gateway.lookup(payment, operation),
        )
    from shared.usecases.payment.issuers import calls_to_reverse  # what a card alone paid asks no issuer

    calls = calls_to_reverse(payment, world.gateways)
    return (lambda: calls.send(operation), lambda: calls.look_up(operation))


def _settled(payment: Payment, refund: Refund, answers: dict[str, Answer], now: datetime) -> Decision | None:
    mine = [leg for leg in refund.open_legs if f"{refund.id}/{leg.operation.key}" in payment.open_legs]
    mine = [leg for leg in mine if leg.operation.key in answers]
    if not mine:
        return None
    given = dict(payment.given_back)
    before, newly = [leg.operation for leg in mine], 0
    closed_legs: set[str] = set()
    returned: list[Leg] = []
    for leg in mine:
        operation = leg.operation.closed(answers[leg.operation.key], now)
        refund = refund.with_operation(operation)
        if operation.is_open:
            continue
        closed_legs.add(f"{refund.id}/{operation.key}")
        if operation.state is State.SUCCEEDED:
            newly += operation.amount.minor
            returned.append(leg)
        else:
            given[leg.tender] -= operation.amount.minor
    payment = replace(
        payment,
        given_back=given,
        refunded=payment.refunded + newly,
        refunded_at=now if newly else payment.refunded_at,
        open_legs=tuple(key for key in payment.open_legs if key not in closed_legs),
    )
    after = [leg.operation for leg in refund.legs if leg.operation.key in answers]
    payment = with_unknown(payment, before, after, now)
    refund = _concluded(refund, now)
    if not newly:
        failed = [_told(payment, refund, [])] if refund.status is RefundStatus.FAILED else []
        return Decision(payment, failed, [refund], looked=not closed_legs)
    full = payment.refunded == payment.paid.minor
    payment = payment.moved(Status.REFUNDED if full else Status.PARTIALLY_REFUNDED, now)
    return Decision(payment, [_told(payment, refund, returned)], [refund])


def _concluded(refund: Refund, now: datetime) -> Refund:
    if refund.open_legs:
        return refund
    status = RefundStatus.SUCCESS if refund.given else RefundStatus.FAILED
    return replace(refund, status=status, settled_at=now)


def _told(payment: Payment, refund: Refund, returned: Sequence[Leg]) -> Told:
    """``returned`` are the legs that arrived just now; none: the refund came to nothing."""
    amount = total([leg.operation.amount for leg in returned], payment.amount)
    so_far = Money(payment.refunded, payment.amount.currency)
    facts = RefundFacts(
        refund.id,
        amount,
        so_far,
        payment.paid - so_far,
        refund.reason,
        asked=refund.amount,
        status=refund.status,
        created_at=refund.created_at,
        settled_at=refund.settled_at,
        reference=refund.reference,
        vouchers=_by_issuer(payment, returned),
        continued=amount < refund.given,
    )
    return Told(EventType.REFUNDED if returned else EventType.REFUND_FAILED, Kind.REFUND, facts)


def _by_issuer(payment: Payment, returned: Sequence[Leg]) -> dict[str, Money]:
    """What went back to vouchers, by whose they are."""
    issuers = {voucher.reference: payment.issuer_of(voucher) for voucher in payment.vouchers}
    found: dict[str, Money] = {}
    for leg in returned:
        if issuer := issuers.get(leg.tender):
            found[issuer] = found.get(issuer, payment.amount.zero()) + leg.operation.amount
    return found
