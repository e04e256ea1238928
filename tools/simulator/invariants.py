"""What must hold: at every write, and at rest against the gateway's and the provider's own books."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Final

from shared.adapters.card_gateways.sandbox_books import PAGE
from shared.adapters.card_gateways.sandbox_cards import CARDS
from shared.adapters.voucher_providers.sandbox import VOUCHER, voucher_id
from shared.domain.attention import CHARGE_RETURNED
from shared.domain.errors import GatewayError
from shared.domain.event import EventType
from shared.domain.operation import Kind, State
from shared.domain.payment import LEGAL_MOVES, MAX_EXECUTIONS, PAID, Mode, Payment, Status
from shared.domain.refund import CARD, Refund, RefundStatus
from shared.domain.voucher import Voucher, VoucherState
from shared.families.payglobe.payments import shown
from shared.ports.payments import Change
from shared.usecases.refund.refund_payment import preview_refund
from tools.simulator import at_acquirers, authorising, liveness
from tools.simulator.meal_vouchers import loses_nothing_unasked, pays_no_more_than_it_may
from tools.simulator.stage import Stage

MOST_OPERATIONS: Final = 150
COMPLETED: Final = EventType.CHECKOUT_ENDED
SECRETS: Final = ("sbxtok_", *CARDS)


def told(payment: Payment) -> str:
    """One line about a payment for a history."""
    operations = " ".join(f"{op.key.partition(':')[2]}={op.state}" for op in payment.operations)
    vouchers = " ".join(f"{v.reference[-2:]}={v.state}:{v.spend.minor}" for v in payment.vouchers)
    more = f" {payment.ending or ''} {payment.tender or ''} waits={payment.waiting} v{payment.version}"
    return f"{payment.status}{more} [{operations}] [{vouchers}] given={payment.given_back} {payment.attention or ''}"


# ---- at every write --------------------------------------------------------------------------------


def of_write(stage: Stage, before: Payment | None, after: Payment, change: Change | None) -> None:
    fail = stage.fail
    if after.captured.minor + after.spent.minor > after.amount.minor:
        fail(f"{after.id}: captured {after.captured} and spent {after.spent} of {after.amount}")
    if after.status in PAID and after.paid != after.due:
        fail(f"{after.id}: {after.status} with {after.paid} paid of {after.due}")
    if after.captured.minor + after.voided.minor > after.authorised.minor and after.mode.has_flow:
        fail(f"{after.id}: captured {after.captured} and voided {after.voided} of {after.authorised}")
    for tender, given in after.given_back.items():
        if not 0 <= given <= _paid_by(after, tender):
            fail(f"{after.id}: {given} given back of {_paid_by(after, tender)} paid by {tender}")
    if len(after.operations) > MOST_OPERATIONS:
        fail(f"{after.id}: {len(after.operations)} operations in its journal")
    if after.paid:
        _shows_what_can_be_refunded(stage, after)
    pays_no_more_than_it_may(stage, after)
    liveness.of_write(stage, before, after)
    authorising.of_write(stage, before, after)
    if before is not None:
        _pays_nobody_twice(stage, before, after)
        _moved(stage, before, after, change)


def _paid_by(payment: Payment, tender: str) -> int:
    if tender == CARD:
        return payment.captured.minor
    return sum(v.spend.minor for v in payment.vouchers if v.reference == tender and v.counts)


def _pays_nobody_twice(stage: Stage, before: Payment, after: Payment) -> None:
    """A refund leaves alone what a bank has taken back already, and on the card above all."""
    given = sum(after.given_back.values())
    if after.attention == CHARGE_RETURNED:
        return  # it did not choose to
    if given > sum(before.given_back.values()) and given + after.disputed > after.paid.minor:
        stage.fail(f"{after.id}: {given} given back of {after.paid}, {after.disputed} of it disputed")
    card = after.given_back.get(CARD, 0)
    if card > before.given_back.get(CARD, 0) and card + after.disputed > after.captured.minor:
        stage.fail(f"{after.id}: the card gets {card} of {after.captured}, {after.disputed} of it disputed")


def _shows_what_can_be_refunded(stage: Stage, payment: Payment) -> None:
    """The API's ``refundableAmount`` is what ``refund?preview=true`` would plan, or 0 where that refuses."""
    try:
        planned = sum((part for _, part in preview_refund(payment, None)), payment.amount.zero())
    except GatewayError:
        planned = payment.amount.zero()
    said = shown(payment, full=True)["refundableAmount"]
    if said != planned.major:
        stage.fail(f"{payment.id}: {said} is shown as refundable, a refund would plan {planned}")


def _moved(stage: Stage, before: Payment, after: Payment, change: Change | None) -> None:
    fail = stage.fail
    if after.status is not before.status and after.status not in LEGAL_MOVES[before.status]:
        fail(f"{after.id}: {before.status} became {after.status}")
    for old in before.operations:
        new = after.operation(old.key)
        if new is None or (not old.is_open and replace(new, provisional=old.provisional) != old):
            fail(f"{after.id}: operation {old.key} was {old.state} and is {new and new.state}")
    events = change.events if change else ()
    numbers = [event.sequence for event in events]
    if numbers != list(range(before.sequence + 1, before.sequence + 1 + len(events))):
        fail(f"{after.id}: events {numbers} after {before.sequence}")
    if after.sequence != before.sequence + len(events):
        fail(f"{after.id}: {len(events)} events and sequence {before.sequence} -> {after.sequence}")
    if _is_told(before, after) and not events:
        fail(f"{after.id}: {before.status} became {after.status} and no event tells it")


def _is_told(before: Payment, after: Payment) -> bool:
    """Every change of status is told, except into PROCESSING by a choice or a closing, which moves no money."""
    return after.status is not before.status and after.status is not Status.PROCESSING


# ---- at rest ---------------------------------------------------------------------------------------


def at_rest(stage: Stage) -> None:
    for name in stage.flow.running():
        stage.fail(f"execution {name} still runs")
    for payment in stage.payments.all():
        refunds = stage.payments.refunds(payment.id)
        _is_over(stage, payment, refunds)
        if stage.acquirer is not None:
            at_acquirers.agrees(stage, payment, refunds)
        elif payment.mode is not Mode.ALTERNATIVE:
            _card_agrees(stage, payment, refunds)
            _rest_ended(stage, payment)
        if payment.mode is not Mode.ALTERNATIVE:
            _hold_ended(stage, payment)
        _refunds_add_up(stage, payment, refunds)
        _is_told_in_order(stage, payment)
        _keeps_secrets(stage, payment)
    _vouchers_agree(stage)


def _is_over(stage: Stage, payment: Payment, refunds: list[Refund]) -> None:
    if not payment.is_final:
        stage.fail(f"{payment.id} is {payment.status} for ever: {told(payment)}")
    still_open = [op.key for op in payment.open_operations()] + list(payment.open_legs)
    still_open += [leg.operation.key for refund in refunds for leg in refund.open_legs]
    if still_open:
        stage.fail(f"{payment.id}: {still_open} stay open")
    if payment.executions > MAX_EXECUTIONS or payment.due_at is not None:
        stage.fail(f"{payment.id}: {payment.executions} executions, due {payment.due_at}")


def _card_agrees(stage: Stage, payment: Payment, refunds: list[Refund]) -> None:
    book, _ = stage.books.load(PAGE, payment.page_id)
    refunded = payment.sum_of(Kind.REFUND).minor
    for refund in refunds:
        done = [leg for leg in refund.legs if leg.tender == CARD and leg.operation.state is State.SUCCEEDED]
        refunded += sum(leg.operation.amount.minor for leg in done)
    ours = {
        "authorised": payment.authorised.minor,
        "captured": payment.captured.minor,
        "voided": payment.voided.minor,
        "refunded": refunded,
    }
    theirs = {name: book.get(name, 0) for name in ours}  # a charge that never arrived has no book
    if book and not book["captured"] and not payment.captured:
        theirs["voided"] += book["released"]  # by a capture that its bank returned, and which we never had
    authorising.with_what_a_person_knows(payment, theirs)
    if ours != theirs:
        stage.fail(f"{payment.id}: our books {ours}, the gateway's {theirs}")
    happened = [call["operation"] for call in book.get("calls", ()) if call.get("state") == "SUCCEEDED"]
    effects = Counter(operation for operation in happened if operation != "REFUND")
    for operation, times in effects.items():
        if times > 1:
            stage.fail(f"{payment.id}: {operation} had its effect {times} times")


def _hold_ended(stage: Stage, payment: Payment) -> None:
    if payment.holds_money and payment.attention is None:
        stage.fail(f"{payment.id}: a hold of {payment.authorised} was never ended and nobody is told")
    if payment.status in (Status.FAILED, Status.VOIDED, Status.CARD_CAPTURE_FAILED):
        kept = payment.taken.minor - payment.sum_of(Kind.REFUND).minor
        if kept and payment.attention is None:
            stage.fail(f"{payment.id}: {payment.status} and {kept} of the card's money is kept")


def _rest_ended(stage: Stage, payment: Payment) -> None:
    book, _ = stage.books.load(PAGE, payment.page_id)
    rest = book["authorised"] - book["captured"] - book["released"] - book["voided"] if book else 0
    if rest > 0 and payment.attention is None:
        stage.fail(f"{payment.id}: {rest} stays held at the gateway and nobody is told")


def _refunds_add_up(stage: Stage, payment: Payment, refunds: list[Refund]) -> None:
    given = sum(refund.given.minor for refund in refunds)
    reserved = given if payment.attention == CHARGE_RETURNED else sum(payment.given_back.values())
    if not given == payment.refunded == reserved or given > payment.paid.minor:
        stage.fail(
            f"{payment.id}: refunds gave {given}, counted {payment.refunded}, reserved {reserved} of {payment.paid}"
        )
    if (payment.status is Status.REFUNDED) != (given == payment.paid.minor and payment.status in PAID):
        stage.fail(f"{payment.id}: {payment.status} after {given} of {payment.paid}")
    for refund in refunds:
        if refund.status is not (RefundStatus.SUCCESS if refund.given else RefundStatus.FAILED):
            stage.fail(f"{payment.id}: refund {refund.id} is {refund.status} and gave {refund.given}")


def _is_told_in_order(stage: Stage, payment: Payment) -> None:
    events = [event for event in stage.payments.events.told if event.subject == payment.id]
    if [event.sequence for event in events] != list(range(1, payment.sequence + 1)):
        stage.fail(f"{payment.id}: events numbered {[event.sequence for event in events]} of {payment.sequence}")
    types = Counter(event.type for event in events)
    if types[COMPLETED] != 1:
        stage.fail(f"{payment.id}: {COMPLETED} was told {types[COMPLETED]} times")
    if types[EventType.PAID] != (payment.status in PAID):
        stage.fail(f"{payment.id}: {payment.status} and success told {types[EventType.PAID]} times")
    if types[EventType.VOIDED] != (payment.status is Status.VOIDED):
        stage.fail(f"{payment.id}: {payment.status} and cancellation told {types[EventType.VOIDED]} times")


def _keeps_secrets(stage: Stage, payment: Payment) -> None:
    if any(not voucher.otp.startswith("…") for voucher in payment.vouchers):
        stage.fail(f"{payment.id}: a voucher's code is kept in full at rest")
    text = f"{payment} {[event.facts for event in stage.payments.events.told]}"
    if any(secret in text for secret in SECRETS):
        stage.fail(f"{payment.id}: a card number or token is in the record or an event")


def _vouchers_agree(stage: Stage) -> None:
    """Each code's own book against all the payments that entered it."""
    ours: dict[str, dict[str, int]] = {}
    for payment in stage.payments.all():
        loses_nothing_unasked(stage, payment)
        for voucher in payment.vouchers:
            if voucher.state is not VoucherState.SPENT:
                continue
            kept = voucher.spend.minor - payment.given_back.get(voucher.reference, 0)
            ours.setdefault(voucher.serial_number, {})[voucher.reference] = kept
            _is_spent_rightly(stage, payment, voucher.reference)
            _knows_until_when(stage, payment, voucher)
    if stage.issuers is not None:
        _issuers_agree(stage, ours)
        return
    theirs: dict[str, dict[str, int]] = {}
    for book in _voucher_books(stage):
        used = {reference: minor for reference, minor in book["uses"].items() if minor}
        if used:
            theirs.setdefault(book["serial"], {}).update(used)
        if sum(used.values()) > book["value"] or len(used) > 1:
            stage.fail(f"voucher {book['serial']} worth {book['value']} is used for {used}")
    ours = {serial: used for serial, uses in ours.items() if (used := {r: m for r, m in uses.items() if m})}
    if ours != theirs:
        stage.fail(f"vouchers: our books {ours}, the provider's {theirs}")


def _issuers_agree(stage: Stage, ours: dict[str, dict[str, int]]) -> None:
    """The issuers' books say how much of a voucher is spent, and not by whom."""
    assert stage.issuers is not None
    theirs = {ticket.serial: ticket.used for ticket in stage.issuers.tickets if ticket.used}
    known = {serial: sum(used.values()) for serial, used in ours.items() if sum(used.values())}
    if known != theirs:
        stage.fail(f"vouchers: our books {known}, the issuers' {theirs}")


def _knows_until_when(stage: Stage, payment: Payment, voucher: Voucher) -> None:
    """What a preview says of the time in which a voucher goes back is what its issuer goes by."""
    tickets = stage.issuers.tickets if stage.issuers is not None else []
    theirs = next((ticket.returns_until for ticket in tickets if ticket.serial == voucher.serial_number), None)
    if (ours := payment.reversible_until(voucher)) != theirs:
        stage.fail(f"{payment.id}: voucher {voucher.serial_number} goes back until {theirs}, we say {ours}")


def _is_spent_rightly(stage: Stage, payment: Payment, reference: str) -> None:
    """A spent voucher is in a successful payment, or its provider refused to take it back and everybody sees it."""
    if payment.status in PAID:
        return
    refused = [op for op in payment.operations if op.kind is Kind.VOUCHER_REVERSE and op.state is State.REFUSED]
    if payment.attention != "VOUCHER_NOT_REVERSED" or reference not in {op.voucher for op in refused}:
        stage.fail(f"{payment.id}: {payment.status} and voucher {reference} stays spent, unseen")


def _voucher_books(stage: Stage) -> list[dict[str, Any]]:
    otps = {otp for plan in stage.scenario.plans for choice in plan.choices for otp in choice.otps}
    owners = {(payment.merchant_id, payment.environment) for payment in stage.payments.all()}
    found = [
        stage.books.load(VOUCHER, voucher_id(merchant, environment, otp))[0]
        for otp in sorted(otps)
        for merchant, environment in owners
    ]
    return [book for book in found if book]
