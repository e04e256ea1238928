"""Mistakes in what comes after a payment: refunds, late money, payment links, saved cards, disputes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shared.domain import dispute_course
from shared.domain.dispute import CLOSED
from shared.domain.payment import Payment
from shared.domain.refund import plan, refundable_amount
from shared.families.payglobe import payments
from shared.usecases.card import charge_card, forget_tokens
from shared.usecases.dispute import change_dispute, take_notice
from shared.usecases.housekeeping import look_after_payments
from shared.usecases.link import look_after_links, settle_link
from shared.usecases.method import return_surplus
from shared.usecases.payment import record_card_outcome, release_late
from shared.usecases.payment.changing import Decision
from shared.usecases.refund import refund_payment

Patches = list[tuple[Any, str, Any]]  # (object, attribute, replacement)


def refund_without_reservation() -> Patches:
    original = refund_payment._reserved

    def reserved(current: Any, *given: Any) -> Any:
        refund, kept = original(current, *given)
        return refund, replace(kept, given_back={**dict.fromkeys(kept.given_back, 0), **current.given_back})

    return [(refund_payment, "_reserved", reserved)]


def refused_refund_keeps_its_reservation() -> Patches:
    original = refund_payment._settled

    def settled(current: Any, *given: Any) -> Any:
        decision = original(current, *given)
        if decision is None:
            return None
        return replace(decision, payment=replace(decision.payment, given_back=current.given_back))

    return [(refund_payment, "_settled", settled)]


def late_payment_kept() -> Patches:
    return [(release_late, "late_operation", lambda current: None)]


def late_release_raced() -> Patches:
    original = release_late.release_late

    def release(current: Any, *, world: Any, ask_first: bool) -> Any:
        return original(current, world=world, ask_first=False)

    return [(record_card_outcome, "release_late", release), (look_after_payments, "release_late", release)]


def payment_outlives_its_link() -> Patches:
    return [(Payment, "open_until", lambda self, moment: replace(self, expires_at=moment))]


def link_ends_under_its_payment() -> Patches:
    return [(look_after_links, "is_completing", lambda current: False)]


def payment_of_a_dead_link_kept() -> Patches:
    kept = (settle_link, "send_back", lambda current, reason, *, world: current)
    return [kept, *link_ends_under_its_payment()]


def charge_called_never_made() -> Patches:
    return [(charge_card, "ask", lambda look_up, operation: None)]


def token_called_deleted() -> Patches:
    def forget(discard: Any, *, world: Any, cards: Any, vault: Any) -> bool:
        cards.discarded(discard)
        return True

    return [(forget_tokens, "forget", forget)]


def use_of_a_card_not_counted() -> Patches:
    original = charge_card._closed

    def closed(*given: Any) -> Any:
        decision = original(*given)
        return decision and replace(decision, uses_card=False)

    return [(charge_card, "_closed", closed)]


def disputed_amount_refunded() -> Patches:
    def refundable(payment: Any, wanted: Any) -> Any:
        return refundable_amount(replace(payment, disputed=0), wanted)

    return [(refund_payment, "refundable_amount", refundable), *disputed_card_refunded()]


def disputed_card_refunded() -> Patches:
    return [(refund_payment, "plan", lambda payment, amount: plan(replace(payment, disputed=0), amount))]


def disputed_amount_shown() -> Patches:
    original = payments._details
    return [(payments, "_details", lambda payment: original(replace(payment, disputed=0)))]


def dispute_holds_nothing() -> Patches:
    return [(change_dispute, "_of_payment", lambda before, after, now, world: None)]


def chargeback_told_again() -> Patches:
    original = change_dispute._charged_back
    return [(change_dispute, "_charged_back", lambda payment: original(replace(payment, charged_back=False)))]


def chargeback_not_told() -> Patches:
    return [(change_dispute, "_charged_back", Decision)]


def return_not_told() -> Patches:
    return [(module, "returned", lambda operation: ()) for module in (release_late, return_surplus)]


def lost_dispute_lets_go() -> Patches:
    original = dispute_course._holding

    def holding(dispute: Any, payment: Any) -> Any:
        held = original(dispute, payment)
        return replace(held, held=0) if held.last.status in CLOSED else held

    return [(dispute_course, "_holding", holding)]


def late_message_counts() -> Patches:
    original = dispute_course.heard

    def heard(dispute: Any, notice: Any, payment: Any, now: Any) -> Any:
        return original(dispute, replace(notice, happened_at=now), payment, now)

    return [(take_notice, "heard", heard)]
