"""Where a payment stands in its flow: what to do next, what a parked machine is told, when to look again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from shared.domain.attention import OUTCOME_UNKNOWN
from shared.domain.method_course import is_waiting, method_is_watched
from shared.domain.operation import Kind, Operation, State
from shared.domain.payment import AWAITING_CARD, AWAITING_CHOICE, Ending, Mode, Payment, Status, Tender, Wait
from shared.domain.voucher import VoucherState

LATE = "late"  # the number of an operation that gives back what came after the end
REST = "rest"  # the number of the release of what a capture left held
FLOW_NOTIFY_TRIES = 3  # in the flow; after that housekeeping keeps notifying
FLOW_NOTIFY_TIME = timedelta(seconds=30)  # or for so long: waits double, and the third try may be an hour away
FIRST_LOOK = timedelta(seconds=60)
LONGEST_LOOK = timedelta(hours=1)
PAGE_WATCH = timedelta(days=1)  # how long a page that its gateway could not close is asked about after the end
PATIENCE = timedelta(seconds=60)  # a woken machine writes within seconds, one whose step keeps dying within 30

KIND_OF_STEP: Final = {  # what each of them writes and sends
    "validate": Kind.VOUCHER_VALIDATE,
    "spend": Kind.VOUCHER_SPEND,
    "notify": Kind.VOUCHER_NOTIFY,
    "restore": Kind.VOUCHER_REVERSE,
    "capture": Kind.CAPTURE,
    "void": Kind.VOID,
}


def where(payment: Payment) -> str:
    """The word for the step a machine that knows nothing should go on with."""
    if payment.mode is Mode.ALTERNATIVE:
        return "done"  # its steps are its provider's
    if payment.status in AWAITING_CARD:
        return "close" if payment.ending else "await_preauth"
    if payment.status in AWAITING_CHOICE:
        return "await_choice"
    if payment.status is Status.CARD_CAPTURE_FAILED:
        return "restore" if to_restore(payment) else ("void" if releases(payment) else "done")
    if payment.status is not Status.PROCESSING:
        return "void" if releases(payment) else "done"
    if payment.ending or payment.tender is Tender.VOID:
        return "notify" if _covered_untold(payment) else "void"
    if payment.tender is Tender.VOUCHERS:
        return _voucher_step(payment)
    return "capture"


def _covered_untold(payment: Payment) -> bool:
    return payment.tender is Tender.VOUCHERS and bool(to_notify(payment)) and not notify_given_up(payment)


def _voucher_step(payment: Payment) -> str:
    states = {voucher.state for voucher in payment.attempt_vouchers}
    if VoucherState.ENTERED in states:
        return "validate"
    if VoucherState.VALID in states:
        return "spend"
    if VoucherState.REFUSED in states:
        return "restore"
    if to_notify(payment) and not notify_given_up(payment):
        return "notify"
    return "capture" if payment.to_capture else "void"


def to_restore(payment: Payment) -> list[str]:
    """References of vouchers whose spending must be given back now, and whose provider has not refused that."""
    refused = {
        op.voucher for op in payment.operations if op.kind is Kind.VOUCHER_REVERSE and op.state is State.REFUSED
    }
    spent = payment.attempt_vouchers if payment.status is Status.PROCESSING else payment.vouchers
    return [v.reference for v in spent if v.counts and v.reference not in refused]


def to_notify(payment: Payment) -> list[str]:
    return [v.reference for v in payment.vouchers if v.counts and not v.notified]


def kept_by_provider(payment: Payment) -> bool:
    """Whether a voucher stays spent because its provider refused to take it back."""
    refused = {
        op.voucher for op in payment.operations if op.kind is Kind.VOUCHER_REVERSE and op.state is State.REFUSED
    }
    return any(v.counts and v.reference in refused for v in payment.vouchers)


def notify_given_up(payment: Payment) -> bool:
    """Whether the flow tried often or long enough and leaves the rest to housekeeping."""
    tried = payment.open_operations(Kind.VOUCHER_NOTIFY)
    return bool(tried) and all(_notified_in_vain(op) for op in tried)


def _notified_in_vain(operation: Operation) -> bool:
    lasted = operation.asked_at - operation.started_at if operation.asked_at else timedelta()
    return operation.asks >= FLOW_NOTIFY_TRIES or lasted >= FLOW_NOTIFY_TIME


def releases(payment: Payment) -> bool:
    """Whether a hold is still to be released by the flow: a refused void is final and visible, a late one not its."""
    return payment.holds_money and not any(
        op.kind is Kind.VOID and (op.state is State.REFUSED or op.key.endswith(f":{LATE}"))
        for op in payment.operations
    )


def wake_word(payment: Payment, wait: Wait, now: datetime) -> str | None:
    """What a machine parked for ``wait`` is to be told now; None while it has to go on waiting."""
    over = payment.ending is not None or payment.is_expired(now)
    if wait is Wait.PREAUTH and payment.status in AWAITING_CARD:
        return "close" if over else None
    if wait is Wait.CHOICE and payment.status in AWAITING_CHOICE:
        return "close" if over else None
    if wait is Wait.PREAUTH and payment.status in AWAITING_CHOICE:
        return "preauthorized"
    chosen = payment.status is Status.PROCESSING and payment.ending in (None, Ending.VOIDED)
    if wait is Wait.CHOICE and payment.tender is not None and chosen:
        return payment.tender.value.lower()
    return "close"


def needs_flow(payment: Payment) -> bool:
    """Whether a running execution has to exist for this payment."""
    return payment.mode.has_flow and where(payment) != "done"


def next_step(payment: Payment, now: datetime) -> str | None:
    """The word of the step that is to be made now; None while the payment waits for somebody, or is done."""
    if payment.mode is Mode.ALTERNATIVE:
        return None
    if payment.status in AWAITING_CARD or payment.status in AWAITING_CHOICE:
        return "close" if payment.ending or payment.is_expired(now) else None
    word = where(payment)
    return None if word == "done" else word


def is_parked(payment: Payment) -> bool:
    """Whether, by the record, a machine waits for exactly what the payment waits for."""
    if payment.status in AWAITING_CARD:
        return payment.waiting is Wait.PREAUTH
    return payment.status in AWAITING_CHOICE and payment.waiting is Wait.CHOICE


def owed_since(payment: Payment, now: datetime) -> datetime:
    """Since when its next step is owed: since it was heard of, or since its deadline when that alone ends it."""
    since = payment.heard_at or payment.created_at
    by_time = next_step(payment, now) == "close" and payment.ending is None
    return max(since, payment.expires_at) if by_time else since


def silent_from(payment: Payment, now: datetime) -> datetime | None:
    """From when on nobody can be at work on this payment who has not been heard of since.

    A step that is due is made at once, or as long after a lost answer as its operation waits to be asked about. None
    while nobody has to be heard of: the payment is done, or a machine is parked for what it waits for.
    """
    word = next_step(payment, now)
    if not needs_flow(payment) or (word is None and is_parked(payment)):
        return None
    since = owed_since(payment, now)
    kind = KIND_OF_STEP.get(word or "")
    # A capture may be followed by the refund of what was captured beyond what was owed.
    kinds = (kind, Kind.REFUND) if kind is Kind.CAPTURE else (kind,)
    asks = [_next_ask(operation, since) for operation in payment.open_operations(*kinds)] if kind else []
    return max(since, min(asks, default=since)) + PATIENCE


def _next_ask(operation: Operation, since: datetime) -> datetime:
    """When it is asked about next; one that somebody has just taken up, or nobody asked about yet, at once."""
    return operation.asked_at + timedelta(seconds=operation.wait_seconds) if operation.asked_at else since


def page_is_watched(payment: Payment) -> bool:
    """Whether the customer may still pay on the page of a payment that has ended, and nobody might tell us."""
    has_page = payment.saved_card is None and payment.mode is not Mode.ALTERNATIVE
    unpaid = payment.status is Status.FAILED and not payment.done(Kind.PREAUTH, Kind.SALE)
    return has_page and unpaid and not payment.page_settled


def owes(payment: Payment) -> bool:
    """Whether money is to go back to the customer and no refund of it is under way."""
    if payment.unwanted is None or payment.attention not in (None, OUTCOME_UNKNOWN) or payment.open_legs:
        return False
    return bool(payment.refundable)


def _again(since: datetime, now: datetime) -> datetime:
    """When to try again what was due ``since``: after as long again, between a minute and an hour."""
    return now + min(max(now - since, FIRST_LOOK), LONGEST_LOOK)


def next_look(payment: Payment, now: datetime) -> datetime | None:
    """When housekeeping looks at this payment again; None when nothing can be left to do."""
    silent = silent_from(payment, now) if next_step(payment, now) else None
    if silent is not None:
        return silent if silent > now else _again(silent, now)  # until then somebody may be at work on it
    later = now + min(FIRST_LOOK * (1 << min(payment.looks, 10)), LONGEST_LOOK)
    if payment.open_operations() or payment.open_legs:
        if payment.status not in AWAITING_CARD:
            return later
        # However often it was asked about before, its end is owed from the deadline on.
        ends = payment.expires_at
        return min(later, ends if now < ends else _again(ends, now))
    if payment.is_final:
        watched = page_is_watched(payment) or method_is_watched(payment)
        loose = needs_flow(payment) or to_notify(payment) or watched or owes(payment) or payment.owes_difference
        if not loose and payment.provisional:
            return now + LONGEST_LOOK
        return later if loose else None
    if now >= payment.expires_at:
        return _again(payment.expires_at, now)
    if payment.status in AWAITING_CHOICE and payment.waiting is Wait.CHOICE:
        return payment.expires_at  # the machine is parked: only the deadline is left to watch
    if payment.status in AWAITING_CARD or payment.status in AWAITING_CHOICE or is_waiting(payment):
        return min(later, payment.expires_at)
    return later
